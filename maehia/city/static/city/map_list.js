// Keeps the list twin to what the map shows: map.js tells where the map stands, the list asks the server again.
// Without this file (or without a live map) the list is filtered by moo with its own form.

const WAIT_MS = 400;
let waiting = 0;

document.addEventListener("map:moved", (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(event.detail), WAIT_MS);
});

function show({ bounds }) {
  const list = document.getElementById("map-list");
  if (!list || !window.htmx) return;
  const form = list.querySelector("form");
  const asked = new URLSearchParams(new FormData(form));
  asked.set("box", bounds.map((degree) => degree.toFixed(5)).join(","));
  asked.delete("moo");
  asked.delete("page");
  window.htmx.ajax("GET", `${list.dataset.list}?${asked}`, { target: "#map-list", swap: "outerHTML" });
}
