import { defaults as controlsOf } from "ol/control/defaults.js";
import ScaleLine from "ol/control/ScaleLine.js";
import GeoJSON from "ol/format/GeoJSON.js";
import { noModifierKeys, shiftKeyOnly } from "ol/events/condition.js";
import { defaults as interactionsOf } from "ol/interaction/defaults.js";
import KeyboardPan from "ol/interaction/KeyboardPan.js";
import KeyboardZoom from "ol/interaction/KeyboardZoom.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import OlMap from "ol/Map.js";
import { register } from "ol/proj/proj4.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import { Fill, Stroke, Style } from "ol/style.js";
import View from "ol/View.js";
import proj4 from "proj4";

export const CRS = "EPSG:25833"; // ETRS89 / UTM zone 33N, the twin's reference system
proj4.defs(CRS, "+proj=utm +zone=33 +ellps=GRS80 +units=m +no_defs");
proj4.defs("EPSG:25832", "+proj=utm +zone=32 +ellps=GRS80 +units=m +no_defs"); // some services know the neighbour zone alone
register(proj4);

const format = new GeoJSON({ dataProjection: CRS, featureProjection: CRS });

// Pixels per press of an arrow key; with Shift for the last metre. At once: who presses Enter next means where the map is.
const keyboard = () => [
  new KeyboardPan({ pixelDelta: 40, duration: 0, condition: noModifierKeys }),
  new KeyboardPan({ pixelDelta: 4, duration: 0, condition: shiftKeyOnly }),
  new KeyboardZoom({ duration: 0 }),
];

/** A value of KERN's, as the page computes it now (light or dark). */
export function token(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

/** Fetches GeoJSON in EPSG:25833: {features, texts}; texts: letters of a plan's drawing. An answer other than 2xx raises. */
export async function loadDrawing(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  const collection = await answer.json();
  return { features: format.readFeatures(collection), texts: collection.texts ?? [] };
}

export const loadFeatures = async (url) => (await loadDrawing(url)).features;

export const writeGeometry = (geometry) => format.writeGeometry(geometry, { decimals: 2 }); // centimetres
export const readGeometry = (text) => format.readGeometry(text);

function baseLayer({ basemap, basemapAttribution }) {
  return new TileLayer({
    preload: 1,
    source: new XYZ({ url: basemap, attributions: basemapAttribution, crossOrigin: "anonymous", maxZoom: 19 }),
  });
}

function outlineLayer(url) {
  const source = new VectorSource();
  const style = new Style({ stroke: new Stroke({ color: "#7a819c", width: 1.5 }), fill: new Fill({ color: "rgb(122 129 156 / 6%)" }) });
  loadFeatures(url).then((features) => source.addFeatures(features), () => {}); // decoration: the map works without it
  return new VectorLayer({ source, style, zIndex: 0 });
}

function wireTools(root, map, home) {
  const click = (name, action) => {
    for (const button of root.querySelectorAll(`[data-map-${name}]`)) button.addEventListener("click", action);
  };
  const zoom = (step) => map.getView().animate({ zoom: map.getView().getZoom() + step, duration: 150 });
  click("zoom-in", () => zoom(1));
  click("zoom-out", () => zoom(-1));
  click("home", home);
  for (const button of root.querySelectorAll("[data-map-fullscreen]")) button.hidden = !document.fullscreenEnabled;
  click("fullscreen", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
  window.addEventListener("beforeprint", () => map.updateSize());
}

function leaveArrowsToMap(target) {
  // The page must not scroll under a map that has the focus.
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key.startsWith("Arrow")) event.preventDefault();
  });
}

/**
 * The map in root's [data-map-view]: base map if one is set, outlines of the municipalities, zoom and full screen buttons,
 * keyboard (arrows pan, + and - zoom), nothing moves before the map has the focus, so that a page still scrolls past it.
 * Returns {map, fit(extent)}; home is the last fitted extent.
 */
export function createMap(root) {
  const target = root.querySelector("[data-map-view]");
  const extent = (root.dataset.extent ?? "370000,5648000,424000,5705000").split(",").map(Number);
  let home = extent;
  const layers = [];
  if (root.dataset.basemap) layers.push(baseLayer(root.dataset));
  if (root.dataset.outlines) layers.push(outlineLayer(root.dataset.outlines));
  const map = new OlMap({
    target,
    layers,
    controls: controlsOf({ zoom: false, rotate: false, attributionOptions: { collapsible: false } }).extend([new ScaleLine()]),
    interactions: interactionsOf({ onFocusOnly: true, altShiftDragRotate: false, pinchRotate: false, keyboard: false }).extend(keyboard()),
    keyboardEventTarget: target,
    view: new View({ projection: CRS, constrainRotation: false, minZoom: 5, maxZoom: 22 }),
  });
  const show = () => map.getView().fit(home, { padding: [24, 24, 24, 24], maxZoom: 18, size: map.getSize() });
  show();
  wireTools(root, map, show);
  leaveArrowsToMap(target);
  root.dataset.ready = "";
  return { map, fit: (wanted) => { home = wanted; show(); } };
}
