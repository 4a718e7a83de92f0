import Feature from "ol/Feature.js";
import { fromExtent } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style } from "ol/style.js";
import { createMap, token } from "./frame.js";
import { centrePixel } from "./picking.js";

const LISTED = 20; // entries that are named at one place

function look(chosen) {
  const colour = token("--kern-color-action-default") || "#1a3da5";
  return new Style({ stroke: new Stroke({ color: colour, width: chosen ? 3 : 1.5 }), fill: new Fill({ color: chosen ? `${colour}33` : `${colour}11` }) });
}

/** A frame for each thing of the page that says where it is. */
function frames() {
  return [...document.querySelectorAll("[data-kz-record][data-extent]")].filter((row) => row.dataset.extent).map((row) => {
    const feature = new Feature(fromExtent(row.dataset.extent.split(",").map(Number)));
    feature.setId(row.dataset.kzRecord);
    return feature;
  });
}

const rowOf = (feature) => document.querySelector(`[data-kz-record="${CSS.escape(feature.getId())}"]`);

function entry(feature) {
  const row = rowOf(feature);
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "kern-link";
  link.href = row.id ? `#${row.id}` : "#content";
  link.textContent = row.querySelector("h2 a")?.textContent ?? document.querySelector("h1").textContent;
  item.append(link);
  return item;
}

function names(root, features) {
  const box = root.querySelector("[data-map-info]");
  box.querySelector("ul").replaceChildren(...features.slice(0, LISTED).map(entry));
  box.hidden = !features.length;
}

/** Marks the frame of the row that the pointer or the focus is on. */
function followRows(layer) {
  const mark = (event) => {
    const id = event.target.closest?.("[data-kz-record]")?.dataset.kzRecord;
    layer.setStyle((feature) => look(feature.getId() === id));
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, mark);
}

/** Puts what the map shows into the filter form, and sends it. */
function searchHere(root, map) {
  const button = root.querySelector("[data-map-search-here]");
  const field = document.querySelector("form [name=bbox]");
  if (!button || !field) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = map.getView().calculateExtent(map.getSize()).map(Math.round).join(",");
    field.form.requestSubmit();
  });
}

/** The extents of what the page lists. See docs/frontend.md. */
export function showExtents(root) {
  const { map, fit } = createMap(root);
  const source = new VectorSource({ features: frames() });
  const layer = new VectorLayer({ source, style: () => look(false), zIndex: 20 });
  map.addLayer(layer);
  const box = document.querySelector("form [name=bbox]")?.value;
  if (box) fit(box.split(",").map(Number));
  const at = (pixel) => names(root, map.getFeaturesAtPixel(pixel, { layerFilter: (one) => one === layer, hitTolerance: 4 }));
  map.on("singleclick", (event) => at(event.pixel));
  const target = map.getTargetElement();
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") at(centrePixel(map));
  });
  followRows(layer);
  searchHere(root, map);
  map.once("rendercomplete", () => (root.dataset.drawn = String(source.getFeatures().length)));
  map.render();
}
