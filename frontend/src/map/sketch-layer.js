import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import MultiPoint from "ol/geom/MultiPoint.js";
import Polygon from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Style } from "ol/style.js";
import { chosenStyle } from "./styles.js";

function shapes({ kind, corners }) {
  const found = [];
  if (corners.length) found.push(new MultiPoint(corners));
  if (kind === "line" && corners.length > 1) found.push(new LineString(corners));
  if (kind === "area" && corners.length === 2) found.push(new LineString(corners));
  if (kind === "area" && corners.length > 2) found.push(new Polygon([[...corners, corners[0]]]));
  return found;
}

/** Shows a sketch on a map; returns draw(sketch). */
export function sketchLayer(map) {
  const source = new VectorSource();
  const style = () => [new Style({ fill: new Fill({ color: "rgb(255 255 255 / 40%)" }) }), ...chosenStyle()];
  map.addLayer(new VectorLayer({ source, style, zIndex: 95 }));
  return (sketch) => {
    source.clear();
    source.addFeatures(shapes(sketch).map((geometry) => new Feature(geometry)));
  };
}
