// The Planzeichen in the browser: lines, bands, marks and signs on a canvas, after the catalogue that the server draws with, too.
// Lengths of the catalogue are millimetres on paper; y points down.

let loading;

/** The catalogue of root's data-planzeichen; fetched once for all maps of a page. {symbols, figures} */
export function loadCatalogue(root) {
  loading ??= fetch(root.dataset.planzeichen).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return answer.json();
  });
  return loading;
}

export const MM = 96 / 25.4; // CSS pixels per millimetre
const SMALLEST = 0.4; // of their size on paper, however far away; as the server does
const CORNER = (25 * Math.PI) / 180; // a sharper turn ends an edge
const FINEST = 4; // pixels from one mark to the next; closer would be grey, not marks
const MARKS = 4000; // along one outline

/** Pixels per millimetre of a sign: its size on paper up to the reference scale, smaller beyond, in few steps so that styles can be kept. */
export function scaleAt(resolution, reference) {
  const denominator = (resolution * 1000) * MM;
  const factor = Math.min(1, Math.max(SMALLEST, Math.sqrt(reference / denominator)));
  return MM * Math.round(factor * 10) / 10;
}

export function hatchPattern({ fill, hatch }, scale) {
  const step = Math.max(4, Math.round(hatch.step * scale * Math.SQRT2));
  const tile = document.createElement("canvas");
  tile.width = tile.height = step;
  const pen = tile.getContext("2d");
  if (fill) {
    pen.fillStyle = fill;
    pen.fillRect(0, 0, step, step);
  }
  pen.strokeStyle = hatch.colour;
  pen.lineWidth = Math.max(0.6, hatch.width * scale);
  pen.lineCap = "square";
  pen.beginPath();
  for (const shift of [-step, 0, step]) {
    pen.moveTo(shift, step);
    pen.lineTo(shift + step, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

/** All lines of pixel coordinates as OpenLayers hands them: [[points, isRing], …] */
function linesOf(coordinates, type) {
  if (type === "LineString") return [[coordinates, false]];
  if (type === "MultiLineString") return coordinates.map((line) => [line, false]);
  if (type === "Polygon") return coordinates.map((ring) => [ring, true]);
  if (type === "MultiPolygon") return coordinates.flat().map((ring) => [ring, true]);
  return [];
}

function trace(context, lines) {
  context.beginPath();
  for (const [points, isRing] of lines) {
    points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (isRing) context.closePath();
  }
}

/** A band inside or outside of an area: a line of twice its width, cut off at the outline. */
export function drawBand(context, coordinates, type, band, scale) {
  const lines = linesOf(coordinates, type);
  const isArea = lines.some(([, isRing]) => isRing);
  const side = isArea ? band.side : "centre";
  context.save();
  if (side !== "centre") {
    trace(context, lines);
    if (side === "outside") {
      const { width, height } = context.canvas;
      context.rect(-width, -height, 3 * width, 3 * height);
    }
    context.clip("evenodd");
  }
  trace(context, lines);
  context.strokeStyle = band.colour;
  context.lineWidth = band.width * scale * (side === "centre" ? 1 : 2);
  context.setLineDash((band.dash ?? []).map((length) => length * scale));
  context.stroke();
  context.restore();
}

const areaOf = (ring) => ring.reduce((sum, [x, y], place) => {
  const [u, v] = ring[(place + 1) % ring.length];
  return sum + x * v - u * y;
}, 0);

/** Outer rings with what is inside on the side of (-ty, tx), holes the other way round. */
function turned(coordinates, type) {
  if (!type.includes("Polygon")) return linesOf(coordinates, type).map(([points]) => points);
  const areas = type === "Polygon" ? [coordinates] : coordinates;
  return areas.flatMap((rings) => rings.map((ring, place) => {
    return areaOf(ring) > 0 === (place === 0) ? ring : [...ring].reverse();
  }));
}

/** [x, y, tx, ty] of each mark: even distances between two corners, none at a corner. */
export function marksAlong(points, step) {
  const found = [];
  const edges = [];
  let last = null;
  for (let place = 1; place < points.length; place += 1) {
    const [x, y] = points[place - 1];
    const length = Math.hypot(points[place][0] - x, points[place][1] - y);
    if (!length) continue;
    const angle = Math.atan2(points[place][1] - y, points[place][0] - x);
    const turn = last === null ? Infinity : Math.abs(((angle - last + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
    if (turn > CORNER) edges.push([]);
    edges.at(-1).push([x, y, angle, length]);
    last = angle;
  }
  for (const edge of edges) {
    const whole = edge.reduce((sum, part) => sum + part[3], 0);
    const count = Math.min(Math.round(whole / step), MARKS - found.length);
    let index = 0, passed = 0;
    for (let mark = 0; mark < count; mark += 1) {
      const at = ((mark + 0.5) * whole) / count;
      while (index < edge.length - 1 && passed + edge[index][3] < at) passed += edge[index++][3];
      const [x, y, angle] = edge[index];
      const tx = Math.cos(angle), ty = Math.sin(angle);
      found.push([x + tx * (at - passed), y + ty * (at - passed), tx, ty]);
    }
  }
  return found;
}

const paths = new Map(); // path data -> Path2D

export function drawFigure(context, figure) {
  for (const { d, fill, stroke, width } of figure.parts) {
    if (!paths.has(d)) paths.set(d, new Path2D(d));
    const path = paths.get(d);
    if (fill) {
      context.fillStyle = fill;
      context.fill(path);
    }
    if (stroke) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.stroke(path);
    }
  }
}

export function drawMarks(context, coordinates, type, { marks, figures, scale }) {
  if (marks.step * scale < FINEST) return;
  context.save();
  context.setLineDash([]);
  for (const points of turned(coordinates, type)) {
    for (const [x, y, tx, ty] of marksAlong(points, marks.step * scale)) {
      const inset = marks.inset * scale;
      context.save();
      context.transform(tx * scale, ty * scale, -ty * scale, tx * scale, x - ty * inset, y + tx * inset);
      drawFigure(context, figures[marks.figure]);
      context.restore();
    }
  }
  context.restore();
}
