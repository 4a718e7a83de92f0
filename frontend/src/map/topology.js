// Corners and edges of a plan's objects: what changed, what is shared, what a place snaps to. Pure: GeoJSON geometries in,
// numbers in metres; tests run it without a browser.

export const MEETING = 0.002; // metres: corners nearer than this are one (Flächenschluss)

const apart = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

/** All chains of corners of a geometry: rings, lines, points. */
export function chains({ type, coordinates }) {
  if (type === "Point") return [[coordinates]];
  if (type === "LineString" || type === "MultiPoint") return [coordinates];
  if (type === "Polygon" || type === "MultiLineString") return coordinates;
  if (type === "MultiPolygon") return coordinates.flat();
  return [];
}

/** Whether two geometries are drawn differently, by half a millimetre and more. */
export function differs(before, after) {
  const [old, now] = [chains(before), chains(after)];
  if (before.type !== after.type || old.length !== now.length) return true;
  return old.some((chain, index) => chain.length !== now[index].length || chain.some((corner, at) => apart(corner, now[index][at]) >= 0.0005));
}

/** The objects ({id, geometry}) that have a corner at this place. */
export function sharing(objects, place) {
  return objects.filter(({ geometry }) => chains(geometry).some((chain) => chain.some((corner) => apart(corner, place) < MEETING)));
}

function footOf([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return [ax + share * dx, ay + share * dy];
}

function closest(place, candidates, within) {
  let best = null;
  for (const candidate of candidates) {
    const distance = apart(place, candidate);
    if (distance <= within && (!best || distance < best.distance)) best = { distance, candidate };
  }
  return best?.candidate ?? null;
}

/** The nearest corner within so many metres, else the nearest place on an edge, else the place itself; on millimetres. */
export function snapped(geometries, place, within) {
  const all = geometries.flatMap(chains);
  const corner = closest(place, all.flat(), within);
  if (corner) return corner;
  const feet = all.flatMap((chain) => chain.slice(1).map((end, index) => footOf(place, chain[index], end)));
  return (closest(place, feet, within) ?? place).map((number) => Math.round(number * 1000) / 1000);
}
