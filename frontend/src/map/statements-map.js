import Feature from "ol/Feature.js";
import { boundingExtent, buffer, extend, getCenter, getHeight, getWidth } from "ol/extent.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import Cluster from "ol/source/Cluster.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { createMap, loadFeatures, token } from "./frame.js";
import { idOf, planLayer } from "./plan-layer.js";
import { loadCatalogue } from "./planzeichen.js";
import { chosenStyle } from "./styles.js";

const ALONE = 1000; // metres: what lies within, width and height together, shows its surroundings, too, or nobody knew where that is
const AROUND = 1000; // metres
const FAINT = 0.6;
const NEAR = 44; // pixels: two markers closer than a fingertip become one
const SAME_PLACE = 1; // metres

/** One marker per statement: its point, the middle of its line, the inside of its area. */
function marker(feature) {
  const geometry = feature.getGeometry();
  const type = geometry.getType();
  if (type === "Point") return new Point(geometry.getCoordinates());
  if (type === "LineString") return new Point(geometry.getCoordinateAt(0.5));
  if (type === "Polygon") return new Point(geometry.getInteriorPoint().getCoordinates().slice(0, 2));
  return new Point(getCenter(geometry.getExtent()));
}

function look() {
  const ground = token("--kern-color-action-default") || "#1a3da5";
  const text = token("--kern-color-action-on-default") || "#fff";
  const known = new Map();
  return (cluster) => {
    const count = cluster.get("features").length;
    if (!known.has(count)) {
      known.set(count, new Style({
        image: new Circle({ radius: count > 1 ? Math.min(28, 14 + 2 * Math.log2(count)) : 9, fill: new Fill({ color: ground }), stroke: new Stroke({ color: text, width: 2 }) }),
        text: count > 1 ? new Text({ text: String(count), font: '600 14px "Fira Sans"', fill: new Fill({ color: text }) }) : undefined,
      }));
    }
    return known.get(count);
  };
}

function entry(feature) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "kern-link";
  link.href = feature.get("url") || `#statement-${idOf(feature)}`;
  link.textContent = feature.get("label");
  item.append(link);
  return item;
}

/** Marks the statement of the page's list that belongs to a marker, and scrolls to it where the list has it. */
function wireList(features, show) {
  const rows = new Map([...document.querySelectorAll("[data-kz-statement]")].map((row) => [row.dataset.kzStatement, row]));
  for (const [id, row] of rows) {
    const feature = features.find((one) => idOf(one) === id);
    if (!feature) continue;
    for (const type of ["pointerenter", "focusin"]) row.addEventListener(type, () => show(feature));
  }
  return (id) => {
    for (const row of rows.values()) row.removeAttribute("aria-current");
    const row = rows.get(id);
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  };
}

/** What to show at first: the places and the plan they speak of, or, without a plan, the places and what is around them. */
function wholeExtent(places, plan) {
  const extent = places.slice();
  if (plan) return extend(extent, plan);
  return getWidth(extent) + getHeight(extent) < ALONE ? buffer(extent, AROUND) : extent;
}

/** The plan below the markers, fainter than where it is the matter itself; the statements are shown without it, too. Returns its
 * extent, if it has one. */
async function addPlan(root, map) {
  if (!root.dataset.plan) return null;
  try {
    const [features, catalogue] = await Promise.all([loadFeatures(root.dataset.plan), loadCatalogue(root)]);
    const { layer, signs } = planLayer(features, catalogue);
    for (const one of [layer, signs]) {
      one.setOpacity(FAINT);
      map.addLayer(one);
    }
    const count = layer.getSource().getFeatures().length;
    root.dataset.planDrawn = String(count);
    return count ? layer.getSource().getExtent() : null;
  } catch {
    return null; // an object that is not drawn hides no statement
  }
}

/** Published statements as clustered markers, kept in step with the list of the page. See docs/frontend.md. */
export async function showStatements(root) {
  const { map, fit } = createMap(root);
  let features;
  try {
    features = (await loadFeatures(root.dataset.features)).filter((feature) => feature.getGeometry());
  } catch {
    root.querySelector("[data-map-failed]").hidden = false;
    return;
  }
  const below = addPlan(root, map);
  const source = new VectorSource({ features });
  const cluster = new Cluster({ distance: NEAR, source, geometryFunction: marker });
  const layer = new VectorLayer({ source: cluster, style: look(), zIndex: 20 });
  const chosen = new VectorSource();
  map.addLayer(layer);
  map.addLayer(new VectorLayer({ source: chosen, style: chosenStyle, zIndex: 90 }));
  document.addEventListener("kz:theme", () => layer.setStyle(look()));
  const show = (feature) => {
    chosen.clear();
    chosen.addFeature(new Feature(feature.getGeometry()));
  };
  if (features.length === 1) show(features[0]); // its line or area, not the marker alone
  const mark = wireList(features, show);
  const panel = root.querySelector("[data-map-info]");
  const open = (members) => {
    const extent = boundingExtent(members.map((one) => marker(one).getCoordinates()));
    const apart = Math.max(extent[2] - extent[0], extent[3] - extent[1]) > SAME_PLACE;
    if (members.length > 1 && apart && map.getView().getZoom() < map.getView().getMaxZoom() - 1) {
      map.getView().fit(extent, { padding: [80, 80, 80, 80], duration: 250 });
      return;
    }
    show(members[0]);
    mark(idOf(members[0]));
    panel.querySelector("ul").replaceChildren(...members.map(entry));
    panel.hidden = false;
  };
  const at = (pixel) => {
    const hit = map.forEachFeatureAtPixel(pixel, (one) => one, { layerFilter: (one) => one === layer, hitTolerance: 8 });
    if (hit) open(hit.get("features"));
  };
  map.on("singleclick", (event) => at(event.pixel));
  const target = map.getTargetElement();
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") at(map.getSize().map((length) => length / 2));
  });
  const plan = await below;
  if (features.length && !("keepExtent" in root.dataset)) fit(wholeExtent(source.getExtent(), plan));
  map.once("rendercomplete", () => (root.dataset.drawn = String(features.length)));
  map.render();
}
