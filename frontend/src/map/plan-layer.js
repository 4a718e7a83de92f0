import Feature from "ol/Feature.js";
import VectorLayer from "ol/layer/Vector.js";
import Point from "ol/geom/Point.js";
import VectorSource from "ol/source/Vector.js";
import { planStyles, shapeOf } from "./styles.js";

const REFERENCE = { FP: 10000 }; // denominators at which signs have the size of the Anlage to the PlanZV; as the server has them
const BUILDING_PLAN = 1000;

function prepare(feature, kinds) {
  const { feature_type: type, legend, symbol = "hinweis", signs } = feature.getProperties();
  const shape = shapeOf(feature.getGeometry().getType());
  const key = legend ?? type ?? symbol;
  feature.set("kz_shape", shape, true);
  feature.set("kz_kind", key, true);
  const kind = kinds.get(key) ?? { label: key, count: 0, hidden: false, symbol, signs, shape };
  kind.count += 1;
  kinds.set(key, kind);
}

const referenceOf = (features) => REFERENCE[features.find((one) => /_Plan$/.test(one.get("feature_type") ?? ""))?.get("feature_type").slice(0, 2)] ?? BUILDING_PLAN;

/** Letters of the drawing that belong to no object: [x, y, text, turn, scale, frame]. */
function lettersOf(texts) {
  return texts.map(([x, y, ...rest]) => new Feature({ geometry: new Point([x, y]), placed: [["text", x, y, ...rest]] }));
}

/**
 * The plan's objects with their Planzeichen; kinds can be hidden. catalogue: of loadCatalogue; texts: of the server's answer.
 * layer: what can be pointed at; signs: pictograms and letters above it, which make room for each other.
 */
export function planLayer(features, catalogue, texts = []) {
  const kinds = new Map();
  const drawn = features.filter((feature) => feature.getGeometry());
  for (const feature of drawn) prepare(feature, kinds);
  const styles = planStyles(catalogue, referenceOf(features));
  const hidden = (feature) => kinds.get(feature.get("kz_kind"))?.hidden;
  const layer = new VectorLayer({
    source: new VectorSource({ features: drawn }),
    style: (feature, resolution) => (hidden(feature) ? undefined : styles.base(feature.get("symbol") ?? "hinweis", feature.get("kz_shape"), resolution)),
    zIndex: 10,
    renderBuffer: 50,
  });
  const signs = new VectorLayer({
    source: new VectorSource({ features: [...drawn.filter(hasSigns(catalogue)), ...lettersOf(texts)] }),
    style: (feature, resolution) => (hidden(feature) ? undefined : styles.signs(feature, resolution)),
    zIndex: 11,
    declutter: true,
  });
  const changed = () => [layer, signs].forEach((one) => one.changed());
  return { layer, signs, kinds, changed };
}

function hasSigns({ symbols }) {
  return (feature) => ["placed", "signs", "head", "cells"].some((name) => feature.get(name)) || Boolean(symbols[feature.get("symbol")]?.figure);
}

export const idOf = (feature) => String(feature.getId());
export const labelOf = (feature) => feature.get("label") || feature.get("feature_type") || idOf(feature);
