import { getHeight, getWidth } from "ol/extent.js";
import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import { fromExtent } from "ol/geom/Polygon.js";
import { toContext } from "ol/render.js";
import { Circle, Fill, Icon, Stroke, Style, Text } from "ol/style.js";
import { stackOf, textBlock } from "./lettering.js";
import { drawBand, drawMarks, hatchPattern, MM, scaleAt } from "./planzeichen.js";

const DENSITY = Math.min(3, Math.ceil(globalThis.devicePixelRatio ?? 1)); // of the pictures of signs
const LEAST_ROOM = 3; // pixels around the middle; less holds no sign
const UNSEEN = "rgb(255 255 255 / 0.5%)";
const CHOSEN = "#1a3da5", HALO = "#ffffff"; // the plan stays on white paper in the dark look, too
export const shapeOf = (type) => (/Polygon|Collection/.test(type) ? "area" : /Line/.test(type) ? "line" : "point");

function strokeOf({ colour, width, dash = [], round }, scale) {
  return new Stroke({
    color: colour, width: Math.max(0.4, width * scale), lineDash: dash.length ? dash.map((length) => Math.max(0.5, length * scale)) : undefined,
    lineCap: round ? "round" : "butt",
  });
}

function fillOf(symbol, scale) {
  if (symbol.hatch) return new Fill({ color: hatchPattern(symbol, scale * DENSITY) });
  return new Fill({ color: symbol.fill || UNSEEN }); // an invisible filling makes a mere outline hittable
}

const nothing = () => {};

function special(symbol, zIndex, draw) {
  return new Style({ zIndex, renderer: (coordinates, state) => draw(state.context, coordinates, state.geometry.getType(), state.pixelRatio), hitDetectionRenderer: nothing });
}

/** Filling and line; one style draws faster than two, but a band lies between them. */
function plain(symbol, shape, scale, level) {
  const stroke = symbol.stroke ? strokeOf(symbol.stroke, scale) : undefined;
  if (shape !== "area") return [new Style({ stroke: stroke ?? new Stroke({ color: UNSEEN, width: 4 }), zIndex: level + 2 })];
  const fill = fillOf(symbol, scale);
  if (!symbol.band || !stroke) return [new Style({ fill, stroke, zIndex: level })];
  return [new Style({ fill, zIndex: level }), new Style({ stroke, zIndex: level + 2 })];
}

/** Styles of a symbol for one kind of geometry: filling, band, line, marks. */
function stylesOf(symbol, shape, scale, { figures }) {
  const { band, marks } = symbol;
  const level = symbol.level * 10 + (shape === "line" ? 5 : 0);
  const found = plain(symbol, shape, scale, level);
  if (band) found.push(special(symbol, level + 1, (context, coordinates, type, ratio) => drawBand(context, coordinates, type, band, scale * ratio)));
  if (marks) found.push(special(symbol, level + 3, (context, coordinates, type, ratio) => drawMarks(context, coordinates, type, { marks, figures, scale: scale * ratio })));
  return found;
}

/** A picture of what is drawn in millimetres. */
function pictureOf({ width, height, draw }, scale) {
  const canvas = document.createElement("canvas");
  const factor = scale * DENSITY;
  canvas.width = Math.ceil((width + 1) * factor);
  canvas.height = Math.ceil((height + 1) * factor);
  const context = canvas.getContext("2d");
  context.translate(canvas.width / 2, canvas.height / 2);
  context.scale(factor, factor);
  draw(context);
  return canvas;
}

const iconOf = (canvas, rotation = 0) => new Icon({ img: canvas, scale: 1 / DENSITY, rotation, rotateWithView: true });

/** Styles of all objects of a plan, kept per symbol and size. reference: denominator at which signs have their size on paper. */
export function planStyles(catalogue, reference) {
  const bases = new Map();
  const icons = new Map();
  const base = (name, shape, resolution) => {
    const scale = scaleAt(resolution, reference);
    const key = `${name}:${shape}:${scale}`;
    if (!bases.has(key)) bases.set(key, stylesOf(catalogue.symbols[name] ?? catalogue.symbols.hinweis, shape, scale, catalogue));
    return bases.get(key);
  };
  const icon = (key, make) => {
    if (!icons.has(key)) icons.set(key, make());
    return icons.get(key);
  };
  return { base, signs: (feature, resolution) => signsOf(feature, { catalogue, scale: scaleAt(resolution, reference), resolution, icon }) };
}

function contentOf(feature, { symbols }) {
  const { symbol, signs = [], head = [], cells = [] } = feature.getProperties();
  return { head, cells, signs: symbols[symbol]?.figure ? [symbol, ...signs] : signs };
}

const anywhere = new WeakMap(); // geometry -> room inside it, in metres, and the point where that is

function roomOf(geometry) {
  if (!anywhere.has(geometry)) {
    const type = geometry.getType();
    const extent = geometry.getExtent();
    const room = /Polygon/.test(type) ? Math.min(getWidth(extent), getHeight(extent), Math.sqrt(geometry.getArea()) * 1.2) / 2 : Infinity;
    anywhere.set(geometry, { room, get point() { return insideOf(geometry, type); } });
  }
  return anywhere.get(geometry);
}

function insideOf(geometry, type) {
  if (type === "Polygon") return new Point(geometry.getInteriorPoint().getCoordinates().slice(0, 2));
  if (type === "MultiPolygon") {
    const widest = geometry.getPolygons().reduce((one, two) => (two.getArea() > one.getArea() ? two : one));
    return new Point(widest.getInteriorPoint().getCoordinates().slice(0, 2));
  }
  if (type === "LineString") return new Point(geometry.getCoordinateAt(0.5));
  if (type === "MultiLineString") return new Point(geometry.getLineStrings()[0].getCoordinateAt(0.5));
  return type.includes("Point") ? new Point(geometry.getFirstCoordinate()) : null;
}

function signsOf(feature, { catalogue, scale, resolution, icon }) {
  const placed = feature.get("placed");
  if (placed) return placed.flatMap((each) => placedStyle(each, contentOf(feature, catalogue), { catalogue, scale, icon }));
  const inside = roomOf(feature.getGeometry());
  const { room } = inside;
  if (room / resolution < LEAST_ROOM) return undefined; // most objects of a large plan seen from afar
  const content = contentOf(feature, catalogue);
  const fitting = fit(content, catalogue, scale, room / resolution);
  if (!fitting) return undefined;
  const key = JSON.stringify([content, fitting.withTable, fitting.scale]);
  const canvas = icon(key, () => pictureOf(stackOf(content, catalogue, fitting), fitting.scale));
  return new Style({ geometry: inside.point, image: iconOf(canvas), zIndex: room === Infinity ? 2 : 1 });
}

/** The size at which signs and letters find room: with the table, without it, or not at all. */
function fit(content, catalogue, scale, room) {
  for (const withTable of content.cells.length ? [true, false] : [false]) {
    const stack = stackOf(content, catalogue, { scale, withTable });
    if (!stack) continue;
    const share = (2 * room) / (Math.hypot(stack.width, stack.height) * scale);
    if (share >= 0.5) return { scale: scale * Math.min(1, Math.floor(share * 5) / 5 || 0.5), withTable };
  }
  return null;
}

function placedStyle([what, x, y, text, turn, size, frame], content, { catalogue, scale, icon }) {
  const wanted = what === "template" ? { ...content, signs: [] } : { head: [], cells: [], signs: content.signs };
  const factor = scale * size;
  const key = JSON.stringify([what, text, frame, wanted, factor]);
  const stack = what === "text" ? textBlock(text, frame) : stackOf(wanted, catalogue, { scale: factor });
  if (!stack) return [];
  const canvas = icon(key, () => pictureOf(stack, factor));
  return [new Style({ geometry: new Point([x, y]), image: iconOf(canvas, (-turn * Math.PI) / 180), zIndex: 3 })];
}

/** The number that an object has in the page's list, written on it; nothing without one. */
export function numberOn(number, colour) {
  if (!number) return undefined;
  return new Text({ text: String(number), font: "bold 16px 'Fira Sans', sans-serif", fill: new Fill({ color: colour }), stroke: new Stroke({ color: HALO, width: 4 }), overflow: true });
}

/** How a chosen object looks, whatever it is. */
export function chosenStyle() {
  const image = new Circle({ radius: 9, fill: new Fill({ color: CHOSEN }), stroke: new Stroke({ color: HALO, width: 3 }) });
  return [
    new Style({ stroke: new Stroke({ color: HALO, width: 8 }), zIndex: 90 }),
    new Style({ stroke: new Stroke({ color: CHOSEN, width: 4 }), image, zIndex: 91 }),
  ];
}

/** A small picture for the legend: the symbol of the geometry with the first sign or letters inside. */
export function swatch({ symbol, signs = [], shape }, catalogue) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const size = [44, 28];
  const scale = MM * 0.6;
  const draw = toContext(context, { size });
  const box = [3, 3, 41, 25];
  const shapes = { area: () => fromExtent(box), line: () => new LineString([[2, 20], [22, 8], [42, 20]]), point: () => new Point([22, 14]) };
  const geometry = shapes[shape]();
  const known = catalogue.symbols[symbol] ?? catalogue.symbols.hinweis;
  for (const style of stylesOf(known, shape, scale, catalogue).sort((one, two) => one.getZIndex() - two.getZIndex())) {
    if (style.getRenderer()) {
      const ratio = context.canvas.width / size[0];
      const scaled = (points) => (typeof points[0] === "number" ? points.map((value) => value * ratio) : points.map(scaled));
      style.getRenderer()(scaled(geometry.getCoordinates()), { context, geometry, pixelRatio: ratio });
    } else if (shape !== "point") draw.drawFeature(new Feature(geometry), style);
  }
  const inside = stackOf({ head: known.letters && !known.figure ? [known.letters] : [], signs: known.figure ? [symbol] : signs.slice(0, 1) }, catalogue, { scale });
  if (inside) {
    context.save();
    const ratio = context.canvas.width / size[0];
    context.setTransform(scale * ratio, 0, 0, scale * ratio, canvas.width / 2, canvas.height / 2);
    inside.draw(context);
    context.restore();
  }
  canvas.setAttribute("aria-hidden", "true");
  canvas.className = "kz-map__swatch";
  return canvas;
}
