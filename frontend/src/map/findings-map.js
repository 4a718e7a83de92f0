import Feature from "ol/Feature.js";
import { boundingExtent, extend, createEmpty, isEmpty } from "ol/extent.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import Cluster from "ol/source/Cluster.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { createMap, loadFeatures } from "./frame.js";
import { fill } from "./panel.js";
import { centrePixel } from "./picking.js";
import { idOf, labelOf, planLayer } from "./plan-layer.js";
import { loadCatalogue } from "./planzeichen.js";
import { chosenStyle } from "./styles.js";

const NEAR = 40; // pixels: two markers closer than a fingertip become one
const SAME_PLACE = 0.05; // metres
const CLOSE = 20; // zoom that shows a spot and what is around it
const SHOWN = 20; // findings of one marker that are listed
const RANK = ["fatal", "error", "warning", "info"];
// Ground and ink of a marker: at least 4.5 to 1, in both looks; the shape of the sign says the same as the colour.
const LOOKS = { fatal: ["#8f1414", "#fff"], error: ["#8f1414", "#fff"], warning: ["#ffd24d", "#131525"], info: ["#dfe4f5", "#131525"] };
const SIGNS = { fatal: "!", error: "!", warning: "?", info: "i" };

const worst = (features) => RANK.find((level) => features.some((one) => one.get("severity") === level)) ?? "info";

function look() {
  const known = new Map();
  return (cluster) => {
    const members = cluster.get("features");
    const level = worst(members);
    const key = `${level}:${members.length}`;
    if (!known.has(key)) {
      const [ground, ink] = LOOKS[level];
      known.set(key, new Style({
        image: new Circle({ radius: members.length > 1 ? Math.min(24, 12 + 2 * Math.log2(members.length)) : 11, fill: new Fill({ color: ground }), stroke: new Stroke({ color: ink, width: 2 }) }),
        text: new Text({ text: members.length > 1 ? String(members.length) : SIGNS[level], font: '600 14px "Fira Sans"', fill: new Fill({ color: ink }) }),
        zIndex: RANK.length - RANK.indexOf(level),
      }));
    }
    return known.get(key);
  };
}

function entry(feature) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "kern-link";
  const here = document.getElementById(`finding-${idOf(feature)}`);
  link.href = here ? `#${here.id}` : feature.get("url");
  link.textContent = labelOf(feature);
  item.append(link);
  return item;
}

/** Marks the finding in the page's list. */
function mark(id) {
  for (const row of document.querySelectorAll("[data-kz-finding][aria-current]")) row.removeAttribute("aria-current");
  const row = document.querySelector(`[data-kz-finding="${CSS.escape(id)}"]`);
  row?.setAttribute("aria-current", "true");
  row?.closest("details")?.setAttribute("open", "");
}

function addPlan(map, features, catalogue) {
  const { layer, signs } = planLayer(features, catalogue);
  for (const one of [layer, signs]) {
    one.setOpacity(0.6); // the marks matter here
    map.addLayer(one);
  }
  return layer.getSource().getExtent();
}

function addMarks(map, features) {
  const source = new VectorSource({ features });
  const layer = new VectorLayer({ source: new Cluster({ distance: NEAR, source }), style: look(), zIndex: 95 });
  map.addLayer(layer);
  return { source, layer };
}

/** The panel of the chosen findings under the map. */
function panel(root) {
  const box = root.querySelector("[data-map-info]");
  return (features) => {
    box.querySelector("ul").replaceChildren(...features.slice(0, SHOWN).map(entry));
    box.hidden = !features.length;
  };
}

function wireMap(map, layer, open) {
  const at = (pixel) => {
    const hit = map.forEachFeatureAtPixel(pixel, (one) => one, { layerFilter: (one) => one === layer, hitTolerance: 8 });
    if (hit) open(hit.get("features"));
  };
  map.on("singleclick", (event) => at(event.pixel));
  const target = map.getTargetElement();
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") at(centrePixel(map));
  });
}

/** A plan with the places of its findings, in step with the list of the page. See docs/frontend.md. */
export async function showFindings(root) {
  const { map, fit } = createMap(root);
  let plan, points, catalogue;
  try {
    const wanted = [loadFeatures(root.dataset.features), loadFeatures(root.dataset.points), loadCatalogue(root)];
    [plan, points, catalogue] = await Promise.all(wanted);
  } catch {
    root.querySelector("[data-map-failed]").hidden = false;
    return;
  }
  const extent = extend(createEmpty(), addPlan(map, plan, catalogue));
  const { source, layer } = addMarks(map, points);
  if (points.length) extend(extent, source.getExtent());
  if (!isEmpty(extent)) fit(extent);
  const chosen = new VectorSource();
  map.addLayer(new VectorLayer({ source: chosen, style: chosenStyle, zIndex: 90 }));
  const tell = panel(root);
  const show = (features) => {
    chosen.clear();
    chosen.addFeature(new Feature(new Point(features[0].getGeometry().getCoordinates())));
    tell(features);
    mark(idOf(features[0]));
  };
  wireMap(map, layer, (members) => {
    const around = boundingExtent(members.map((one) => one.getGeometry().getCoordinates()));
    const apart = Math.max(around[2] - around[0], around[3] - around[1]) > SAME_PLACE;
    if (members.length > 1 && apart && map.getView().getZoom() < map.getView().getMaxZoom() - 1) {
      map.getView().fit(around, { padding: [80, 80, 80, 80], duration: 250 });
    } else show(members);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-kz-show]");
    const feature = link && source.getFeatureById(link.dataset.kzShow);
    if (!feature) return;
    event.preventDefault();
    map.getView().animate({ center: feature.getGeometry().getCoordinates(), zoom: CLOSE, duration: 250 });
    show([feature]);
    root.scrollIntoView({ block: "nearest" });
    map.getTargetElement().setAttribute("aria-label", fill(root.dataset.textChosen ?? "{label}", { label: labelOf(feature) }));
    map.getTargetElement().focus({ preventScroll: true });
    root.dataset.chosen = idOf(feature);
  });
  map.once("rendercomplete", () => (root.dataset.drawn = String(points.length)));
  map.render();
}
