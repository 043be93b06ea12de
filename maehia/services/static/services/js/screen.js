// The wall screen: asks for its part every few seconds without a reload, and speaks new calls when somebody asked for it.

const main = document.querySelector("[data-wall]");
const EVERY = 4000;
const spoken = new Set(keys());
let loud = false;

function keys() {
  return [...document.querySelectorAll("[data-call]")].map((line) => line.dataset.call);
}

async function ask() {
  try {
    const answer = await fetch(`${location.pathname}?part=1`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#hall");
    document.getElementById("hall").replaceWith(part);
    main.dataset.asOf = part.dataset.asOf;
    announce();
  } catch { /* the page goes grey by itself when nothing comes */ }
}

function announce() {
  for (const line of [...document.querySelectorAll("[data-call]")].reverse()) {
    if (spoken.has(line.dataset.call)) continue;
    spoken.add(line.dataset.call);
    if (loud) say(line.dataset.say);
  }
}

function say(words) {
  const spokenWords = new SpeechSynthesisUtterance(words);
  spokenWords.lang = document.documentElement.lang === "en" ? "en-US" : "th-TH";
  speechSynthesis.speak(spokenWords);
}

const button = document.querySelector("[data-speak]");
if (button && "speechSynthesis" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    loud = !loud;
    button.setAttribute("aria-pressed", String(loud));
    if (loud) say(button.dataset.speak);
    else speechSynthesis.cancel();
  });
}
setInterval(ask, EVERY);
