import Feature from "ol/Feature.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";
import { createMap, loadFeatures, token } from "./frame.js";
import { ownLook } from "./own-look.js";
import { extentOf } from "./raster-grid.js";
import { loadRasters, rasterLayer } from "./rasters.js";
import { showSteps } from "./steps.js";
import { chosenStyle } from "./styles.js";

const LOOK = { fill: "rgb(26 61 165 / 20%)", width: 1.5, radius: 5 }; // pixels; the colour of an action, faint, in both looks

function look() {
  const colour = token("--kern-color-action-default") || "#1a3da5";
  const stroke = new Stroke({ color: colour, width: LOOK.width });
  const outline = new Style({ stroke });
  const whole = new Style({ stroke, fill: new Fill({ color: LOOK.fill }), image: new Circle({ radius: LOOK.radius, stroke, fill: new Fill({ color: colour }) }) });
  return (feature) => (feature.get("colour") ? ownLook(feature) : feature.get("outline") ? outline : whole);
}

/** Rows of the page's table that belong to a feature: data-kz-feature="<id>". */
const rowsById = () => new Map([...document.querySelectorAll("[data-kz-feature]")].map((row) => [row.dataset.kzFeature, row]));

/** GeoJSON features in EPSG:25833 on a map, in step with the page's table. See docs/frontend.md. */
export async function showFeatures(root) {
  const { map, fit } = createMap(root);
  let features;
  let rasters = [];
  try {
    if (root.dataset.rasters) rasters = await loadRasters(root.dataset.rasters);
    features = (await loadFeatures(root.dataset.features)).filter((feature) => feature.getGeometry());
  } catch {
    root.querySelector("[data-map-failed]").hidden = false;
    return;
  }
  const layer = new VectorLayer({ source: new VectorSource({ features }), style: look(), zIndex: 20 });
  const chosen = new VectorSource();
  map.addLayer(layer);
  map.addLayer(new VectorLayer({ source: chosen, style: chosenStyle, zIndex: 90 }));
  document.addEventListener("kz:theme", () => layer.setStyle(look()));
  const rows = rowsById();
  const show = (feature) => {
    chosen.clear();
    chosen.addFeature(new Feature(feature.getGeometry()));
    for (const [id, row] of rows) row.toggleAttribute("aria-current", id === String(feature.getId()));
  };
  for (const feature of features) {
    const row = rows.get(String(feature.getId()));
    for (const type of ["pointerenter", "focusin"]) row?.addEventListener(type, () => show(feature));
  }
  const at = (pixel) => {
    const feature = map.forEachFeatureAtPixel(pixel, (one) => one, { layerFilter: (one) => one === layer, hitTolerance: 8 });
    if (!feature) return;
    show(feature);
    rows.get(String(feature.getId()))?.scrollIntoView({ block: "nearest" });
  };
  map.on("singleclick", (event) => at(event.pixel));
  const target = map.getTargetElement();
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") at(map.getSize().map((length) => length / 2));
  });
  for (const raster of rasters) (raster.step ? showSteps(root, map, raster) : map.addLayer(rasterLayer(raster)));
  if (features.length) fit(layer.getSource().getExtent());
  else if (rasters.length) fit(extentOf(rasters[0]));
  root.dataset.rastersShown = String(rasters.length);
  map.once("rendercomplete", () => (root.dataset.drawn = String(features.length)));
  map.render();
}
