import GeoJSON from "ol/format/GeoJSON.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { CRS } from "../frame.js";
import { ownLook } from "../own-look.js";
import { stepLayer } from "../steps.js";

export const RESULTS = ["classes", "steps", "signs"]; // kinds of layers that a published analysis shows; see twin/viewer/results.py

/** The raster of an analysis at one of its steps; its "show" takes the number of another. */
export function stepsLayer({ grid, address }) {
  const look = { colours: grid.colours, frames: grid.frames, step: grid.step };
  const layer = stepLayer({ ...grid, tiles: address }, look);
  layer.set("step", look.step);
  layer.set("show", (step) => {
    look.step = step;
    layer.set("step", step);
    layer.changed();
  });
  return layer;
}

/** What an analysis found, in its own colours; all of it at once, as on its own page. */
export function signsLayer({ address, attribution }, { words, say }) {
  const source = new VectorSource({ url: address, format: new GeoJSON({ dataProjection: CRS, featureProjection: CRS }), attributions: attribution });
  source.on("featuresloaderror", () => say(words.failed));
  return new VectorLayer({ source, style: ownLook, zIndex: 20 });
}
