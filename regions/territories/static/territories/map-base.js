/*
 * The ground of a map, drawn from the bundled contours: départements from afar, municipalities
 * from near, names of towns. Colours are classes of map.css, so they follow the page's scheme.
 */
import { arcOwners, chain, readArcs, readShapes, reader, ringPoints } from "./outlines.js";

const NEAR = 9; // from this zoom on, municipalities
const MOST_DETAILED = 8; // départements fetched for one view
/** Towns are named from this many inhabitants on, by zoom. */
const NAMED_FROM = { 5: 200000, 6: 120000, 7: 60000, 8: 30000, 9: 8000, 10: 2500, 11: 600 };
/** Zooms between which the names of départements are written where there is room. */
const DEPARTEMENTS_NAMED = [6.75, 8.75];
const MOST_NAMES = 40;
const MARK = 22; // half a mark, in pixels

const documents = new Map();

function fetchContours(address, level, code) {
  const url = address.replace("level/code", `${level}/${code}`);
  if (!documents.has(url)) {
    const loading = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return response.json();
    });
    loading.catch(() => documents.delete(url));
    documents.set(url, loading);
  }
  return documents.get(url);
}

function towns(document) {
  const next = reader(document.at);
  let lat = 0;
  let lng = 0;
  return document.name.map((name, index) => {
    lat += next();
    lng += next();
    return { name, population: document.population[index] ?? 0, at: [lat / 1e4, lng / 1e4] };
  });
}

/** Draws the ground on `map` and keeps it right as the map moves. */
export class Ground {
  constructor(L, map, { contours, regions }) {
    this.L = L;
    this.map = map;
    this.address = contours;
    this.regions = new Set(regions);
    this.near = new Map();
    map.createPane("ground").classList.add("territories-map__ground");
    map.getPane("ground").style.zIndex = 150;
    const names = map.createPane("names");
    names.style.zIndex = 450; // above routes, below marks
    names.style.pointerEvents = "none";
    names.setAttribute("aria-hidden", "true");
    this.renderer = L.svg({ pane: "ground", padding: 0.6 });
    this.names = L.layerGroup().addTo(map);
  }

  /** Fetches the country; gives the bounds of the regions asked for (all of them when none). */
  async load() {
    const { L } = this;
    const country = await fetchContours(this.address, "departements", "france");
    const arcs = readArcs(country.arcs, country.perDegree);
    const shapes = readShapes(country.rings);
    const owners = arcOwners(arcs, shapes);
    const region = country.departements.map((row) => row[2]);
    this.towns = country.towns.map(([name, population, lat, lng]) => ({ name, population, at: [lat, lng] }));
    this.departements = country.departements.flatMap(([code, name, home, ...at], index) => {
      if (!shapes[index].length) return [];
      const rings = shapes[index].map((polygon) => polygon.map((ring) => ringPoints(arcs, ring)));
      const layer = this.polygon(rings, this.isHome(home) ? "land" : "land territories-map__land--away");
      return [{ code, name, home, at, layer, bounds: layer.getBounds() }];
    });
    const abroad = readArcs(country.abroad.arcs, country.abroad.perDegree);
    readShapes(country.abroad.rings)
      .flat()
      .map((polygon) => polygon.map((ring) => ringPoints(abroad, ring)))
      .forEach((rings) => this.polygon(rings, "abroad").addTo(this.map));
    const lines = (test) => arcs.filter((arc, index) => test(owners[index]));
    const differ = ([one, other]) => other !== undefined && region[one] !== region[other];
    this.limits = L.layerGroup([
      this.line(lines((own) => own.length === 2 && !differ(own)), "limit"),
      this.line(lines(differ), "limit territories-map__limit--region"),
      this.line(lines((own) => own.length === 1), "shore"),
    ]);
    const home = this.departements.filter((one) => this.regions.size && this.isHome(one.home));
    return home.reduce((bounds, one) => bounds.extend(one.bounds), L.latLngBounds([]));
  }

  isHome(region) {
    return !this.regions.size || this.regions.has(region);
  }

  polygon(rings, kind) {
    return this.L.polygon(rings, {
      renderer: this.renderer,
      pane: "ground",
      interactive: false,
      stroke: false,
      smoothFactor: 0.6,
      className: `territories-map__${kind}`,
    });
  }

  line(lines, kind) {
    return this.L.polyline(lines, {
      renderer: this.renderer,
      pane: "ground",
      interactive: false,
      smoothFactor: 0.6,
      className: `territories-map__${kind}`,
    });
  }

  /** Begins to draw; call once the map has a view. Names keep clear of the points `marks` gives. */
  start(marks) {
    this.marks = marks;
    this.map.on("moveend", () => this.draw());
    this.draw();
  }

  draw() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds().pad(0.2);
    const isNear = zoom >= NEAR;
    const inView = this.departements.filter((one) => one.bounds.intersects(view));
    if (isNear) inView.slice(0, MOST_DETAILED).forEach((one) => this.approach(one));
    for (const one of this.departements) {
      const detailed = isNear && this.near.get(one.code)?.layers;
      this.toggle(one.layer, !detailed);
    }
    for (const { layers } of this.near.values()) if (layers) this.toggle(layers, isNear);
    this.toggle(this.limits, !isNear);
    this.name();
  }

  toggle(layer, wanted) {
    if (wanted === this.map.hasLayer(layer)) return;
    if (wanted) layer.addTo(this.map);
    else layer.remove();
  }

  /** Fetches a département's municipalities and puts them in the place of its plain shape. */
  async approach(departement) {
    if (this.near.has(departement.code)) return;
    const entry = {};
    this.near.set(departement.code, entry);
    let document;
    try {
      document = await fetchContours(this.address, "communes", departement.code);
    } catch {
      this.near.delete(departement.code); // tried again at the next move
      return;
    }
    const arcs = readArcs(document.arcs, document.perDegree);
    const owners = arcOwners(arcs, readShapes(document.rings));
    const outer = arcs.filter((arc, index) => owners[index].length === 1);
    const inner = arcs.filter((arc, index) => owners[index].length === 2);
    const away = this.isHome(departement.home) ? "" : " territories-map__land--away";
    entry.layers = this.L.layerGroup([
      this.polygon(chain(outer), `land${away}`),
      this.line(inner, "limit territories-map__limit--municipality"),
      this.line(outer, "limit"),
    ]);
    entry.towns = towns(document);
    this.draw();
  }

  /** Writes the names of the biggest towns that have room. */
  name() {
    const { L, map } = this;
    const zoom = map.getZoom();
    const least = NAMED_FROM[Math.min(Math.max(Math.floor(zoom), 5), 12)] ?? 0;
    const view = map.getBounds();
    const known = new Map(this.towns.map((town) => [`${town.name} ${town.at}`, town]));
    if (zoom >= NEAR) {
      for (const { towns: own = [] } of this.near.values()) {
        for (const town of own) known.set(`${town.name} ${town.at}`, town);
      }
    }
    const candidates = [...known.values()]
      .filter((town) => town.population >= least && view.contains(town.at))
      .sort((one, other) => other.population - one.population);
    const taken = this.marks().map((at) => {
      const { x, y } = map.latLngToContainerPoint(at);
      return [x - MARK, y - MARK, x + MARK, y + MARK];
    });
    const corner = map.getContainer().getBoundingClientRect();
    for (const control of map.getContainer().querySelectorAll(".leaflet-control")) {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      taken.push([left - corner.left, top - corner.top, right - corner.left, bottom - corner.top]);
    }
    const most = taken.length + MOST_NAMES;
    const frame = map.getSize();
    const write = (name, at, kind, letter) => {
      const { x, y } = map.latLngToContainerPoint(at);
      const half = (name.length * letter) / 2 + 8;
      const box = [x - half, y - 11, x + half, y + 11];
      if (box[0] < 0 || box[1] < 0 || box[2] > frame.x || box[3] > frame.y) return;
      if (taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1])) return;
      taken.push(box);
      const text = document.createElement("span");
      text.textContent = name;
      L.marker(at, {
        pane: "names",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: `territories-map__name ${kind}`, html: text, iconSize: [0, 0] }),
      }).addTo(this.names);
    };
    this.names.clearLayers();
    for (const town of candidates) {
      if (taken.length >= most) break;
      write(town.name, town.at, "", 7.2);
    }
    if (zoom < DEPARTEMENTS_NAMED[0] || zoom > DEPARTEMENTS_NAMED[1]) return;
    for (const { name, at } of this.departements) {
      if (view.contains(at)) write(name, at, "territories-map__name--departement", 10.5);
    }
  }
}
