/*
 * Maps of the platform: <div data-territories-map>, written by territories/map.html.
 *
 * What is shown is GeoJSON, in data-geojson or at the address data-src: points (properties title,
 * text, url, kind, id, and button: {name, value, label} of the form around the map), lines (the
 * same; routes) and polygons (areas). The list beside the map says the same in words; an element
 * with data-map-feature="<id>" lights up its feature.
 */
import { Ground } from "./map-base.js";
import { groupByDistance } from "./map-clusters.js";

const METROPOLE = [
  [41.3, -5.2],
  [51.1, 9.6],
];
const CLOSEST_FIT = 12;
const CLOSEST = 13;
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
const isFinger = matchMedia("(pointer: coarse)").matches;

async function leafletFrom(address) {
  if (!globalThis.L) await import(address); // it names itself on the window
  return globalThis.L;
}

async function featuresOf({ geojson, src }) {
  if (geojson) return JSON.parse(geojson).features ?? [];
  if (!src) return [];
  const response = await fetch(src, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${src}: ${response.status}`);
  return (await response.json()).features ?? [];
}

/** What a mark says when opened: a link if there is an address, a line of text, a form's button. */
function card(properties) {
  const item = document.createElement(properties.url ? "a" : "div");
  item.className = "territories-map__card";
  if (properties.url) item.href = properties.url;
  const title = document.createElement("strong");
  title.textContent = properties.title ?? "";
  item.append(title);
  if (properties.text) {
    const text = document.createElement("span");
    text.textContent = properties.text;
    item.append(text);
  }
  if (properties.button) {
    const button = document.createElement("button");
    button.className = "btn btn--secondary btn--small";
    button.name = properties.button.name;
    button.value = properties.button.value;
    button.textContent = properties.button.label;
    item.append(button);
  }
  return item;
}

function cards(list) {
  const box = document.createElement("div");
  box.className = "territories-map__cards";
  box.append(...list.map((one) => card(one.properties)));
  return box;
}

class TerritoriesMap {
  constructor(L, element, features) {
    this.L = L;
    this.element = element;
    this.words = element.dataset;
    this.points = [];
    this.shapes = [];
    this.byId = new Map();
    this.map = L.map(element, {
      zoomControl: false,
      attributionControl: false,
      scrollWheelZoom: false, // a page is scrolled over a map more often than a map is zoomed
      dragging: !isFinger || element.matches(".territories-map--panel"),
      zoomSnap: this.words.tiles ? 1 : 0.25, // without tiles any zoom is sharp: fill the frame
      minZoom: 4,
      maxZoom: CLOSEST,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      markerZoomAnimation: !isStill,
      inertia: !isStill,
    });
    const { zoomIn, zoomOut } = this.words;
    L.control.zoom({ position: "topright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(this.map);
    this.credits = L.control.attribution({ prefix: false }).addTo(this.map);
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur mouseout", () => this.map.scrollWheelZoom.disable());
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.map.closePopup();
    });
    this.map.on("popupopen", (event) => this.opened(event.popup));
    this.marks = L.layerGroup().addTo(this.map);
    features.forEach((feature) => this.add(feature));
  }

  add({ geometry, properties: given }) {
    if (!geometry) return;
    const { L } = this;
    const properties = given ?? {};
    if (geometry.type === "Point") {
      const [lng, lat] = geometry.coordinates;
      this.points.push({ at: [lat, lng], properties });
      return;
    }
    const isArea = geometry.type.endsWith("Polygon");
    const points = L.GeoJSON.coordsToLatLngs(
      geometry.coordinates,
      { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type],
    );
    const style = (name) => ({ className: `territories-map__${name}`, smoothFactor: 1, fillRule: "evenodd" });
    const kind = properties.kind ? ` territories-map__area--${properties.kind.replace(/[^a-z0-9-]/g, "")}` : "";
    const layers = isArea
      ? [L.polygon(points, { ...style(`area${kind}`), interactive: Boolean(properties.title) })]
      : [
          L.polyline(points, { ...style("casing"), interactive: false }),
          L.polyline(points, { ...style("route"), interactive: Boolean(properties.title) }),
        ];
    const group = L.featureGroup(layers).addTo(this.map);
    if (properties.title) group.bindPopup(() => card(properties));
    this.shapes.push(group);
    if (properties.id !== undefined) this.byId.set(String(properties.id), { group });
  }

  /** What to frame: a journey's two ends where they are given, else everything. */
  bounds() {
    const ends = this.points.filter(({ properties }) => ["origin", "destination"].includes(properties.kind));
    if (ends.length > 1) return this.L.latLngBounds(ends.map((point) => point.at)).pad(0.1);
    const bounds = this.L.latLngBounds(this.points.map((point) => point.at));
    return this.shapes.reduce((all, group) => all.extend(group.getBounds()), bounds);
  }

  async show() {
    const { L, map, words } = this;
    const regions = (words.regions ?? "").split(",").filter(Boolean);
    let wide = L.latLngBounds(METROPOLE);
    let ground = null;
    if (words.tiles) {
      L.tileLayer(words.tiles, { maxZoom: 19, attribution: words.tilesCredit }).addTo(map);
      map.setMaxZoom(19);
    }
    if (words.contours && (!words.tiles || regions.length)) {
      ground = new Ground(L, map, { contours: words.contours, regions });
      try {
        const home = await ground.load();
        if (home.isValid()) wide = home;
        if (!words.tiles) this.credits.addAttribution(words.credit);
      } catch {
        ground = null; // marks without ground are still a map
      }
    }
    const own = this.bounds();
    // No mark under the buttons at the right.
    const room = { animate: false, paddingTopLeft: [36, 36], paddingBottomRight: [80, 36], maxZoom: CLOSEST_FIT };
    if (own.isValid()) map.fitBounds(own, room);
    else map.fitBounds(wide, { animate: false, padding: [8, 8] });
    map.on("zoomend", () => this.mark());
    this.mark();
    if (ground && !words.tiles) ground.start(() => this.marks.getLayers().map((mark) => mark.getLatLng()));
    this.pair();
    if (words.pick) this.pick(this.element.closest("form"), words.pick);
  }

  /** Lets people put one point, kept in a hidden control of the form; fields say the same in words. */
  pick(form, name) {
    const { L, map } = this;
    const input = form.elements.namedItem(name);
    let marker = null;
    const put = (at) => {
      marker?.remove();
      marker = null;
      input.value = at ? `${at.lat.toFixed(5)},${at.lng.toFixed(5)}` : "";
      if (!at) return;
      marker = L.marker(at, {
        icon: L.divIcon({
          className: "territories-map__mark territories-map__mark--destination",
          html: document.createElement("span"),
          iconSize: [32, 32],
        }),
      }).addTo(map);
      marker.getElement().setAttribute("aria-label", this.words.picked);
      marker.getElement().title = this.words.picked;
      marker.on("click keypress", (event) => {
        L.DomEvent.stop(event.originalEvent ?? event);
        put(null);
      });
    };
    const at = input.value || this.words.near;
    if (at) {
      const [lat, lng] = at.split(",").map(Number);
      map.setView([lat, lng], CLOSEST_FIT, { animate: false });
      if (input.value) put({ lat, lng });
    }
    map.on("click", (event) => put(event.latlng));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.element) return;
      event.preventDefault();
      put(map.getCenter());
    });
    form.addEventListener("municipality:chosen", ({ detail }) => {
      put(null);
      if (detail.lat) map.setView([detail.lat, detail.lon], CLOSEST_FIT, { animate: !isStill });
    });
  }

  /** Draws the points, those too near each other as one. */
  mark() {
    const { L, map } = this;
    this.marks.clearLayers();
    for (const point of this.points) if (point.properties.id !== undefined) this.byId.delete(String(point.properties.id));
    const project = (at) => map.project(at, map.getZoom());
    for (const { at, items } of groupByDistance(this.points, project)) {
      const isGroup = items.length > 1;
      const symbol = document.createElement("span");
      if (isGroup) symbol.textContent = String(items.length);
      const kind = isGroup ? "group" : (items[0].properties.kind ?? "place").replace(/[^a-z-]/g, "");
      const marker = L.marker(at, {
        icon: L.divIcon({
          className: `territories-map__mark territories-map__mark--${kind}`,
          html: symbol,
          iconSize: isGroup ? [44, 44] : [32, 32],
        }),
        riseOnHover: true,
      });
      const label = isGroup ? this.words.group.replace("{n}", items.length) : items[0].properties.title;
      marker.on("add", () => marker.getElement().setAttribute("aria-label", label ?? ""));
      if (isGroup) marker.on("click keypress", (event) => this.spread(marker, items, event));
      else marker.bindPopup(() => cards(items), { offset: [0, -8], minWidth: 180, autoPanPaddingTopRight: [60, 12] });
      this.marks.addLayer(marker);
      for (const { properties } of items) {
        if (properties.id !== undefined) this.byId.set(String(properties.id), { marker });
      }
    }
  }

  /** Goes nearer until the group parts; what stays together opens as a list. */
  spread(marker, items, event) {
    const key = event.originalEvent?.key;
    if (key && key !== "Enter" && key !== " ") return;
    const bounds = this.L.latLngBounds(items.map((item) => item.at));
    const nearer = this.map.getBoundsZoom(bounds.pad(0.3));
    if (nearer > this.map.getZoom() && !bounds.getNorthEast().equals(bounds.getSouthWest(), 1e-4)) {
      this.map.setView(bounds.getCenter(), Math.min(nearer, CLOSEST), { animate: !isStill });
      this.element.focus({ preventScroll: true }); // the mark itself is about to go
      return;
    }
    marker.unbindPopup().bindPopup(() => cards(items), { offset: [0, -14], minWidth: 200, maxHeight: 260 }).openPopup();
  }

  /** Names the closing button; leads the keyboard into the card, and back when it closes. */
  opened(popup) {
    const element = popup.getElement();
    const before = document.activeElement;
    element.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.words.close);
    if (!before?.matches(".leaflet-marker-icon")) return;
    element.querySelector("a[href], button[name]")?.focus({ preventScroll: true });
    this.map.once("popupclose", () => {
      if (element.contains(document.activeElement) || document.activeElement === document.body) before.focus();
    });
  }

  /** Lights up a feature while its twin in the list is pointed at or focused. */
  pair() {
    const light = (isOn) => (event) => {
      const twin = event.target.closest?.("[data-map-feature]");
      const found = twin && this.byId.get(twin.dataset.mapFeature);
      if (!found) return;
      found.marker?.getElement()?.classList.toggle("is-lit", isOn);
      found.marker?.setZIndexOffset(isOn ? 1000 : 0);
      found.group?.eachLayer((layer) => layer.getElement()?.classList.toggle("is-lit", isOn));
      if (isOn) found.group?.bringToFront();
    };
    for (const [kind, isOn] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      document.addEventListener(kind, light(isOn));
    }
  }
}

async function begin(element) {
  if (element.dataset.begun) return;
  element.dataset.begun = "true";
  try {
    const [L, features] = await Promise.all([leafletFrom(element.dataset.leaflet), featuresOf(element.dataset)]);
    await new TerritoriesMap(L, element, features).show();
    element.dataset.ready = "true";
  } catch (error) {
    element.hidden = true; // the list says the same
    throw error;
  }
}

/* Only what comes into sight is loaded: a phone that shows the list first pays for no map. */
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      begin(entry.target);
    }
  },
  { rootMargin: "200px" },
);
const watch = (root) => {
  for (const element of root.querySelectorAll("[data-territories-map]")) watcher.observe(element);
};
watch(document);
document.addEventListener("htmx:afterSwap", (event) => watch(event.target));
