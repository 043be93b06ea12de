// The damage form: the phone's time and place go along, and for each photo when and where it was taken.
// Works beside the outbox: it only fills hidden fields, so that what waits on the phone is complete.

const form = document.querySelector("form[data-damage]");
const field = (name) => form.querySelector(`input[name="${name}"]`);
const places = new Map(); // file name + size -> where the phone was when it was picked
let here = null;

function stamp() {
  field("device_at").value = String(Date.now());
  const files = [...(form.querySelector('input[type="file"]')?.files ?? [])];
  field("taken").value = JSON.stringify(files.map((file) => ({ at: file.lastModified, ...(places.get(`${file.name}:${file.size}`) ?? {}) })));
}

function show(button, words) {
  button.querySelector("span").textContent = words;
}

function locate(button) {
  show(button, button.dataset.wait);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      here = { lon: coords.longitude, lat: coords.latitude };
      field("lon").value = coords.longitude.toFixed(6);
      field("lat").value = coords.latitude.toFixed(6);
      show(button, button.dataset.got);
    },
    () => show(button, button.dataset.no),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

if (form) {
  const button = form.querySelector("[data-here]");
  if (button && navigator.geolocation) {
    button.hidden = false;
    button.addEventListener("click", () => locate(button));
  }
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && here) for (const file of event.target.files) places.set(`${file.name}:${file.size}`, here);
    stamp();
  });
  // Before the outbox takes what the form holds: it listens in the bubbling phase, this one while it is captured.
  form.addEventListener("submit", stamp, { capture: true });
  form.addEventListener("outbox:kept", () => { here = null; });
}
