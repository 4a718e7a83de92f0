import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { classOf } from "./planning-colours.js";
import { styleCache } from "./styles.js";

function prepare(feature, kinds) {
  const { feature_type: type, legend } = feature.getProperties();
  const kzClass = classOf(feature.getProperties());
  const key = legend ?? type ?? kzClass;
  feature.set("kz_class", kzClass, true);
  feature.set("kz_kind", key, true);
  const kind = kinds.get(key) ?? { label: key, count: 0, hidden: false, kzClass, geometryType: feature.getGeometry().getType() };
  kind.count += 1;
  kinds.set(key, kind);
}

/** The plan's objects as one layer in the colours of the Planzeichenverordnung; kinds can be hidden. */
export function planLayer(features) {
  const styles = styleCache();
  const kinds = new Map();
  const drawn = features.filter((feature) => feature.getGeometry());
  for (const feature of drawn) prepare(feature, kinds);
  for (const kind of kinds.values()) kind.style = () => styles(kind.kzClass, kind.geometryType);
  const layer = new VectorLayer({
    source: new VectorSource({ features: drawn }),
    style: (feature) =>
      kinds.get(feature.get("kz_kind")).hidden ? undefined : styles(feature.get("kz_class"), feature.getGeometry().getType()),
    zIndex: 10,
    renderBuffer: 50,
  });
  document.addEventListener("kz:theme", () => layer.changed());
  return { layer, kinds };
}

export const idOf = (feature) => String(feature.getId());
export const labelOf = (feature) => feature.get("label") || feature.get("feature_type") || idOf(feature);
