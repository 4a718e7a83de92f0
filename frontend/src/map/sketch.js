// A place that somebody draws, corner by corner. Pure: coordinates in, GeoJSON-like geometry out; tests run it without a browser.

export const LEAST = { point: 1, line: 2, area: 3 }; // corners that make a geometry

export const start = (kind) => ({ kind, corners: [] });

const same = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by) < 0.01; // metres

/** Adds a corner; a point has only one, so a new one replaces it; the same place twice in a row counts once. */
export function add(sketch, corner) {
  if (sketch.kind === "point") return { ...sketch, corners: [corner] };
  const last = sketch.corners.at(-1);
  return last && same(last, corner) ? sketch : { ...sketch, corners: [...sketch.corners, corner] };
}

export const undo = (sketch) => ({ ...sketch, corners: sketch.corners.slice(0, -1) });

export const missing = (sketch) => Math.max(0, LEAST[sketch.kind] - sketch.corners.length);

/** The geometry as GeoJSON coordinates say it, or null while corners are missing. */
export function geometry(sketch) {
  const { kind, corners } = sketch;
  if (missing(sketch) > 0) return null;
  if (kind === "point") return { type: "Point", coordinates: corners[0] };
  if (kind === "line") return { type: "LineString", coordinates: corners };
  return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
}

/** The sketch of a stored geometry, so that a draft can be gone on with; null for anything we do not draw. */
export function of(stored) {
  if (stored?.type === "Point") return { kind: "point", corners: [stored.coordinates] };
  if (stored?.type === "LineString") return { kind: "line", corners: stored.coordinates };
  if (stored?.type === "Polygon") return { kind: "area", corners: stored.coordinates[0].slice(0, -1) };
  return null;
}
