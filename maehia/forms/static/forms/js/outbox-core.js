// Reports that wait on this device until they are sent, once. Loaded by pages (as a module) and by the service worker (as
// a plain script), so it makes one global. One report = one idempotency key: the server answers a second sending of it
// with what the first one made, so nothing is ever filed twice, whoever sends and however often.
//
// An entry: { key, page, url, title, fields: [[name, value]], files: [[name, File]], device, state, words, result, at }
// state: trying (handed to the browser, outcome unknown), waiting, refused (a person must look), conflict (409), sent.

globalThis.maehiaOutbox ??= (() => {
  const NAME = "maehia-outbox";
  const FORGET_SENT = 7 * 24 * 3600e3;
  const UNKNOWN_AFTER = 10 * 60e3;
  const OWN = ["csrfmiddlewaretoken", "idempotency_key", "idempotency_device"];
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;

  /** Runs work(store) in a transaction and waits until it is on the disk. */
  async function store(mode, work) {
    const database = await new Promise((done, failed) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "key" });
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction("entries", mode);
        const request = work(transaction.objectStore("entries"));
        transaction.oncomplete = () => done(request.result);
        transaction.onabort = transaction.onerror = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const all = () => store("readonly", (entries) => entries.getAll());
  const get = (key) => store("readonly", (entries) => entries.get(key));
  async function put(entry) {
    await store("readwrite", (entries) => entries.put(entry));
    channel?.postMessage("changed");
  }
  async function remove(key) {
    await store("readwrite", (entries) => entries.delete(key));
    channel?.postMessage("changed");
  }

  /** What a form holds now. The tokens around it are left out: they are fetched fresh when it is sent. */
  function collect(data, more) {
    const fields = [], files = [];
    for (const [name, value] of data) {
      if (OWN.includes(name)) continue;
      if (typeof value === "string") fields.push([name, value]);
      else if (value.name) files.push([name, value]);
      else fields.push([name, ""]); // no file was chosen: the browser sends an empty field, and so do we
    }
    return { fields, files, at: Date.now(), words: "", result: "", later: [], ...more };
  }

  /** A fresh token of the form's own page; null when that page does not answer. */
  async function token(entry) {
    const page = await fetch(entry.page, { credentials: "same-origin", cache: "no-store" });
    if (!page.ok) return null;
    return /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  }

  function body(entry, csrf) {
    const data = new FormData();
    for (const [name, value] of [...entry.fields, ...(entry.later ?? [])]) data.append(name, value);
    for (const [name, file] of entry.files) data.append(name, file, file.name);
    data.set("csrfmiddlewaretoken", csrf);
    data.set("idempotency_key", entry.key);
    if (entry.device) data.set("idempotency_device", entry.device);
    return data;
  }

  /** One sentence of a refusal, from JSON or from the alert of a page. */
  async function wordsOf(answer) {
    const text = await answer.text().catch(() => "");
    try {
      const told = JSON.parse(text);
      const problem = told.problem ?? told;
      return [problem.what, problem.fix ?? problem.next].filter(Boolean).join(" ");
    } catch {
      const alert = /role="alert"[^>]*>([\s\S]*?)<\/(?:div|section)>/.exec(text)?.[1] ?? "";
      return alert.replace(/<[^>]+>/g, " ").replace(/&[a-z#0-9]+;/g, " ").replace(/\s+/g, " ").trim().slice(0, 300);
    }
  }

  /** Sends one entry. Throws when the network fails; then it keeps waiting. */
  async function send(entry) {
    const csrf = await token(entry);
    if (csrf === null) return { state: "waiting" };
    const headers = { Accept: "application/json, text/html;q=0.9" };
    const answer = await fetch(entry.url, { method: "POST", body: body(entry, csrf), credentials: "same-origin", headers });
    if (answer.ok && answer.redirected) return { state: "sent", result: answer.url, fields: [], files: [] };
    if (answer.status === 429 || answer.status >= 500) return { state: "waiting" };
    return { state: answer.status === 409 ? "conflict" : "refused", words: await wordsOf(answer) };
  }

  async function sendWaiting() {
    for (const entry of (await all()).sort((a, b) => a.at - b.at)) {
      if (entry.state === "sent" && Date.now() - entry.at > FORGET_SENT) await remove(entry.key);
      // Whoever handed it over is gone and never said how it ended: sending it again is safe.
      const unknown = entry.state === "trying" && Date.now() - entry.at > UNKNOWN_AFTER;
      if (entry.state !== "waiting" && !unknown) continue;
      try {
        await put({ ...entry, ...(await send(entry)) });
      } catch {
        if (unknown) await put({ ...entry, state: "waiting" });
        return; // no connection: the others wait too
      }
    }
  }

  /** Sends what waits, in one place at a time: this page, another one, or the service worker. */
  async function sendAll() {
    if (!navigator.locks) return sendWaiting();
    return navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? sendWaiting() : undefined));
  }

  if (typeof ServiceWorkerGlobalScope !== "undefined" && globalThis instanceof ServiceWorkerGlobalScope) {
    globalThis.addEventListener("sync", (event) => event.tag === NAME && event.waitUntil(sendAll()));
  }
  return { NAME, all, channel, collect, get, put, remove, sendAll };
})();
