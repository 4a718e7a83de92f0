import { Circle, Fill, Stroke, Style } from "ol/style.js";
import { numberOn, shapeOf } from "./styles.js";

const GREY = "#5b6070"; // of what has no colour of its own: the area that was asked about
const WIDTH = 1.5, LINE = 3, RING = 7; // pixels: of outlines, of lines, around points

/** A feature of a result in its own colour ("#rrggbb"), which the page's legend explains (twin/analysis/signs.py). */
export function ownLook(feature) {
  const colour = feature.get("colour") ?? GREY;
  const fill = feature.get("outline") ? undefined : new Fill({ color: `${colour}59` }); // a third
  const width = shapeOf(feature.getGeometry().getType()) === "line" ? LINE : WIDTH;
  const image = new Circle({ radius: RING, stroke: new Stroke({ color: colour, width: LINE }), fill: new Fill({ color: "#ffffff" }) });
  return new Style({ stroke: new Stroke({ color: colour, width }), fill, image, text: numberOn(feature.get("number"), colour) });
}
