// Network first. Kept: the offline page and its looks, and public pages as a visitor without a session gets them. Never
// kept: any page of a person, any answer with personal data.
importScripts(...{{ scripts|safe }});
const NAME = {{ name|safe }};
const OFFLINE = {{ offline|safe }};
const KEEP = {{ keep|safe }};
const PAGES = {{ pages|safe }};
const VISITED = {{ visited|safe }}.map((path) => new RegExp(`^${path.split("*").join("[^/]+")}$`));
const STATIC = {{ static|safe }};
const DAY = 24 * 3600e3;
const keeps = (path) => PAGES.includes(path) || VISITED.some((pattern) => pattern.test(path));

/** A public page without cookies, so that nothing of whoever uses this device gets into the copy; and its looks. */
async function keepPage(path) {
  const cache = await caches.open(NAME);
  const before = await cache.match(path);
  if (before && Date.now() - Date.parse(before.headers.get("date")) < DAY) return;
  const page = await fetch(path, { credentials: "omit", cache: "no-store" }).catch(() => null);
  if (!page?.ok || page.redirected) return;
  const text = await page.clone().text();
  const files = [...text.matchAll(/(?:src|href)="([^"#]+)"/g)].map((found) => found[1]).filter((url) => url.startsWith(STATIC));
  await Promise.allSettled([cache.put(path, page), ...[...new Set(files)].map((file) => cache.add(file))]);
}

async function offlineCopy(request) {
  const path = new URL(request.url).pathname;
  const page = request.method === "GET" && keeps(path) && (await caches.match(path));
  return page || caches.match(OFFLINE);
}

self.addEventListener("install", (event) => {
  const kept = caches.open(NAME).then((cache) => cache.addAll([OFFLINE, ...KEEP]));
  event.waitUntil(kept.then(() => Promise.allSettled(PAGES.map(keepPage))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("maehia-") && name !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname: path } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => offlineCopy(request)));
    if (request.method === "GET" && keeps(path)) event.waitUntil(keepPage(path));
  } else if (request.method === "GET" && path.startsWith(STATIC)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true }).then((kept) => kept ?? Response.error())));
  }
});
