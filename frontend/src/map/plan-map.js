import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { createMap, loadDrawing } from "./frame.js";
import { drawLegend } from "./legend.js";
import { objectList } from "./object-list.js";
import { announcer, fill, showFragment } from "./panel.js";
import * as permalink from "./permalink.js";
import { centrePixel, objectAt } from "./picking.js";
import { idOf, labelOf, planLayer } from "./plan-layer.js";
import { loadCatalogue } from "./planzeichen.js";
import { showRasters } from "./rasters.js";
import { chosenStyle } from "./styles.js";

const BESIDE = "(min-width: 992px)"; // as in map.css: the legend has room beside the map; below it, it would push the page away
const WAIT = 500; // milliseconds a crosshair rests before its object is said

/** Chosen object: shown on the map, in the list, in the panel and in the address. */
function chooser(root, map, source) {
  const chosen = new VectorSource();
  map.addLayer(new VectorLayer({ source: chosen, style: chosenStyle, zIndex: 90 }));
  const panel = root.querySelector("[data-map-info]");
  const { info, textFailed } = root.dataset;
  return (id, { move }) => {
    const feature = id === null ? null : source.getFeatureById(id);
    chosen.clear();
    delete root.dataset.shown;
    permalink.choose(feature ? id : null);
    if (!feature) return void panel?.replaceChildren();
    chosen.addFeature(feature);
    const arrived = () => map.once("rendercomplete", () => (root.dataset.shown = id));
    if (move) map.getView().fit(feature.getGeometry(), { padding: [60, 60, 60, 60], maxZoom: 18, duration: 250, callback: arrived });
    else arrived();
    map.render();
    if (panel && info) showFragment(panel, info.replace("__id__", encodeURIComponent(id)), textFailed ?? "");
  };
}

function wirePointer(map, layer, select) {
  map.on("singleclick", (event) => {
    const feature = objectAt(map, event.pixel, layer);
    select(feature ? idOf(feature) : null, { move: false });
  });
  map.on("pointermove", (event) => {
    if (event.dragging) return;
    const feature = objectAt(map, event.pixel, layer);
    map.getTargetElement().classList.toggle("kz-map__view--over", Boolean(feature));
    map.getTargetElement().title = feature ? labelOf(feature) : "";
  });
}

function wireKeyboard(root, map, layer, select) {
  const target = map.getTargetElement();
  const say = announcer(root.querySelector("[data-map-status]"));
  const under = () => objectAt(map, centrePixel(map), layer);
  let waiting;
  target.addEventListener("keydown", (event) => {
    if (event.target !== target) return;
    if (event.key === "Escape") select(null, { move: false });
    if (event.key !== "Enter") return;
    const feature = under();
    if (feature) select(idOf(feature), { move: false });
  });
  map.on("moveend", () => {
    clearTimeout(waiting);
    if (!target.matches(":focus-visible")) return;
    waiting = setTimeout(() => {
      const feature = under();
      say(feature ? fill(root.dataset.textUnder ?? "{label}", { label: labelOf(feature) }) : (root.dataset.textNothing ?? ""));
    }, WAIT);
  });
}

/** Shows a plan: see docs/frontend.md for the attributes and the answer of the server. */
export async function showPlan(root) {
  const { map, fit } = createMap(root);
  showRasters(root, map);
  let drawing, catalogue;
  try {
    [drawing, catalogue] = await Promise.all([loadDrawing(root.dataset.features), loadCatalogue(root)]);
  } catch {
    root.querySelector("[data-map-failed]").hidden = false;
    return;
  }
  const { layer, signs, kinds, changed } = planLayer(drawing.features, catalogue, drawing.texts);
  const source = layer.getSource();
  map.addLayer(layer);
  map.addLayer(signs);
  if (source.getFeatures().length) fit(source.getExtent());
  const legend = root.querySelector("[data-map-legend]");
  if (matchMedia(BESIDE).matches) legend?.closest("details")?.setAttribute("open", "");
  if (legend) drawLegend(legend, kinds, catalogue, changed);
  const choose = chooser(root, map, source);
  const objects = source.getFeatures().map((one) => ({ id: idOf(one), label: labelOf(one), kind: one.get("kz_kind") }));
  const mark = objectList(root, objects, (id) => select(id, { move: true }));
  const select = (id, how) => {
    choose(id, how);
    mark(id);
  };
  wirePointer(map, layer, select);
  wireKeyboard(root, map, layer, select);
  const linked = permalink.chosenId();
  const placed = permalink.goTo(map);
  if (linked) select(linked, { move: !placed });
  permalink.follow(map);
  map.once("rendercomplete", () => (root.dataset.drawn = String(source.getFeatures().length)));
  map.render();
}
