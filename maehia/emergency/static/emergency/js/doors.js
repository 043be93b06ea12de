// A door list on the phone: kept encrypted for airplane mode, opened by its PIN, results queued and sent once.
// Without this file every door is a plain form.

import * as vault from "./doors-vault.js";
import { ask, send } from "./doors-send.js";

const WORDS = {
  th: {
    waiting: (n) => `รอส่ง ${n} รายการ จะส่งเองเมื่อมีสัญญาณ`, sent: (n) => `ส่งถึงศูนย์แล้ว ${n} รายการ`, conflict: (n) => `มี ${n} รายการขัดกับที่ส่งไปก่อน ศูนย์จะเป็นผู้ตัดสิน`,
    wrong: (n) => `รหัสไม่ถูกต้อง เหลืออีก ${n} ครั้ง`, gone: "ข้อมูลในเครื่องถูกลบแล้ว เพราะหมดเวลา ถูกปิด หรือใส่รหัสผิดครบจำนวน", ended: "รายการนี้ถูกปิดแล้ว ข้อมูลในเครื่องถูกลบแล้ว",
    unequal: "รหัสสองช่องไม่ตรงกัน กรุณาใส่ใหม่", pin: "ใส่ตัวเลข 6 หลัก", failed: "เก็บไว้ในเครื่องไม่สำเร็จ ตรวจสัญญาณแล้วลองอีกครั้ง", people: "จำนวนคนต้องเป็นตัวเลข 0 ถึง 99",
    other: "รายการในเครื่องนี้เป็นของผู้ใช้อื่น จึงลบออกแล้ว", saved: "บันทึกในเครื่องแล้ว",
  },
  en: {
    waiting: (n) => `${n} waiting; sent by itself when there is a signal`, sent: (n) => `${n} sent`, conflict: (n) => `${n} contradict what was sent before; the desk decides`,
    wrong: (n) => `Wrong PIN, ${n} tries left`, gone: "The list on this phone was deleted: its time is over, it was ended, or the PIN was wrong too often", ended: "This list was ended and deleted from this phone",
    unequal: "The two PINs differ", pin: "Six digits", failed: "Could not be kept. Check the signal and try again", people: "People: a number from 0 to 99",
    other: "The list on this phone belonged to somebody else and was deleted", saved: "Kept on this phone",
  },
};
const words = WORDS[document.documentElement.lang.startsWith("en") ? "en" : "th"];
const place = document.querySelector("[data-doors]");
const find = (name) => place.querySelector(`[data-${name}]`);
const { list, base } = place.dataset;
const HIDE_AFTER = 5 * 60e3;
let account = place.dataset.account ?? "";
let offset = place.dataset.now ? Number(place.dataset.now) - Date.now() : 0; // server's clock minus this one, ms
let expires = Number(place.dataset.expires ?? 0);
let opened = Boolean(account);

const digits = (typed) => typed.replace(/[๐-๙]/g, (sign) => sign.charCodeAt(0) - 0x0e50);
const show = (name, on) => { const part = find(name); if (part) part.hidden = !on; };

function say(words_, state = "wait") {
  const line = find("queue");
  line.textContent = words_;
  line.dataset.state = state;
}

/** The doors that are done, and the next one open. */
function mark(jump) {
  const doors = [...place.querySelectorAll("[data-door]")].filter((door) => door.tagName === "DETAILS");
  const open = doors.filter((door) => !door.dataset.result);
  const count = place.querySelector("[data-done]");
  if (count) count.textContent = doors.length - open.length;
  const all = place.querySelector("[data-all-done]");
  if (all) all.hidden = open.length > 0 || !doors.length;
  if (!jump || !open.length) return;
  for (const door of doors) door.open = door === open[0];
  if (jump === "go") {
    open[0].scrollIntoView({ block: "start" });
    open[0].querySelector("summary").focus({ preventScroll: true });
  }
}

function label(door, result) {
  door.dataset.result = result;
  const words_ = door.querySelector(`button[value="${result}"]`)?.textContent ?? "";
  const tag = document.createElement("span");
  tag.className = `tag ${result === "refused" ? "tag-late" : result === "not_there" ? "tag-work" : "tag-done"}`;
  tag.textContent = words_;
  door.querySelector("[data-state]").replaceChildren(tag);
}

async function showQueue() {
  const rows = await vault.waiting(list);
  for (const { entry, report } of rows) {
    const door = entry.account === account && document.getElementById(`door-${report.door}`);
    if (door) label(door, report.result);
  }
  if (rows.length) say(words.waiting(rows.length));
  return rows.length;
}

function nextTurn() {
  const turn = Math.max(Date.now() % 2 ** 31, Number(localStorage.getItem("maehia-doors-turn") ?? 0) + 1) % 2 ** 31;
  localStorage.setItem("maehia-doors-turn", turn);
  return turn;
}

/** Writes a result down on the phone, then sends what waits. */
async function record(form, button) {
  const people = digits(form.people.value.trim());
  if (!/^\d{0,2}$/.test(people)) {
    say(words.people, "late");
    return form.people.focus();
  }
  const door = form.closest("[data-door]");
  const report = {
    id: crypto.randomUUID(), door: form.door.value, result: button.value, people: people === "" ? null : Number(people),
    note: form.note.value.trim(), phone_at: Date.now(), offset_s: offset / 1000, turn: nextTurn(),
  };
  await vault.queue({ list, account, base }, report);
  label(door, report.result);
  mark("go");
  await showQueue();
  await deliver();
}

async function deliver() {
  const outcome = await send(list, base);
  if (!outcome) return showQueue();
  if (outcome.ended) await lock(words.ended);
  if (outcome.conflicts) say(words.conflict(outcome.conflicts), "late");
  else if (outcome.refused.length) say(outcome.refused[0], "late");
  else if (outcome.left) await showQueue();
  else if (outcome.sent) say(words.sent(outcome.sent), "done");
}

function watch(body) {
  for (const form of body.querySelectorAll("[data-door-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter) record(form, event.submitter);
    });
  }
}

/** Takes the people off the screen. */
async function lock(why) {
  find("body").replaceChildren();
  opened = false;
  const row = await vault.kept(list);
  show("unlock", Boolean(row));
  show("nothing", !row);
  show("keep", false);
  show("kept", false);
  if (!row && why) find("nothing-words").textContent = why;
  await showQueue();
}

async function unlock(form) {
  const error = form.querySelector("[data-pin-error]");
  const button = form.querySelector("button");
  error.hidden = true;
  button.disabled = true;
  try {
    const { row, body } = await vault.open(list, digits(form.pin.value));
    ({ account, offset, expires } = row);
    const page = new DOMParser().parseFromString(body.html, "text/html"); // made by our own server, kept sealed
    find("body").replaceChildren(...page.body.childNodes);
    opened = true;
    show("unlock", false);
    watch(find("body"));
    await showQueue();
    mark("go");
    await deliver();
  } catch (failed) {
    if (failed.code === "gone") return void (await lock(words.gone));
    error.textContent = words.wrong(failed.left);
    error.hidden = false;
  } finally {
    form.reset();
    button.disabled = false;
  }
}

/** Fetches the list and keeps it under a new PIN. */
async function keep(form) {
  const error = form.querySelector("[data-pin-error]");
  const pin = digits(form.pin.value);
  const wrong = !/^\d{6}$/.test(pin) ? words.pin : pin !== digits(form.again.value) ? words.unequal : "";
  error.textContent = wrong;
  error.hidden = !wrong;
  if (wrong) return;
  form.querySelector("button").disabled = true;
  try {
    const told = await ask(base);
    const answer = await fetch(`${base}keep/`, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": told.token } });
    if (!answer.ok || !(await vault.keepShell(base))) throw new Error("keep");
    const got = await answer.json();
    ({ offset } = told);
    await vault.keep({ id: got.id, account: got.account, title: got.title, base, expires: got.expires_ms, offset }, { html: got.html }, pin);
    show("keep", false);
    show("kept", true);
    navigator.storage?.persist?.();
  } catch {
    error.textContent = words.failed;
    error.hidden = false;
  } finally {
    form.reset();
    form.querySelector("button").disabled = false;
  }
}

function signal() {
  show("offline-note", !navigator.onLine);
}

/** The list runs out while it is on the screen, or the phone lies open somewhere. */
function timers() {
  let hiddenAt = 0;
  setInterval(() => {
    if (opened && expires && Date.now() + offset >= expires) lock(words.gone);
  }, 5000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (opened && hiddenAt && Date.now() - hiddenAt > HIDE_AFTER) lock();
    else if (navigator.onLine) deliver();
  });
}

async function start() {
  const row = await vault.kept(list);
  if (row && account && row.account !== account) {
    await vault.wipe(list);
    say(words.other, "late");
  }
  const mine = row && (!account || row.account === account);
  if (account) {
    show(mine ? "kept" : "keep", true);
    watch(find("body"));
    await showQueue();
    mark("open");
    if (mine) vault.keepShell(base).catch(() => {});
  } else if (!place.querySelector("[role=alert]:not([hidden]) strong")) {
    show(mine ? "unlock" : "nothing", true);
    await showQueue();
  }
  find("pin-form")?.addEventListener("submit", (event) => { event.preventDefault(); unlock(event.target); });
  find("keep-form")?.addEventListener("submit", (event) => { event.preventDefault(); keep(event.target); });
  find("forget")?.addEventListener("click", () => vault.wipe(list).then(() => { show("kept", false); show("keep", true); }));
  addEventListener("online", () => { signal(); deliver(); });
  addEventListener("offline", signal);
  signal();
  timers();
  if (navigator.onLine) await deliver();
}

if (place && "indexedDB" in globalThis && globalThis.crypto?.subtle) start();
