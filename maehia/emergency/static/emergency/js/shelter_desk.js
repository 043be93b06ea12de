// The desk of a shelter that works without a signal. What it keeps lies encrypted in IndexedDB under a key of its own;
// the key is wrapped by the PIN, and the town keeps it too, so that a forgotten PIN loses nothing. Every act is an event
// with an id made here; sending one twice changes nothing, so it is sent until an answer came.

const NAME = "maehia-shelter-desk";
const ROUNDS = 310000;
const PART = 200;
const root = document.querySelector("[data-desk]");
const words = Object.fromEntries([...root.querySelector("template[data-words]").content.children].map((e) => [e.dataset.w, e.textContent]));
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const text = (name, value) => { root.querySelector(`[data-${name}]`).textContent = value; };
const say = (line) => text("said", line);
let key = null, kept = null, list = null, events = [], last = 0;

// --- what lies on the device

async function store(mode, work) {
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => ["desk", "events"].forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(["desk", "events"], mode);
      const request = work((name) => transaction.objectStore(name));
      transaction.oncomplete = () => done(request?.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));

async function seal(withKey, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
  return { iv, cell: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, withKey, plain) };
}

const open = (withKey, { iv, cell }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, withKey, cell);
const read = async (sealed) => JSON.parse(new TextDecoder().decode(await open(key, sealed)));
const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function ofPin(pin, salt) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// --- what the town knows

/** The list as it is now; null without a signal, undefined when nobody is logged in. */
async function fetchList(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (!answer) return null;
  const json = (answer.headers.get("content-type") ?? "").includes("json");
  return answer.ok && json ? answer.json() : undefined;
}

async function keep(fresh) {
  const { key: _secret, csrf: _token, ...rest } = fresh;
  list = rest;
  kept = { ...kept, id: "desk", list: await seal(key, rest), sync: fresh.sync, address: fresh.list, expires: fresh.expires };
  await store("readwrite", (of) => of("desk").put(kept));
}

// --- opening

async function begin() {
  part("script").hidden = true;
  kept = await store("readonly", (of) => of("desk").get("desk"));
  const address = location.hash.slice(1);
  if (!/^\/(en\/)?staff\//.test(address) && !kept) return void (part("none").hidden = false);
  part("pin").hidden = false;
  root.querySelector("[data-forgot]").hidden = !kept;
  part("pin").addEventListener("submit", (event) => {
    event.preventDefault();
    const pin = part("pin").pin.value;
    const fresh = location.hash.slice(1);
    (fresh ? prepare(fresh, pin) : unlock(pin)).catch(() => say(words.wrong));
  });
  root.querySelector("[data-forgot]").addEventListener("click", forgot);
}

async function prepare(address, pin) {
  const fresh = await fetchList(address);
  if (!fresh) return say(fresh === null ? words.offline : words.login);
  if (kept && kept.address !== fresh.list && (await store("readonly", (of) => of("events").count()))) return say(words.unsent);
  const raw = bytes(fresh.key), salt = crypto.getRandomValues(new Uint8Array(16));
  key = await imported(raw);
  kept = { salt, wrapped: await seal(await ofPin(pin, salt), raw) };
  await keep(fresh);
  history.replaceState(null, "", location.pathname);
  await show();
}

async function unlock(pin) {
  key = await imported(await open(await ofPin(pin, kept.salt), kept.wrapped));
  if (Date.now() > Date.parse(kept.expires)) {
    say(words.expired);
    kept = { ...kept, list: null };
    await store("readwrite", (of) => of("desk").put(kept));
  } else if (kept.list) list = await read(kept.list);
  await show();
  if (navigator.onLine) await send();
}

async function forgot() {
  const fresh = await fetchList(kept.address);
  if (!fresh) return say(fresh === null ? words.offline : words.login);
  key = await imported(bytes(fresh.key));
  await keep(fresh);
  await show();
  await send();
}

// --- at the desk

/** Everybody as she stands after what was written down here. */
function people() {
  const found = new Map((list?.people ?? []).map((one) => [one.stay, { ...one }]));
  for (const event of events) {
    const one = found.get(event.stay);
    if (event.kind === "in" && !one) found.set(event.stay, { stay: event.stay, state: "checked_in", ...event.guest, mine: event.answer ?? "" });
    else if (one && event.kind === "out") found.delete(event.stay);
    else if (one) one.state = event.kind === "away" ? "temporarily_out" : "checked_in";
  }
  return [...found.values()];
}

const free = () => list ? list.free - (people().length - list.people.length) : 0;

function row(one) {
  const made = root.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  made.querySelector("[data-name]").textContent = one.name || words.unknown;
  made.querySelector("[data-band-no]").textContent = one.band ?? "";
  const waits = one.mine === undefined ? "" : one.mine === "waits" ? words.decide : words.waiting;
  made.querySelector("[data-state]").textContent = [one.state === "temporarily_out" ? words.away : "", waits].filter(Boolean).join(" · ");
  made.querySelector('[data-act="away"]').hidden = one.state !== "checked_in";
  made.querySelector('[data-act="back"]').hidden = one.state !== "temporarily_out";
  for (const button of made.querySelectorAll("[data-act]")) button.addEventListener("click", () => act(button.dataset.act, one.stay, made));
  return made;
}

async function show() {
  const sealed = await store("readonly", (of) => of("events").getAll());
  events = (await Promise.all(sealed.map(async (entry) => ({ ...(await read(entry.sealed)), answer: entry.answer })))).sort((a, b) => (a.at < b.at ? -1 : 1));
  part("pin").hidden = true;
  part("open").hidden = false;
  const banner = root.querySelector("[data-mode]"), mode = list?.mode ?? "live";
  banner.hidden = !list;
  banner.className = `banner mode-banner banner-${mode}`;
  text("mode-words", list ? `${words[mode]} · ${list.incident}` : "");
  text("shelter", list?.shelter ?? "");
  text("unsent", events.filter((event) => !event.answer).length);
  text("inside", people().length);
  text("free", Math.max(0, free()));
  text("expires", list ? `${words.until} ${new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(list.expires))}` : "");
  find();
}

function find() {
  const sought = root.querySelector("[data-find]").value.trim().toLowerCase();
  const same = (one) => !sought || `${one.name ?? ""} ${one.band ?? ""} ${(one.band ?? "").replace("-", "")}`.toLowerCase().includes(sought);
  root.querySelector("[data-list]").replaceChildren(...people().filter(same).slice(0, 200).map(row));
}

function act(kind, stay, line) {
  const how = line.querySelector("[data-how]").value;
  if (kind === "out" && !how) return say(words.where);
  return write(kind, stay, kind === "out" ? { how } : {});
}

/** The moment, later than the one before: two acts in one instant keep their order. */
function moment() {
  last = Math.max(Date.now(), last + 1);
  return new Date(last).toISOString();
}

async function write(kind, stay, more = {}) {
  const event = { id: crypto.randomUUID(), stay, kind, at: moment(), ...more };
  const sealed = await seal(key, event);
  await store("readwrite", (of) => of("events").put({ id: event.id, sealed }));
  await show();
  say(kind === "in" ? words.in : "");
  if (navigator.onLine) await send();
}

/** The number of a band in its one form; null when a digit must be wrong. */
function band(typed) {
  const found = /^(X?)(\d{1,6})-?(\d)$/i.exec(typed.replace(/\s/g, ""));
  if (!found) return null;
  const digits = [...String(Number(found[2]))].reverse().map(Number);
  const total = digits.reduce((sum, digit, place) => sum + (place % 2 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2), 0);
  return (10 - (total % 10)) % 10 === Number(found[3]) ? `${found[1].toUpperCase()}${found[2].padStart(6, "0")}-${found[3]}` : null;
}

async function comeIn(form) {
  const data = new FormData(form), guest = Object.fromEntries(["name", "band", "national_id", "phone", "sex", "age"].map((name) => [name, data.get(name).trim()]));
  if (!guest.name && !guest.band && !guest.national_id) return say(words.nobody);
  if (guest.band && !(guest.band = band(guest.band))) return say(words.badband);
  if (guest.band && people().some((one) => one.band === guest.band)) return say(words.taken);
  const full = list && free() <= 0;
  await write("in", crypto.randomUUID(), { guest: { ...guest, needs: data.getAll("needs"), overnight: true } });
  form.reset();
  form.elements.name.focus();
  if (full) say(words.full);
}

function nextBand() {
  const used = new Set([...people(), ...events.map((event) => event.guest ?? {})].map((one) => one.band));
  root.querySelector("[data-in]").band.value = (list?.bands ?? []).find((number) => !used.has(number)) ?? "";
}

// --- handing over

async function send() {
  if (!kept || !key) return;
  const work = () => handOver().catch(() => say(words.offline));
  if (navigator.locks) await navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  else await work();
}

async function handOver() {
  const fresh = await fetchList(kept.address);
  if (!fresh) return say(fresh === null ? words.offline : words.login);
  const waiting = events.filter((event) => !event.answer), answers = [];
  for (let from = 0; from < waiting.length; from += PART) {
    const body = JSON.stringify({ clock: new Date().toISOString(), events: waiting.slice(from, from + PART).map(({ answer: _none, ...event }) => event) });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": fresh.csrf, Accept: "application/json" };
    const answer = await fetch(fresh.sync, { method: "POST", body, headers, credentials: "same-origin" });
    if (!answer.ok) return say(words.offline);
    answers.push(...(await answer.json()).answers);
    await mark(answers);
  }
  await forget();
  await keep((await fetchList(kept.address)) ?? fresh);
  await show();
  const odd = answers.filter((one) => one.state === "waits" || one.state === "refused");
  if (answers.length) say(odd.length ? `${words.queued} (${odd.length}): ${odd[0].why}` : words.sent);
}

/** Notes each answer: what the town has is not sent again; what it could not read stays, for a person to see. */
async function mark(answers) {
  for (const one of answers.filter((answer) => answer.state !== "refused")) {
    const entry = await store("readonly", (of) => of("events").get(one.id));
    if (entry) await store("readwrite", (of) => of("events").put({ ...entry, answer: one.state }));
  }
}

async function forget() {
  const done = (await store("readonly", (of) => of("events").getAll())).filter((entry) => entry.answer);
  for (const entry of done) await store("readwrite", (of) => of("events").delete(entry.id));
}

async function wipe() {
  if (await store("readonly", (of) => of("events").count())) return say(words.unsent);
  await store("readwrite", (of) => of("desk").clear());
  location.reload();
}

if (globalThis.crypto?.subtle && "indexedDB" in globalThis) {
  root.querySelector("[data-in]").addEventListener("submit", (event) => { event.preventDefault(); comeIn(event.target); });
  root.querySelector("[data-next-band]").addEventListener("click", nextBand);
  root.querySelector("[data-find]").addEventListener("input", find);
  root.querySelector("[data-send]").addEventListener("click", send);
  root.querySelector("[data-lock]").addEventListener("click", () => location.reload());
  root.querySelector("[data-wipe]").addEventListener("click", wipe);
  addEventListener("online", send);
  begin().catch(() => say(words.wrong));
}
