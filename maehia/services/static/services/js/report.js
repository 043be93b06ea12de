// The report form with a script: smaller photos, my place on request, what is around the pin, one tap that counts.
// Without this file the form works with its fields alone.

const LONG_SIDE = 1600, QUALITY = 0.82, SMALL_ENOUGH = 600_000, WAIT_MS = 500;
const form = document.querySelector("[data-report]");
const around = document.querySelector("[data-around]");
const field = (name) => form.elements[name];

/** A photo of a phone has ten times the pixels that we keep: it is drawn smaller before it costs data. */
async function shrink(file) {
  if (!file.type.startsWith("image/") || file.size < SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const factor = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * factor);
    canvas.height = Math.round(picture.height * factor);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // an old phone, or no picture at all: the server looks at it
  }
}

function smallerPhotos() {
  for (const box of document.querySelectorAll("[data-shrink]")) {
    box.addEventListener("change", async (event) => {
      const input = event.target;
      if (input.dataset.ready === "yes" || ![...input.files].some((file) => file.size >= SMALL_ENOUGH)) { delete input.dataset.ready; return; }
      event.stopImmediatePropagation();
      const taken = new DataTransfer();
      for (const file of input.files) taken.items.add(await shrink(file));
      input.files = taken.files;
      input.dataset.ready = "yes";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }, { capture: true });
  }
}

/** What stands around the pin: asked once the pin has come to rest. */
let waiting = 0, asked = "";
function lookAround() {
  if (!around || !field("lon")?.value) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const said = new URLSearchParams();
    for (const name of ["lon", "lat", "description", "asset_code"]) if (field(name)?.value) said.set(name, field(name).value);
    if (String(said) === asked) return;
    asked = String(said);
    try {
      const answer = await fetch(`${around.dataset.around}?${said}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      around.innerHTML = await answer.text();
      field("looked").value = "1";
    } catch { /* no signal: the server looks when the report arrives */ }
  }, WAIT_MS);
}

function place() {
  const button = document.querySelector("[data-locate]");
  if (!button || !around) return;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
  for (const part of document.querySelectorAll("details[data-fold]")) part.open = false;
  for (const name of ["lon", "lat"]) field(name).addEventListener("change", lookAround);
  // The map writes the fields itself and says so in words beside it.
  const words = document.querySelector("[data-pin-status]");
  if (words) new MutationObserver(lookAround).observe(words, { childList: true, characterData: true, subtree: true });
  if (!navigator.geolocation) return;
  button.hidden = false;
  const label = button.querySelector("span"), before = label.textContent;
  button.addEventListener("click", () => {
    label.textContent = button.dataset.wait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      label.textContent = before;
      field("lon").value = coords.longitude.toFixed(6);
      field("lat").value = coords.latitude.toFixed(6);
      lookAround();
    }, () => { label.textContent = before; say(button.dataset.no); }, { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 });
  });
}

function say(words) {
  const line = document.createElement("p");
  line.className = "field-error";
  line.textContent = words;
  around.replaceChildren(line);
}

/** "No, not this lamp": the report keeps the pin alone. */
function things() {
  around?.addEventListener("change", (event) => {
    if (!event.target.matches("[data-thing]")) return;
    if (!event.target.dataset.key) event.target.dataset.key = event.target.value;
    let no = form.querySelector("input[data-no-thing]");
    if (!no) {
      no = Object.assign(document.createElement("input"), { type: "hidden", name: "asset", value: "none" });
      no.dataset.noThing = "";
      form.append(no);
    }
    no.disabled = event.target.checked;
  });
}

const fold = (text) => text.toLowerCase().replace(/[่้๊๋็์\s]/g, "");

/** Words of an emergency: the number to call comes up while they are typed. */
function emergencies() {
  const boxes = [...document.querySelectorAll("[data-emergency]")];
  const text = field("description");
  if (!boxes.length || !text) return;
  const show = () => {
    const said = fold(text.value);
    for (const box of boxes) box.hidden = !box.dataset.emergency.split("|").some((word) => said.includes(word));
  };
  text.addEventListener("input", show);
  text.addEventListener("change", lookAround);
}

/** The button says that it works, and a second tap does nothing. */
function sending() {
  const words = form.querySelector(".send button span");
  const before = words?.textContent;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-me-too")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (words) words.textContent = form.dataset.sending;
  });
  const ready = () => {
    delete form.dataset.sent;
    if (words) words.textContent = before;
  };
  addEventListener("pageshow", ready);
  form.addEventListener("outbox:kept", ready); // without a signal it waits on the phone; the next one may be written
}

if (form) {
  smallerPhotos();
  place();
  things();
  emergencies();
  sending();
}
