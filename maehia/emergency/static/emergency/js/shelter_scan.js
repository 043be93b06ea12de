// Fields for a wristband's number may read its code with the phone's camera, where the browser can; typing always works.
// <input data-band> gets the number; data-band="go" sends its form at once.

const label = () => (document.documentElement.lang.startsWith("en") ? ["Scan", "Stop"] : ["สแกน", "หยุด"]);

async function watch(video, detector, found) {
  while (video.isConnected && video.srcObject) {
    const codes = await detector.detect(video).catch(() => []);
    if (codes.length) return found(codes[0].rawValue);
    await new Promise((next) => setTimeout(next, 200));
  }
}

function stop(box) {
  box?.querySelector("video")?.srcObject?.getTracks().forEach((track) => track.stop());
  box?.remove();
}

async function scan(input, button) {
  const open = input.parentElement.querySelector(".scan");
  if (open) {
    stop(open);
    button.textContent = label()[0];
    return;
  }
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const box = Object.assign(document.createElement("div"), { className: "scan" });
  const video = Object.assign(document.createElement("video"), { srcObject: stream, playsInline: true, muted: true });
  box.append(video);
  button.after(box);
  button.textContent = label()[1];
  await video.play();
  await watch(video, new BarcodeDetector({ formats: ["qr_code"] }), (text) => {
    input.value = text.split("/").pop();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    stop(box);
    button.textContent = label()[0];
    if (input.dataset.band === "go") input.form.requestSubmit();
  });
}

if ("BarcodeDetector" in globalThis && navigator.mediaDevices?.getUserMedia) {
  for (const input of document.querySelectorAll("input[data-band]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet small", textContent: label()[0] });
    input.after(button);
    button.addEventListener("click", () => scan(input, button).catch(() => button.remove()));
  }
}
