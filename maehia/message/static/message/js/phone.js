// The demo's phone looks every two seconds whether something new stands in the chat; a form needs no script.
const phone = document.querySelector("[data-phone]");
const chat = phone.querySelector("[data-bubbles]");
const last = () => chat.querySelector("[data-last]")?.dataset.last;

function toEnd() {
  const line = chat.querySelector(".phone-line");
  line.scrollTop = line.scrollHeight;
}

async function look() {
  if (document.hidden || chat.contains(document.activeElement)) return;
  const answer = await fetch(phone.dataset.chat, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (found.querySelector("[data-last]")?.dataset.last === last()) return;
  chat.replaceChildren(...found.body.childNodes);
  toEnd();
}

phone.addEventListener("click", (event) => {
  const name = event.target.closest("[data-open]")?.dataset.open;
  if (!name) return;
  event.preventDefault();
  const field = phone.querySelector(`#${name}`);
  field.closest("details").open = true;
  field.focus();
});

toEnd();
setInterval(() => look().catch(() => {}), 2000);
