// What a phone keeps of a door list: encrypted, under a PIN, until a moment, never longer.
//
// The list is under a random key; that key is wrapped by the PIN (PBKDF2) and the wrapping lies under a key of this device
// that cannot be taken out of the browser, so that a copy of the store does not open by trying all PINs elsewhere.
// Results wait under the device's key alone: they can be sent, and are not lost, when the list itself is gone.

const NAME = "maehia-doors";
const FLAG = "maehia-doors-kept"; // in localStorage: the other pages look only when there is something
const SHELL = "doors-shell";
const TRIES = 5;
const ROUNDS = 600000;
const text = new TextEncoder(), plain = new TextDecoder();

/** Runs work(store) in a transaction and waits until it is on the disk. */
async function store(name, mode, work) {
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("lists", { keyPath: "id" });
      request.result.createObjectStore("queue", { keyPath: "id" });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

const read = (name, key) => store(name, "readonly", (rows) => rows.get(key));
const write = (name, row, key) => store(name, "readwrite", (rows) => rows.put(row, key));

/** The key of this device: it can be used here and read nowhere. */
async function deviceKey() {
  const found = await read("keys", "device");
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await store("keys", "readwrite", (rows) => rows.add(made, "device")).catch(() => {}); // another tab was quicker
  return read("keys", "device");
}

async function seal(key, bytes, about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(about) }, key, bytes) };
}

const unseal = (key, sealed, about) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(about) }, key, sealed.data);

async function pinKey(pin, salt) {
  const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const about = (row) => `${row.id}|${row.account}|${row.expires}`;

/** The server's time as this phone can tell it. A clock that was put back does not make a list live longer. */
const serverNow = (row) => Math.max(Date.now(), row.seen) + row.offset;

/** Keeps a list. told: {id, account, title, base, expires (ms, server's clock), offset (ms)}; body: what is shown. */
export async function keep(told, body, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const wrapped = await seal(await pinKey(pin, salt), raw, about(told));
  raw.fill(0);
  const outer = await seal(await deviceKey(), wrapped.data, about(told));
  const sealed = await seal(key, text.encode(JSON.stringify(body)), about(told));
  await write("lists", { ...told, salt, pinIv: wrapped.iv, wrapped: outer, body: sealed, tries: 0, seen: Date.now() });
  localStorage.setItem(FLAG, "1");
}

/** What is known of a kept list without its PIN; null when there is none, or when its time is over. */
export async function kept(id) {
  const row = await read("lists", id);
  if (!row) return null;
  if (serverNow(row) >= row.expires) {
    await wipe(id);
    return null;
  }
  if (Date.now() > row.seen) await write("lists", { ...row, seen: Date.now() });
  return row;
}

/** The body of a list. Throws {code: "gone"}, or {code: "wrong", left} and wipes after the last try. */
export async function open(id, pin) {
  const row = await kept(id);
  if (!row) throw { code: "gone" };
  const tries = row.tries + 1;
  await write("lists", { ...row, tries }); // counted before it is tried: closing the page does not give it back
  try {
    const wrapped = await unseal(await deviceKey(), row.wrapped, about(row));
    const raw = await unseal(await pinKey(pin, row.salt), { iv: row.pinIv, data: wrapped }, about(row));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const body = JSON.parse(plain.decode(await unseal(key, row.body, about(row))));
    await write("lists", { ...row, tries: 0, seen: Math.max(row.seen, Date.now()) });
    return { row, body };
  } catch (error) {
    if (tries >= TRIES) await wipe(id);
    throw { code: tries >= TRIES ? "gone" : "wrong", left: TRIES - tries, error };
  }
}

/** Removes a list and the page that shows it. What was found stays until it is sent. */
export async function wipe(id) {
  const row = await read("lists", id);
  await store("lists", "readwrite", (rows) => rows.delete(id));
  if (row && "caches" in globalThis) await (await caches.open(SHELL)).delete(row.base);
  await tidy();
}

/** When nothing is kept and nothing waits, the other pages need not look. */
async function tidy() {
  if (!(await all()).length && !(await waitingLists()).length) localStorage.removeItem(FLAG);
}

export const all = () => store("lists", "readonly", (rows) => rows.getAll());

/** Removes every list of this device: whoever used it has logged out. */
export async function wipeAll() {
  for (const row of await all()) await wipe(row.id);
}

/** Removes what has run out. */
export async function sweep() {
  for (const row of await all()) await kept(row.id);
}

/** Puts the empty page and its looks where it opens without a signal; whether that worked. */
export async function keepShell(base) {
  if (!("caches" in globalThis) || !navigator.serviceWorker) return false;
  const page = await fetch(base, { credentials: "omit", cache: "no-store" });
  if (!page.ok || page.redirected) return false;
  const files = [...(await page.clone().text()).matchAll(/(?:src|href)="([^"#]+)"/g)].map((found) => found[1]);
  const cache = await caches.open(SHELL);
  const wanted = [...new Set(files.filter((file) => /\.(?:js|css|svg|woff2)(?:$|\?)/.test(file)))];
  await Promise.all([cache.put(base, page), ...wanted.map((file) => cache.add(file))]);
  return Boolean((await navigator.serviceWorker.ready).active);
}

/** Adds a result to what waits. told: {list, account, base}; report: what the server takes. */
export async function queue(told, report) {
  const sealed = await seal(await deviceKey(), text.encode(JSON.stringify(report)), `${report.id}|${told.account}`);
  await write("queue", { id: report.id, ...told, turn: report.turn, at: Date.now(), sealed });
  localStorage.setItem(FLAG, "1");
}

/** What waits of a list, in the order in which it was written: [{entry, report}]. */
export async function waiting(list) {
  const rows = (await store("queue", "readonly", (found) => found.getAll())).filter((row) => row.list === list);
  const key = await deviceKey();
  const open = async (entry) => ({ entry, report: JSON.parse(plain.decode(await unseal(key, entry.sealed, `${entry.id}|${entry.account}`))) });
  return Promise.all(rows.sort((a, b) => a.turn - b.turn).map(open));
}

export const waitingLists = async () =>
  [...new Map((await store("queue", "readonly", (rows) => rows.getAll())).map((row) => [row.list, row])).values()];

export async function sent(id) {
  await store("queue", "readwrite", (rows) => rows.delete(id));
  await tidy();
}
