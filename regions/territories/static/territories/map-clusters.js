/* Points that would overlap become one mark with their number, at each zoom anew. */
const APART = 46; // pixels between two marks: a finger's width

/** Groups of items ({ at: [lat, lng], … }) that lie within a mark of each other on the screen. */
export function groupByDistance(items, project, apart = APART) {
  const groups = [];
  const cells = new Map();
  const cellOf = ({ x, y }) => [Math.floor(x / apart), Math.floor(y / apart)];
  for (const item of items) {
    const point = project(item.at);
    const [column, row] = cellOf(point);
    let nearest = null;
    let least = apart;
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (const group of cells.get(`${column + dx} ${row + dy}`) ?? []) {
          const distance = Math.hypot(group.point.x - point.x, group.point.y - point.y);
          if (distance < least) [nearest, least] = [group, distance];
        }
      }
    }
    if (nearest) {
      nearest.items.push(item);
      continue;
    }
    const group = { point, at: item.at, items: [item] };
    const key = `${column} ${row}`;
    groups.push(group);
    cells.set(key, [...(cells.get(key) ?? []), group]);
  }
  return groups;
}
