// The pair page by keyboard: s same, n never, u not sure; arrows to look at the pairs beside.

const form = document.querySelector("[data-keys]");

function inField(target) {
  return target.closest("input, textarea, select, [contenteditable], summary, dialog[open]") !== null;
}

/** The letter of a key; with a Thai keyboard, the Latin letter printed on the same key. */
function letter(event) {
  const key = event.key.toLowerCase();
  return /^[a-z]$/.test(key) ? key : event.code.replace("Key", "").toLowerCase();
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
