// The pair page by keyboard: s same, n never, u not sure; arrows to look at the pairs beside. Also with a Thai keyboard.

const THAI = { "ห": "s", "ื": "n", "ี": "u" }; // the same keys in the Kedmanee layout

const form = document.querySelector("[data-keys]");

function inField(target) {
  return target.closest("input, textarea, select, [contenteditable], summary, dialog[open]") !== null;
}

function letter(event) {
  const key = event.key.toLowerCase();
  return THAI[key] ?? key;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || inField(event.target)) return;
  if (event.key === "ArrowLeft") document.querySelector(".pair-nav [rel=prev]")?.click();
  if (event.key === "ArrowRight") document.querySelector(".pair-nav [rel=next]")?.click();
  const button = form?.querySelector(`[data-key="${CSS.escape(letter(event))}"]`);
  if (!button || form.dataset.sent) return;
  event.preventDefault();
  form.dataset.sent = "1"; // one answer per pair, however fast the keys
  form.requestSubmit(button);
});

addEventListener("pageshow", () => { if (form) delete form.dataset.sent; });
