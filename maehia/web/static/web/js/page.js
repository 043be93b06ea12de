// Small behaviours of every page, all by data- attributes. Every page works without this file.

/** Dialogs: the link opens the native dialog instead of the page with the same question. */
function dialogs(root) {
  for (const opener of root.querySelectorAll("[data-dialog]")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) continue;
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    for (const close of dialog.querySelectorAll("[data-close]")) close.addEventListener("click", () => dialog.close());
  }
}

/** A summary of errors is what the person must read first. */
function focusErrors(root) {
  root.querySelector("[data-focus]")?.focus();
}

/** Files: what was picked with a small picture; dropped files are taken. */
function files(root) {
  for (const box of root.querySelectorAll("[data-files]")) {
    const input = box.querySelector("input[type=file]");
    const list = box.querySelector(".file-list");
    const show = () => list.replaceChildren(...[...input.files].map((file) => fileLine(file, input, box.dataset.remove, show)));
    input.addEventListener("change", show);
    box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      const taken = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? 20 : 1)) taken.items.add(file);
      input.files = taken.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function fileLine(file, input, removeWords, show) {
  const line = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = "";
    picture.onload = () => URL.revokeObjectURL(picture.src);
    line.append(picture);
  }
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = `${file.name} (${sizeWords(file.size)})`;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "quiet";
  remove.textContent = removeWords;
  remove.addEventListener("click", () => {
    const kept = new DataTransfer();
    for (const other of input.files) if (other !== file) kept.items.add(other);
    input.files = kept.files;
    show();
    input.focus();
  });
  line.append(name, remove);
  return line;
}

function sizeWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Numbers typed or pasted are shown grouped (1-2345-67890-12-1) when the person leaves the box. */
function grouping(root) {
  for (const input of root.querySelectorAll("[data-group]")) {
    const sizes = input.dataset.group.split("-").map(Number);
    const all = sizes.reduce((a, b) => a + b, 0);
    input.addEventListener("blur", () => {
      const digits = input.value.replace(/[๐-๙]/g, (c) => c.charCodeAt(0) - 0x0e50).replace(/\D/g, "");
      if (digits.length !== all) return;
      let at = 0;
      input.value = sizes.map((size) => digits.slice(at, (at += size))).join("-");
    });
  }
}

/** Open menus close with Escape or a click elsewhere, and give the focus back. */
function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}

/** Wall screens refresh themselves, say how old they are, and go grey when they are stale. */
function wall() {
  const main = document.querySelector("[data-wall]");
  if (!main) return;
  const age = main.querySelector("[data-age]");
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  setInterval(() => {
    const seconds = (Date.now() - new Date(main.dataset.asOf)) / 1000;  // a screen that swaps its part moves it on
    if (age) age.textContent = seconds < 90 ? words.format(-Math.round(seconds), "second") : words.format(-Math.round(seconds / 60), "minute");
    document.body.classList.toggle("stale", seconds > Number(main.dataset.staleAfter));
  }, 5000);
  setInterval(() => fetch(location.href, { method: "HEAD" }).then((answer) => answer.ok && location.reload(), () => {}), Number(main.dataset.refresh) * 1000);
}

/** Maps bring their own module, only where a page has one. */
function maps(root) {
  const found = root.querySelectorAll("[data-map]:not([data-ready])");
  if (found.length) import(new URL("map.js", import.meta.url)).then((module) => found.forEach(module.enhance));
}

function enhance(root) {
  dialogs(root);
  focusErrors(root);
  files(root);
  grouping(root);
  maps(root);
}

enhance(document);
menus();
wall();
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) enhance(event.detail.elt); });
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" }).catch(() => {});
}
