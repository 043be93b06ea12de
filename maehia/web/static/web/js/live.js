// Parts of a page that move by themselves: <div data-live="topic" data-live-url="/part/">. The stream says only that
// something changed; the part is asked for under the reader's own rights. Without a stream the page asks every 20 s.

const WAIT = 400;
const SLOW = 20000;

class LivePart {
  constructor(root) {
    this.root = root;
    this.url = root.dataset.liveUrl;
    this.pending = null;
    this.open();
    setInterval(() => this.tick(), 1000);
    root.addEventListener("maehia:look", () => this.soon());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(); });
  }

  open() {
    const query = this.root.dataset.live.split(",").map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");
    this.source = new EventSource(`${this.root.dataset.liveStream}?${query}`);
    this.source.addEventListener("open", () => { this.root.dataset.stream = "open"; this.soon(); });
    this.source.addEventListener("error", () => { this.root.dataset.stream = "lost"; });
    this.source.addEventListener("change", () => this.soon());
    this.fetched = Date.now();
  }

  /** Many changes at once are one question. */
  soon() {
    if (this.pending) return;
    this.pending = setTimeout(() => { this.pending = null; this.fetch(); }, WAIT);
  }

  tick() {
    const age = Date.now() - this.fetched;
    if (this.root.dataset.stream !== "open" && age > SLOW && !document.hidden) this.soon();
    document.body.classList.toggle("stale", this.root.dataset.stream !== "open" && age > 2 * SLOW);
  }

  async fetch() {
    try {
      const url = new URL(this.url, location.href);
      if (this.root.dataset.liveAt) url.searchParams.set("at", this.root.dataset.liveAt);
      const answer = await fetch(url, { headers: { "X-Requested-With": "live" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of part.querySelectorAll("[data-part]")) {
        const old = this.root.querySelector(`[data-part="${fresh.dataset.part}"]`);
        if (old && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
      }
      this.fetched = Date.now();
      const wall = document.querySelector("[data-wall]");
      if (wall) wall.dataset.asOf = new Date().toISOString();
      this.root.dataset.updates = Number(this.root.dataset.updates ?? 0) + 1;
      for (const frame of this.root.querySelectorAll("[data-map]")) frame.dispatchEvent(new CustomEvent("maehia:refresh"));
    } catch { /* no connection: the page says how old it is */ }
  }
}

for (const root of document.querySelectorAll("[data-live]")) new LivePart(root);
