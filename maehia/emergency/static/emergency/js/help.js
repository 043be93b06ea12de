// Forms of the emergency door: the place of the phone when it is asked for, and when the words were written.
//
//   <form data-sos> <button data-here data-got="..." data-no="..." data-wait="..." hidden> <input name="lon"> ... </form>

for (const form of document.querySelectorAll("[data-sos]")) {
  // Set once: a second tap sends the same bytes, so that the server knows it for the same.
  form.addEventListener("submit", () => stamp(form), { capture: true });
  const button = form.querySelector("[data-here]");
  if (button && "geolocation" in navigator) {
    button.hidden = false;
    button.addEventListener("click", () => locate(form, button));
  }
}

function stamp(form) {
  const field = form.elements.namedItem("written_at");
  if (field && !field.value) field.value = new Date().toISOString();
}

function locate(form, button) {
  const words = button.querySelector("span") ?? button;
  words.textContent = button.dataset.wait;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.namedItem("lon").value = coords.longitude.toFixed(6);
      form.elements.namedItem("lat").value = coords.latitude.toFixed(6);
      words.textContent = button.dataset.got;
      button.classList.add("got");
    },
    () => { words.textContent = button.dataset.no; },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}
