// The counter shows nobody's data to the next person: a page that comes back from the browser's memory is asked anew,
// and the door clears what forms kept on this device.

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (document.querySelector("[data-counter-door]")) {
  sessionStorage.clear();
  for (const key of Object.keys(localStorage)) if (/draft|form/i.test(key)) localStorage.removeItem(key);
}
