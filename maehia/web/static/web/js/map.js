// Turns a map picture into a live map. The picture and the list stay where this fails.
// Thai labels: the style has no glyphs, so the browser shapes them (stacked vowels and tones come out right).

const DRAWN = ["#fill", "#line", "#point"];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** A class of map.css ("m-fill-3", "m-c1", "m-h2", "m-water") as the colour of its custom property. */
function colour(style) {
  const [, kind, number] = /^m-(?:(fill|c|h|aqi)-?(?=\d))?(\w+)$/.exec(style ?? "") ?? [];
  if (kind === "fill") return css(`--q${number}`);
  if (kind) return css(`--${kind}${number}`);
  return { water: css("--water"), road: css("--road-edge"), built: css("--built"), land: css("--land"), none: "rgba(0,0,0,0)" }[number] ?? css("--c1");
}

function hasWebgl() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/** Entry: one frame. By itself on large screens; on tap on phones, where data and battery count. */
export function enhance(frame) {
  frame.dataset.ready = "";
  const config = JSON.parse(document.getElementById(frame.dataset.map).textContent);
  if (!hasWebgl()) return say(frame, config.words.noWebgl);
  const start = frame.querySelector(".map-start");
  const begin = () => { start.hidden = true; new LiveMap(frame, config).load().catch(() => say(frame, config.words.failed)); };
  start.addEventListener("click", begin, { once: true });
  if (matchMedia("(min-width: 40.01rem)").matches) whenSeen(frame, begin);
  else start.hidden = false;
}

/** Work starts when the person has scrolled near it. */
function whenSeen(element, act) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    act();
  }, { rootMargin: "150px" });
  watch.observe(element);
}

function say(frame, words) {
  frame.querySelector(".map-words")?.remove();
  frame.append(make("p", { class: "map-words", role: "status" }, words));
}

class LiveMap {
  constructor(frame, config) {
    Object.assign(this, { frame, config, words: config.words, figure: frame.closest("figure") });
    this.on = new Set(config.layers.filter((layer) => layer.on).map((layer) => layer.key));
  }

  async load() {
    await this.styles();
    const library = await import(this.frame.dataset.module);
    library.setWorkerUrl(new URL(this.frame.dataset.worker, location.href).href);
    this.library = library;
    const canvas = make("div", { class: "map-canvas" });
    this.frame.append(canvas);
    this.map = new library.Map({
      container: canvas, style: this.style(), bounds: this.config.bounds, fitBoundsOptions: { padding: 16 },
      attributionControl: false, maxZoom: 19, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      cooperativeGestures: false, cancelPendingTileRequestsWhileZooming: true, locale: this.locale(),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.getCanvas().setAttribute("aria-label", this.frame.dataset.title);
    this.map.addControl(new library.ScaleControl({ maxWidth: 110 }), "bottom-left");
    await new Promise((done, fail) => { this.map.once("load", done); this.map.once("error", (event) => { if (!this.map.loaded() && !event.sourceId) fail(event.error); }); });
    this.frame.classList.add("map-live");
    this.tools();
    this.panel();
    this.list();
    this.clicks();
    if (this.config.pin !== null && this.config.pin !== undefined) this.pin();
    if (this.config.draw) this.drawing();
    this.frame.dataset.live = "";
    this.frame.addEventListener("maehia:refresh", (event) => this.refresh(event.detail?.query));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.map.setStyle(this.style()));
  }

  styles() {
    const href = this.frame.dataset.styles;
    if (document.querySelector(`link[href="${href}"]`)) return null;
    const link = make("link", { rel: "stylesheet", href });
    document.head.append(link);
    return new Promise((done) => { link.onload = link.onerror = done; });
  }

  /** Ask for the GeoJSON layers again; query: what their addresses end with from now on (a moment of a timeline). */
  refresh(query) {
    if (query !== undefined) this.query = query;
    for (const layer of this.config.layers) {
      if (layer.tiles) continue;
      const url = new URL(layer.url, location.href);
      for (const [name, value] of new URLSearchParams(this.query ?? "")) url.searchParams.set(name, value);
      this.map.getSource(layer.key)?.setData(url.href);
    }
  }

  locale() {
    return { "ScaleControl.Meters": document.documentElement.lang === "th" ? "ม." : "m", "ScaleControl.Kilometers": document.documentElement.lang === "th" ? "กม." : "km", "Map.Title": this.frame.dataset.title };
  }

  style() {
    const sources = {};
    const layers = [{ id: "land", type: "background", paint: { "background-color": css("--land") } }];
    const labels = [];
    for (const layer of this.config.layers) {
      sources[layer.key] = layer.tiles
        ? { type: "vector", tiles: [new URL(layer.url, location.href).href.replace(/%7B/g, "{").replace(/%7D/g, "}")], minzoom: layer.minZoom, maxzoom: layer.maxZoom }
        : { type: "geojson", data: new URL(layer.url, location.href).href };
      layers.push(...this.layerStyles(layer));
      if (layer.label) labels.push(this.labelStyle(layer));
    }
    sources.extra = { type: "geojson", data: this.extra() };
    layers.push(...this.extraStyles(), ...labels);
    return { version: 8, sources, layers };
  }

  layerStyles(layer) {
    const base = { source: layer.key, ...(layer.tiles ? { "source-layer": layer.key } : {}), layout: { visibility: this.on.has(layer.key) ? "visible" : "none" }, metadata: { layer: layer.key } };
    const paint = this.paint(layer);
    const quiet = layer.role === "base";
    const styles = [];
    if (layer.geometry === "polygon" && layer.legend.length && layer.legend.every((step) => step.style === "m-outline")) {
      styles.push({ ...base, id: `${layer.key}#line`, type: "line", paint: { "line-color": css("--ink-soft"), "line-width": 1.5, "line-dasharray": [4, 3] } });
    } else if (layer.geometry === "polygon") {
      styles.push({ ...base, id: `${layer.key}#fill`, type: "fill", paint: { "fill-color": paint, "fill-opacity": quiet ? 1 : 0.6 } });
      styles.push({ ...base, id: `${layer.key}#line`, type: "line", paint: { "line-color": quiet ? paint : css("--ink-soft"), "line-width": quiet ? 0.5 : 1 } });
      if (layer.legend.some((step) => step.pattern)) styles.push(this.hatch(layer, base));
    } else if (layer.geometry === "line") {
      styles.push({ ...base, id: `${layer.key}#line`, type: "line", layout: { ...base.layout, "line-cap": "round", "line-join": "round" }, paint: { "line-color": paint, "line-width": ["interpolate", ["linear"], ["zoom"], 11, quiet ? 0.8 : 1.5, 17, quiet ? 5 : 6] } });
    } else {
      styles.push({ ...base, id: `${layer.key}#point`, type: "circle", paint: { "circle-color": paint, "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 3, 16, 8], "circle-stroke-color": css("--paper"), "circle-stroke-width": 1.5 } });
    }
    return styles;
  }

  /** Uncertain classes are hatched: a dashed edge inside the fill, for eyes that do not tell the colours apart. */
  hatch(layer, base) {
    const unsure = layer.legend.filter((step) => step.pattern).map((step) => step.value);
    return { ...base, id: `${layer.key}#hatch`, type: "line", filter: ["in", ["get", layer.property], ["literal", unsure]], paint: { "line-color": css("--ink"), "line-width": 2, "line-dasharray": [2, 2] } };
  }

  paint(layer) {
    const steps = layer.legend.filter((step) => step.value !== null);
    const rest = colour(layer.legend.find((step) => step.value === null)?.style ?? layer.legend[0]?.style ?? "m-c1");
    if (!steps.length || !layer.property) return rest;
    if (steps.every((step) => typeof step.value === "number")) {
      const parts = ["step", ["to-number", ["get", layer.property]], colour(steps[0].style)];
      for (const step of steps.slice(1)) parts.push(step.value, colour(step.style));
      return parts.length > 3 ? parts : rest;
    }
    return ["match", ["to-string", ["get", layer.property]], ...steps.flatMap((step) => [String(step.value), colour(step.style)]), rest];
  }

  labelStyle(layer) {
    return {
      id: `${layer.key}#label`, type: "symbol", source: layer.key, ...(layer.tiles ? { "source-layer": layer.key } : {}), metadata: { layer: layer.key },
      layout: { visibility: this.on.has(layer.key) ? "visible" : "none", "text-field": ["to-string", ["get", layer.label]], "text-font": ["Sarabun"], "text-size": 14, "text-max-width": 9, "text-line-height": 1.4, "text-padding": 6, ...(layer.geometry === "line" ? { "symbol-placement": "line" } : {}), ...(layer.geometry === "point" ? { "text-anchor": "top", "text-offset": [0, 0.7] } : {}) },
      paint: { "text-color": css("--label"), "text-halo-color": css("--halo"), "text-halo-width": 1.5 },
    };
  }

  /** Features and places of this page that belong to no registered layer. */
  extra() {
    const points = this.config.places.filter((place) => place.lon !== null).map((place) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [place.lon, place.lat] }, properties: { id: place.id, title: place.title, text: place.text, url: place.url, style: "m-c2" },
    }));
    const own = (this.config.features?.features ?? []).map((feature) => ({ ...feature, properties: { style: "m-c3", ...feature.properties } }));
    for (const feature of [...own, ...points]) feature.properties.colour = colour(feature.properties.style);
    return { type: "FeatureCollection", features: [...own, ...points] };
  }

  extraStyles() {
    const of = (kind) => ["==", ["geometry-type"], kind];
    return [
      { id: "extra#fill", type: "fill", source: "extra", filter: of("Polygon"), paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.35 } },
      { id: "extra#line", type: "line", source: "extra", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ["get", "colour"], "line-width": 2 } },
      { id: "extra#point", type: "circle", source: "extra", filter: of("Point"), paint: { "circle-color": ["get", "colour"], "circle-radius": 7, "circle-stroke-color": css("--paper"), "circle-stroke-width": 2 } },
    ];
  }

  icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const image = document.createElementNS(space, "svg");
    image.setAttribute("class", "icon");
    image.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${this.frame.dataset.icons}#${name}`);
    image.append(use);
    return image;
  }

  button(name, words, act) {
    const button = make("button", { type: "button", "aria-label": words, title: words }, this.icon(name));
    button.addEventListener("click", act);
    return button;
  }

  tools() {
    const box = make("div", { class: "map-tools" });
    box.append(this.button("plus", this.words.in, () => this.map.zoomIn()), this.button("minus", this.words.out, () => this.map.zoomOut()));
    box.append(this.button("home", this.words.all, () => this.map.fitBounds(this.config.bounds, { padding: 16 })));
    if (navigator.geolocation) box.append(this.button("locate", this.words.locate, () => this.locate()));
    this.frame.append(box);
  }

  /** Only on request; the place never leaves the browser. */
  locate() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = [coords.longitude, coords.latitude];
        this.here ??= new this.library.Marker({ color: css("--link") });
        this.here.setLngLat(at).addTo(this.map);
        this.map.easeTo({ center: at, zoom: Math.max(this.map.getZoom(), 15) });
      },
      () => say(this.frame, this.words.noPlace),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  }

  /** Legend and switches in one panel inside the map: one thematic layer, any overlays (one at the start). */
  panel() {
    const body = make("div", { class: "map-panel-body" });
    const of = (role) => this.config.layers.filter((layer) => layer.role === role);
    if (of("thematic").length > 1) body.append(this.choices(of("thematic"), this.words.thematic, "radio"));
    if (of("overlay").length || of("thematic").length === 1) body.append(this.choices([...(of("thematic").length === 1 ? of("thematic") : []), ...of("overlay")], this.words.overlay, "checkbox"));
    this.legend = make("div");
    body.append(this.legend);
    if (!body.querySelector("input") && !this.config.layers.some((layer) => layer.role !== "base")) return;
    const wide = this.frame.clientWidth >= 900;
    const panel = make("details", { class: "map-panel", open: wide });
    panel.append(make("summary", {}, this.icon("layers"), this.words.layers), body);
    this.frame.append(panel);
    this.drawLegend();
  }

  choices(layers, words, type) {
    const set = make("fieldset", {}, make("legend", {}, words));
    const name = `${this.frame.dataset.map}-${type}`;
    for (const layer of layers) {
      const input = make("input", { type, name, value: layer.key });
      input.checked = this.on.has(layer.key);
      input.addEventListener("change", () => this.toggle(layers, layer, type, input.checked));
      set.append(make("label", {}, input, make("span", {}, layer.title)));
    }
    if (type === "radio") {
      const none = make("input", { type, name, value: "" });
      none.checked = !layers.some((layer) => this.on.has(layer.key));
      none.addEventListener("change", () => this.toggle(layers, null, type, true));
      set.append(make("label", {}, none, make("span", {}, this.words.none)));
    }
    return set;
  }

  toggle(layers, chosen, type, checked) {
    if (type === "radio") for (const layer of layers) this.on.delete(layer.key);
    if (chosen && checked) this.on.add(chosen.key);
    else if (chosen) this.on.delete(chosen.key);
    for (const style of this.map.getStyle().layers) {
      const key = style.metadata?.layer;
      if (key) this.map.setLayoutProperty(style.id, "visibility", this.on.has(key) ? "visible" : "none");
    }
    this.drawLegend();
  }

  drawLegend() {
    const space = "http://www.w3.org/2000/svg";
    const mark = (step, geometry) => {
      const image = document.createElementNS(space, "svg");
      image.setAttribute("class", "swatch");
      image.setAttribute("viewBox", "0 0 16 16");
      image.setAttribute("aria-hidden", "true");
      const shape = document.createElementNS(space, { point: "circle", line: "path" }[geometry] ?? "rect");
      const places = { point: { cx: 8, cy: 8, r: 6 }, line: { d: "M1 8H15" } }[geometry] ?? { x: 1, y: 1, width: 14, height: 14 };
      for (const [name, value] of Object.entries(places)) shape.setAttribute(name, value);
      shape.setAttribute("class", geometry === "line" ? `m-line ${step.style}` : step.style);
      image.append(shape);
      if (step.pattern) {
        const hatch = document.createElementNS(space, "path");
        hatch.setAttribute("d", "M1 15 15 1M1 8 8 1M8 15l7-7");
        image.append(hatch);
      }
      return image;
    };
    const parts = [];
    const about = new Set();
    for (const layer of this.config.layers) {
      if (layer.role === "base" || !this.on.has(layer.key)) continue;
      const list = make("ul", { class: "legend" });
      for (const step of layer.legend) list.append(make("li", {}, mark(step, layer.geometry), make("span", {}, step.label)));
      parts.push(make("strong", {}, layer.title), list);
      about.add(layer.about);
    }
    for (const words of about) parts.push(make("p", { class: "legend" }, make("span", { class: "about" }, words)));
    this.legend.replaceChildren(...parts);
  }

  dataLayers() {
    const base = new Set(this.config.layers.filter((layer) => layer.role === "base").map((layer) => layer.key));
    return this.map.getStyle().layers.filter((style) => (style.source === "extra" || (style.metadata && !base.has(style.metadata.layer))) && DRAWN.some((end) => style.id.endsWith(end))).map((style) => style.id);
  }

  at(point) {
    const box = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    return this.map.queryRenderedFeatures(box, { layers: this.dataLayers() })[0];
  }

  clicks() {
    const picking = () => this.config.draw || (this.config.pin !== null && this.config.pin !== undefined);
    this.map.on("click", (event) => { if (!picking()) this.card(this.at(event.point)); });
    this.map.on("mousemove", (event) => { this.map.getCanvas().style.cursor = picking() ? "crosshair" : this.at(event.point) ? "pointer" : ""; });
  }

  card(feature) {
    this.frame.querySelector(".map-card")?.remove();
    this.mark(feature?.properties.id);
    if (!feature) return;
    const { properties } = feature;
    const layer = this.config.layers.find((one) => one.key === feature.source);
    const title = properties.title ?? (layer?.label && properties[layer.label]) ?? layer?.title ?? "";
    const url = properties.url || (layer?.page && properties.id ? layer.page.replace("{id}", encodeURIComponent(properties.id)) : "");
    const card = make("div", { class: "map-card", role: "dialog", "aria-label": title, tabindex: "-1" }, make("h3", {}, String(title)));
    if (properties.text) card.append(make("p", {}, properties.text));
    for (const [name, words] of layer?.card ?? []) if (properties[name] !== undefined && properties[name] !== null) card.append(make("p", {}, make("span", { class: "soft" }, `${words}: `), String(properties[name])));
    if (url) card.append(make("a", { href: url }, this.words.open));
    const close = make("button", { type: "button", class: "close", "aria-label": this.words.close }, this.icon("close"));
    close.addEventListener("click", () => { card.remove(); this.map.getCanvas().focus(); });
    card.addEventListener("keydown", (event) => { if (event.key === "Escape") close.click(); });
    card.append(close);
    this.frame.append(card);
    card.focus({ preventScroll: true });
  }

  /** The list twin: each line can show its place; the shown one is marked. */
  list() {
    for (const button of this.figure.querySelectorAll("[data-show]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const place = this.config.places.find((one) => String(one.id) === button.dataset.show);
        this.map.easeTo({ center: [place.lon, place.lat], zoom: Math.max(this.map.getZoom(), 15), animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
        this.card({ source: "extra", properties: place });
      });
    }
  }

  mark(id) {
    for (const line of this.figure.querySelectorAll("[data-place]")) line.classList.toggle("on", id !== undefined && line.dataset.place === String(id));
  }

  cross(words) {
    this.frame.append(Object.assign(this.icon("plus"), {}));
    this.frame.lastElementChild.classList.add("map-cross");
    this.map.getCanvas().setAttribute("aria-label", `${this.frame.dataset.title}. ${words}`);
  }

  /** Calls act(place) on tap, and on Enter for the middle of the map. */
  picking(act) {
    this.map.on("click", (event) => act(event.lngLat));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      act(this.map.getCenter());
    });
  }

  pin() {
    const field = (name) => document.getElementById(`${this.config.pin}${name}`);
    const status = this.figure.querySelector("[data-pin-status]");
    const put = ({ lng, lat }) => {
      this.marker ??= new this.library.Marker({ color: css("--live") });
      this.marker.setLngLat([lng, lat]).addTo(this.map);
      field("lon").value = lng.toFixed(6);
      field("lat").value = lat.toFixed(6);
      if (status) status.textContent = `${this.words.pinned} ${lat.toFixed(5)}, ${lng.toFixed(5)}`;
    };
    if (status) status.textContent = this.words.pinHint;
    this.cross(this.words.pinHint);
    this.picking(put);
    if (field("lon")?.value && field("lat")?.value) put({ lng: Number(field("lon").value), lat: Number(field("lat").value) });
  }

  /** A polygon, corner by corner: by tap, by Enter, or with the buttons below the map. */
  drawing() {
    const field = document.getElementById(this.config.draw);
    const tools = this.figure.querySelector("[data-draw-tools]");
    const status = tools.querySelector("[data-draw-status]");
    this.corners = [];
    try {
      this.corners = JSON.parse(field.value).coordinates[0].slice(0, -1);
    } catch { /* nothing drawn yet */ }
    this.map.addSource("drawn", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({ id: "drawn#fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": css("--late"), "fill-opacity": 0.2 } });
    this.map.addLayer({ id: "drawn#line", type: "line", source: "drawn", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": css("--late"), "line-width": 2.5 } });
    this.map.addLayer({ id: "drawn#point", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": css("--late"), "circle-radius": 5, "circle-stroke-color": css("--paper"), "circle-stroke-width": 2 } });
    const show = () => {
      const ring = [...this.corners, this.corners[0]];
      const whole = this.corners.length > 2;
      const shape = whole ? { type: "Polygon", coordinates: [ring] } : { type: "LineString", coordinates: this.corners };
      const points = this.corners.map((place) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: place } }));
      const features = this.corners.length > 1 ? [{ type: "Feature", properties: {}, geometry: shape }, ...points] : points;
      this.map.getSource("drawn").setData({ type: "FeatureCollection", features });
      field.value = whole ? JSON.stringify(shape) : "";
      const count = this.words.corners.replace("%(n)s", this.corners.length);
      status.textContent = this.corners.length ? count + (whole ? ` · ${this.words.area.replace("%(km2)s", squareKm(ring).toFixed(2))}` : "") : this.words.drawHint;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const add = ({ lng, lat }) => { this.corners.push([Number(lng.toFixed(6)), Number(lat.toFixed(6))]); show(); };
    const acts = { add: () => add(this.map.getCenter()), undo: () => { this.corners.pop(); show(); }, clear: () => { this.corners = []; show(); } };
    for (const button of tools.querySelectorAll("[data-draw]")) button.addEventListener("click", acts[button.dataset.draw]);
    tools.hidden = false;
    this.cross(this.words.drawHint);
    this.picking(add);
    show();
  }
}

/** Area of a small ring in square kilometres, flat around its middle: for the person's eye only. */
function squareKm(ring) {
  const middle = ring.reduce((sum, place) => sum + place[1], 0) / ring.length;
  const kx = 111.32 * Math.cos((middle * Math.PI) / 180), ky = 110.57;
  let twice = 0;
  for (let i = 0; i < ring.length - 1; i++) twice += ring[i][0] * kx * ring[i + 1][1] * ky - ring[i + 1][0] * kx * ring[i][1] * ky;
  return Math.abs(twice) / 2;
}
