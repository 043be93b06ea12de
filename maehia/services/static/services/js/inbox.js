// Keys of the inbox: J and K go down and up the list, Enter opens, / jumps to the search box, N enters a new case.

const links = () => [...document.querySelectorAll("[data-keys] .row-main a")];
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

function step(by) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.getElementById("q")?.focus(),
    n: () => document.querySelector(".page-head .button.primary")?.click(),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
