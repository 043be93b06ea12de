// Forms with data-outbox are not lost without a signal: they wait on this device and are sent once when it is back.
//
//   <form method="post" data-outbox data-outbox-title="ไฟดับ" data-outbox-later="looked=1"> {% csrf_token %}{% idempotency_key %}
//
// data-outbox-title: what the waiting list calls it. data-outbox-later: fields that are added when it is sent from the list
// (an answer to a question that nobody is there to be asked). The server must answer success with a redirect.

import "./outbox-core.js";

const box = globalThis.maehiaOutbox;
const TRYING = "maehia-outbox-trying";
const LATER = "maehia-outbox-any";
const WORDS = {
  th: {
    waiting: "รอส่ง", count: (n) => `รอส่ง ${n} เรื่อง`, look: "มีเรื่องที่คุณต้องตรวจ", done: "ส่งแล้ว",
    kept: "เก็บไว้ในเครื่องนี้แล้ว จะส่งให้เองเมื่อมีสัญญาณ เปิดหน้านี้หรือแอปทิ้งไว้ได้", refused: "ระบบยังไม่รับ",
    conflict: "ส่งไปก่อนแล้วแต่ข้อมูลไม่ตรงกัน", now: "ส่งเดี๋ยวนี้", edit: "เปิดแก้ไขแล้วส่งใหม่", open: "เปิดดูเลขเรื่อง",
    remove: "ลบ", hide: "ปิด", sure: "ลบเรื่องนี้ออกจากเครื่อง เรื่องนี้ยังไม่ได้ส่งและจะหายไป", files: (n) => `ภาพหรือไฟล์ ${n}`,
  },
  en: {
    waiting: "Waiting", count: (n) => `${n} waiting to be sent`, look: "Something needs your look", done: "Sent",
    kept: "Kept on this device. It is sent by itself when there is a signal.", refused: "Not accepted yet",
    conflict: "Sent before with other content", now: "Send now", edit: "Open, correct and send again", open: "Open its number",
    remove: "Delete", hide: "Close", sure: "Delete this from the device? It was not sent and will be gone.", files: (n) => `${n} photos or files`,
  },
};
const words = WORDS[document.documentElement.lang.startsWith("en") ? "en" : "th"];
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const field = (form, name) => form.querySelector(`input[name="${name}"]`);

/** The waiting list, on top of the page. */
function panel() {
  let found = document.querySelector("[data-outbox-panel]");
  if (!found) {
    found = document.createElement("section");
    found.className = "outbox";
    found.dataset.outboxPanel = "";
    found.tabIndex = -1;
    found.setAttribute("role", "status");
    found.setAttribute("aria-live", "polite");
    (document.querySelector("#main .wrap") ?? document.querySelector("#main") ?? document.body).prepend(found);
  }
  return found;
}

function element(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...more });
}

function button(text, act, css = "") {
  const made = element("button", text, { type: "button", className: css });
  made.addEventListener("click", act);
  return made;
}

function line(entry) {
  const row = element("li", "");
  row.dataset.state = entry.state;
  const state = { sent: words.done, refused: words.refused, conflict: words.conflict }[entry.state] ?? words.waiting;
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(entry.at);
  row.append(element("b", entry.title || entry.page), element("div", `${state} · ${when}`, { className: "soft" }));
  if (entry.files.length) row.append(element("div", words.files(entry.files.length), { className: "soft" }));
  if (entry.words) row.append(element("div", entry.words));
  const buttons = element("div", "", { className: "buttons" });
  if (entry.state === "sent") {
    buttons.append(element("a", words.open, { href: entry.result, className: "button" }));
    buttons.append(button(words.hide, () => box.remove(entry.key).then(show), "quiet"));
  } else {
    if (entry.state === "waiting") buttons.append(button(words.now, send));
    else buttons.append(element("a", words.edit, { href: `${entry.page}#outbox=${entry.key}`, className: "button" }));
    buttons.append(button(words.remove, () => confirm(words.sure) && box.remove(entry.key).then(show), "quiet"));
  }
  row.append(buttons);
  return row;
}

async function show() {
  const entries = (await box.all()).filter((entry) => entry.state !== "trying" && !entry.seen).sort((a, b) => a.at - b.at);
  localStorage.setItem(LATER, entries.length ? "1" : "");
  if (!entries.length) return void document.querySelector("[data-outbox-panel]")?.remove();
  const waiting = entries.filter((entry) => entry.state === "waiting");
  const look = entries.some((entry) => entry.state === "refused" || entry.state === "conflict");
  const place = panel();
  place.dataset.state = look ? "late" : waiting.length ? "wait" : "done";
  const list = element("ul", "");
  list.append(...entries.map(line));
  place.replaceChildren(element("h2", look ? words.look : waiting.length ? words.count(waiting.length) : words.done), list);
  if (waiting.length) place.insertBefore(element("p", words.kept), list);
}

async function send() {
  await box.sendAll();
  await show();
}

/** Asks the browser to send even when this page is closed (where it can). */
async function later() {
  const worker = await Promise.race([navigator.serviceWorker?.ready, new Promise((done) => setTimeout(done, 1000))]);
  await worker?.sync?.register(box.NAME).catch(() => {});
}

function entryOf(form, submitter, state) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  // What was tried once must be sent again word for word: the server compares.
  const added = new URLSearchParams(state === "waiting" ? (form.dataset.outboxLater ?? "") : "");
  return box.collect(data, {
    key: field(form, "idempotency_key").value, device: field(form, "idempotency_device")?.value ?? "", state,
    page: location.pathname + location.search, url: form.action, title: form.dataset.outboxTitle || document.title, later: [...added],
  });
}

async function keep(form, submitter) {
  await box.put(entryOf(form, submitter, "waiting"));
  form.reset();
  field(form, "idempotency_key").value = newKey();
  form.dispatchEvent(new CustomEvent("outbox:kept")); // the page's own script makes the form ready for the next one
  await show();
  panel().focus();
  panel().scrollIntoView({ block: "start" });
  later();
}

/** With a signal the browser sends as always; a copy stays here until the next page shows how it ended. */
async function attempt(form, submitter) {
  try {
    const entry = entryOf(form, submitter, "trying");
    await box.put(entry);
    sessionStorage.setItem(TRYING, entry.key);
  } catch {
    // No room or no store on this device: the browser sends it without a copy.
  }
  if (submitter?.name) form.append(element("input", "", { type: "hidden", name: submitter.name, value: submitter.value }));
  HTMLFormElement.prototype.submit.call(form);
}

function watch(form) {
  if (!field(form, "idempotency_key")) form.append(element("input", "", { type: "hidden", name: "idempotency_key", value: newKey() }));
  let busy = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return; // another act than sending this
    event.preventDefault();
    if (busy) return;
    busy = true;
    const submitter = event.submitter;
    const work = navigator.onLine ? attempt(form, submitter) : keep(form, submitter);
    work.finally(() => { busy = navigator.onLine; });
  });
}

/** A page that was kept for use without a signal has one key for all its readers: a used one is not used again. */
async function freshKey(form, mine) {
  const input = field(form, "idempotency_key");
  if (input && input.value !== mine && (await box.get(input.value))) input.value = newKey();
}

/** How the form that this tab sent last has ended. */
async function outcome(forms) {
  const key = sessionStorage.getItem(TRYING);
  if (!key) return "";
  sessionStorage.removeItem(TRYING);
  const entry = await box.get(key);
  if (!entry || entry.state !== "trying") return key;
  const returned = forms.some((form) => field(form, "idempotency_key")?.value === key);
  if (returned) await box.remove(key); // it came back with something to correct: she is at it
  else if (arrived(entry)) await box.put({ ...entry, state: "sent", seen: true, fields: [], files: [], result: location.href });
  else await box.put({ ...entry, state: "waiting" }); // unknown: sent again, which the server knows by its key
  return key;
}

/** Whether this page is the one to which the server led after taking the form. */
function arrived(entry) {
  const how = performance.getEntriesByType("navigation")[0];
  const from = document.referrer ? new URL(document.referrer) : null;
  return Boolean(how?.redirectCount && from && from.pathname + from.search === entry.page && !document.querySelector("[data-offline]"));
}

/** Puts the answers of an entry back into its form, to be corrected. */
async function refill(form) {
  const key = /^#outbox=([\w-]+)$/.exec(location.hash)?.[1];
  const entry = key && (await box.get(key));
  if (!entry || new URL(entry.url).pathname !== new URL(form.action).pathname) return;
  history.replaceState(null, "", location.pathname + location.search);
  for (const [name, value] of entry.fields) {
    for (const input of form.elements) {
      if (input.name !== name || input.type === "file" || OWN_HIDDEN.includes(name)) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked ||= input.value === value;
      else input.value = value;
    }
  }
  for (const input of form.querySelectorAll("input[type=file]")) {
    const files = new DataTransfer();
    for (const [name, file] of entry.files) if (name === input.name) files.items.add(file);
    if (files.files.length) input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  // A refused one was not taken under its key; after a conflict the key belongs to what was sent before.
  field(form, "idempotency_key").value = entry.state === "conflict" ? newKey() : entry.key;
  if (entry.state === "conflict") form.addEventListener("submit", () => box.remove(entry.key), { once: true, capture: true });
}
const OWN_HIDDEN = ["csrfmiddlewaretoken", "idempotency_key", "idempotency_device", "draft"];

async function start() {
  const forms = [...document.querySelectorAll("form[data-outbox]")];
  forms.forEach(watch);
  if (!forms.length && !sessionStorage.getItem(TRYING) && !localStorage.getItem(LATER)) return;
  const mine = await outcome(forms);
  for (const form of forms) await freshKey(form, mine);
  if (forms[0]) {
    await refill(forms[0]);
    addEventListener("hashchange", () => refill(forms[0]));
  }
  await show();
  box.channel?.addEventListener("message", show);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && navigator.onLine && send());
  if (navigator.onLine) await send();
}

if ("indexedDB" in globalThis) start().catch(() => {});
