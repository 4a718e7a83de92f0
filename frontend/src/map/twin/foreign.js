import GeoJSON from "ol/format/GeoJSON.js";
import ImageLayer from "ol/layer/Image.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import { bbox } from "ol/loadingstrategy.js";
import ImageWMS from "ol/source/ImageWMS.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import TileGrid from "ol/tilegrid/TileGrid.js";
import { CRS } from "../frame.js";
import { fill } from "../panel.js";

const format = new GeoJSON({ dataProjection: CRS, featureProjection: CRS });

const FARTHER = 2; // times the coarsest level: from farther away it would be hundreds of tiles

/** Says, until the map moves, when nothing at all comes: single tiles that are missing lie beside what the service covers. */
function watched(layer, { words, say }) {
  let came = false;
  const source = layer.getSource();
  source.on(["tileloadend", "imageloadend"], () => { came = true; say(""); });
  source.on(["tileloaderror", "imageloaderror"], () => { if (!came) say(words.silent); });
  layer.set("moved", () => (came = false));
  return layer;
}

/** The pictures of a WMS. */
export function pictureLayer(spec, told) {
  // Version 1.1.1 writes west, south, east, north in every system; our server asks the service as that one wants it.
  const params = { LAYERS: "", STYLES: "", VERSION: "1.1.1" };
  const source = new ImageWMS({ url: spec.address, params, projection: spec.system, ratio: 1, hidpi: false, attributions: spec.attribution });
  return watched(new ImageLayer({ source, zIndex: 10 }), told);
}

/** The tiles of a WMTS, in its own grid. */
export function mosaicLayer(spec, told) {
  const { levels } = spec.grid;
  const tileGrid = new TileGrid({
    resolutions: levels.map(({ resolution }) => resolution),
    origins: levels.map(({ origin }) => origin),
    tileSizes: levels.map(({ size }) => size),
    sizes: levels.map(({ tiles }) => tiles),
  });
  const tileUrlFunction = ([level, column, row]) => fill(spec.address, { level, column, row });
  const source = new XYZ({ projection: spec.system, tileGrid, tileUrlFunction, attributions: spec.attribution });
  const maxResolution = FARTHER * levels[0].resolution;
  const layer = watched(new TileLayer({ source, zIndex: 10, maxResolution }), told), { moved } = layer.getProperties();
  layer.set("moved", (resolution) => {
    moved();
    told.say(resolution < maxResolution ? "" : told.words.nearer);
  });
  return layer;
}

async function asked(address, words) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (answer.ok) return answer.json();
  const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
  return { message: isSentence ? await answer.text() : words.failed };
}

/** Features of a WFS or an OGC API in the part of the map that is seen; what was cut short or failed is asked for anew once the map moves. */
export function featureLayer(spec, { style, words, say }) {
  const source = new VectorSource({ strategy: bbox, attributions: spec.attribution });
  let whole = true;
  source.setLoader(async (extent, resolution, projection, done) => {
    const box = extent.map((side) => side.toFixed(1)).join(",");
    const answer = await asked(`${spec.address}?bbox=${box}`, words).catch(() => ({ message: words.failed }));
    whole &&= !answer.message;
    say(answer.message);
    const features = answer.features ? format.readFeatures(answer) : [];
    source.addFeatures(features);
    done(features);
  });
  const layer = new VectorLayer({ source, style, zIndex: 20 });
  layer.set("moved", () => {
    if (!whole) source.refresh();
    whole = true;
  });
  return layer;
}
