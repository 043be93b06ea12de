// Behind the secret link: copy, print, and the photos before and after laid over each other. All of it works without.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const words = button.querySelector("span");
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.select();
      document.execCommand("copy");
    }
    words.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const make = (tag, css, attributes = {}) => Object.assign(document.createElement(tag), { className: css, ...attributes });

/** Two photos of one place: the later one is uncovered from the right. */
function slider(box) {
  const { before, after, beforeWord, afterWord, label } = box.dataset;
  const frame = make("div", "slider-frame");
  const bar = make("span", "bar");
  const range = make("input", "", { type: "range", min: 0, max: 100, value: 50 });
  range.setAttribute("aria-label", label);
  frame.append(
    make("img", "", { src: before, alt: beforeWord }), make("img", "top-shot", { src: after, alt: afterWord }), bar,
    make("span", "side left", { textContent: beforeWord }), make("span", "side right", { textContent: afterWord }),
  );
  range.addEventListener("input", () => box.style.setProperty("--at", `${range.value}%`));
  box.append(frame, range);
  box.hidden = false;
}

for (const box of document.querySelectorAll("[data-slider]")) slider(box);
