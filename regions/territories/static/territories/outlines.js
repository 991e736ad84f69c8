/* Reads the compact notation of contours that regions/territories/outlines.py describes. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index += 1) VALUE[ALPHABET.charCodeAt(index)] = index;

/** A function that gives the next integer of the text, and NaN after the last. */
export function reader(text) {
  let at = 0;
  return () => {
    let value = 0;
    let factor = 1;
    while (at < text.length) {
      const group = VALUE[text.charCodeAt(at++)];
      value += (group & 31) * factor;
      if (group < 32) return value % 2 ? -(value + 1) / 2 : value / 2;
      factor *= 32;
    }
    return Number.NaN;
  };
}

/** Arcs as lists of [latitude, longitude]. */
export function readArcs(text, perDegree) {
  const next = reader(text);
  const arcs = [];
  let x = 0;
  let y = 0;
  for (let length = next(); !Number.isNaN(length); length = next()) {
    const arc = [];
    for (let point = 0; point < length; point += 1) {
      x += next();
      y += next();
      arc.push([y / perDegree, x / perDegree]);
    }
    arcs.push(arc);
  }
  return arcs;
}

/** For each area its polygons, for each its rings, for each its arcs: n, or ~n when backwards. */
export function readShapes(text) {
  const next = reader(text);
  const shapes = [];
  let unused = 0;
  const list = (length, item) => Array.from({ length }, item);
  const arc = () => {
    const back = next();
    if (back === 0) return unused++;
    return back < 0 ? unused + back : ~(unused - back);
  };
  for (let polygons = next(); !Number.isNaN(polygons); polygons = next()) {
    shapes.push(list(polygons, () => list(next(), () => list(next(), arc))));
  }
  return shapes;
}

/** The points of a ring. */
export function ringPoints(arcs, ring) {
  return ring.flatMap((number) => (number < 0 ? arcs[~number].toReversed() : arcs[number]).slice(0, -1));
}

/** For each arc the areas (their numbers) it is a border of: two inside, one on the outside. */
export function arcOwners(arcs, shapes) {
  const owners = arcs.map(() => []);
  shapes.forEach((polygons, area) => {
    for (const number of polygons.flat(2)) owners[number < 0 ? ~number : number].push(area);
  });
  return owners;
}

/** Join lines end to end into closed rings, for one shape out of the outer arcs of many. */
export function chain(lines) {
  const key = (point) => `${point[0]} ${point[1]}`;
  const ends = new Map();
  const add = (point, index) => {
    const found = ends.get(key(point));
    if (found) found.push(index);
    else ends.set(key(point), [index]);
  };
  lines.forEach((line, index) => {
    add(line[0], index);
    add(line.at(-1), index);
  });
  const used = new Set();
  const rings = [];
  lines.forEach((line, index) => {
    if (used.has(index)) return;
    used.add(index);
    const ring = [...line];
    for (;;) {
      const tip = ring.at(-1);
      const follower = ends.get(key(tip)).find((candidate) => !used.has(candidate));
      if (follower === undefined) break;
      used.add(follower);
      const points = lines[follower];
      const forward = points[0][0] === tip[0] && points[0][1] === tip[1];
      ring.push(...(forward ? points : points.toReversed()).slice(1));
    }
    rings.push(ring);
  });
  return rings;
}
