// The slider through an incident's time: map layers and parts show a moment; the last step is now, and live.

const root = document.querySelector("[data-live]");
const slider = document.querySelector("[data-timeline]");

if (root && slider) {
  const ticks = JSON.parse(document.getElementById(slider.dataset.timeline).textContent);
  const words = document.querySelector("[data-timeline-words]");
  const show = () => {
    const tick = ticks[Number(slider.value) - 1];
    const live = Number(slider.value) === ticks.length;
    if (live) delete root.dataset.liveAt; else root.dataset.liveAt = tick.at;
    words.textContent = live ? slider.dataset.now : tick.words;
    slider.setAttribute("aria-valuetext", words.textContent);
    const query = live ? "" : new URLSearchParams({ at: tick.at }).toString();
    for (const frame of root.querySelectorAll("[data-map]")) frame.dispatchEvent(new CustomEvent("maehia:refresh", { detail: { query } }));
    root.dispatchEvent(new CustomEvent("maehia:look"));
  };
  slider.addEventListener("input", show);
  slider.closest("[hidden]")?.removeAttribute("hidden");
}
