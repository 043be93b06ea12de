// Keeps the list twin to what the map shows. Without this file, or without a live map, the list has its own form.

const WAIT_MS = 400;
const frame = document.querySelector("[data-map]");

/** The map widget keeps its map to itself. Every map tells its events by `fire`: at the first one we meet it. */
async function meet() {
  const { Map } = await import(frame.dataset.module);
  const fire = Map.prototype.fire;
  Map.prototype.fire = function (...told) {
    delete Map.prototype.fire;
    follow(this);
    return fire.apply(this, told);
  };
}

function follow(map) {
  let waiting = 0;
  map.on("moveend", (event) => {
    // The first fit to the town is no wish of the reader: the list starts with everything.
    if (!event.originalEvent && !frame.dataset.live) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(map.getBounds()), WAIT_MS);
  });
}

function show(bounds) {
  const list = document.getElementById("map-list");
  if (!list || !window.htmx) return;
  const asked = new URLSearchParams(new FormData(list.querySelector("form")));
  asked.set("box", bounds.toArray().flat().map((degree) => degree.toFixed(5)).join(","));
  asked.delete("moo");
  window.htmx.ajax("GET", `${list.dataset.list}?${asked}`, { target: "#map-list", swap: "outerHTML" });
}

// On a phone the map is loaded on tap, and so is its library: we wait for the same tap.
if (frame && matchMedia("(min-width: 40.01rem)").matches) meet();
else frame?.querySelector(".map-start")?.addEventListener("click", meet, { once: true, capture: true });
