import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import { fromExtent } from "ol/geom/Polygon.js";
import { toContext } from "ol/render.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";
import { token } from "./frame.js";
import { CLASSES } from "./planning-colours.js";

const HATCH = 8; // pixels between two lines

const ink = () => token("--kern-color-layout-text-default") || "#131525";
const resolve = (colour) => (colour === "ink" ? ink() : colour);

function hatch(colour, ground) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH;
  const pen = tile.getContext("2d");
  if (ground) {
    pen.fillStyle = ground;
    pen.fillRect(0, 0, HATCH, HATCH);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    pen.moveTo(shift, HATCH);
    pen.lineTo(shift + HATCH, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function filling({ fill, hatch: hatched, stroke }) {
  if (hatched) return new Fill({ color: hatch(resolve(stroke), fill && `${fill}66`) });
  // An invisible filling makes a mere outline hittable.
  return new Fill({ color: fill ? `${fill}d9` : "rgb(0 0 0 / 1%)" });
}

const kindOf = (geometry) => (/Polygon/.test(geometry) ? "area" : /Line/.test(geometry) ? "line" : "point");

function make(name, kind) {
  const { fill, stroke, width = 1, dash, level } = CLASSES[name];
  const line = new Stroke({ color: resolve(stroke), width: kind === "line" ? Math.max(width, 2) : width, lineDash: dash });
  if (kind === "point") {
    const image = new Circle({ radius: 5, fill: new Fill({ color: fill ?? "#fff" }), stroke: new Stroke({ color: resolve(stroke), width: 1.5 }) });
    return new Style({ image, zIndex: CLASSES.point.level });
  }
  return new Style({ stroke: line, fill: kind === "area" ? filling(CLASSES[name]) : undefined, zIndex: kind === "line" ? level + 0.5 : level });
}

/** Style of a class and a geometry type; one object each, however many features. Emptied when the look changes. */
export function styleCache() {
  const known = new Map();
  document.addEventListener("kz:theme", () => known.clear());
  return (name, geometryType) => {
    const key = `${name}:${kindOf(geometryType)}`;
    if (!known.has(key)) known.set(key, make(name, kindOf(geometryType)));
    return known.get(key);
  };
}

/** How a chosen object looks, whatever it is. */
export function chosenStyle() {
  const colour = token("--kern-color-action-default") || "#1a3da5";
  const halo = token("--kern-color-layout-background-default") || "#fff";
  const image = new Circle({ radius: 9, fill: new Fill({ color: colour }), stroke: new Stroke({ color: halo, width: 3 }) });
  return [
    new Style({ stroke: new Stroke({ color: halo, width: 8 }), zIndex: 90 }),
    new Style({ stroke: new Stroke({ color: colour, width: 4 }), image, zIndex: 91 }),
  ];
}

/** A small picture of a class for the legend. */
export function swatch(style, geometryType) {
  const canvas = document.createElement("canvas");
  const context = toContext(canvas.getContext("2d"), { size: [32, 20] });
  const shapes = { area: () => fromExtent([2, 2, 30, 18]), line: () => new LineString([[2, 10], [30, 10]]), point: () => new Point([16, 10]) };
  context.drawFeature(new Feature(shapes[kindOf(geometryType)]()), style);
  canvas.setAttribute("aria-hidden", "true");
  canvas.className = "kz-map__swatch";
  return canvas;
}
