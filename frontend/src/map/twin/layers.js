import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";
import TileGrid from "ol/tilegrid/TileGrid.js";
import { CRS } from "../frame.js";
import { rasterLayer } from "../rasters.js";
import { featureLayer, mosaicLayer, pictureLayer } from "./foreign.js";
import { signsLayer, stepsLayer } from "./results.js";
import { colourOf } from "./palette.js";
import { isThere } from "./since.js";

// The scheme AdV_25833, in which our interface gives tiles out; see /ogc/tileMatrixSets/AdV_25833.
const ORIGIN = [-464849.38, 6310160.14], COARSEST = 4891.96981025127, LEVELS = 23, SIDE = 256;
const grid = new TileGrid({ origin: ORIGIN, resolutions: Array.from({ length: LEVELS }, (_, level) => COARSEST / 2 ** level), tileSize: SIDE });

export function styleOf({ colour, geometry }) {
  const line = colourOf(colour);
  const stroke = new Stroke({ color: line, width: geometry === "line" ? 2.5 : 1.5 });
  const fill = new Fill({ color: `${line}2e` });
  // "none": else OpenLayers looks for a clicked point among what was decluttered, which in tiles is nothing.
  const image = new Circle({ radius: 5, fill: new Fill({ color: line }), stroke: new Stroke({ color: "#ffffff", width: 1.5 }), declutterMode: "none" });
  return new Style({ stroke, fill, image });
}

/** Our tiles hold so many objects at most: of a full one it is said that the scale shows not all. */
function tiles(spec, clock, { words, say }) {
  const style = styleOf(spec);
  const source = new VectorTileSource({ format: new MVT({ idProperty: "_id" }), projection: CRS, tileGrid: grid, url: spec.address, attributions: spec.attribution });
  const look = spec.time ? (feature) => (isThere(feature.get(spec.time), clock.day) ? style : undefined) : style;
  const layer = new VectorTileLayer({ source, style: look, declutter: false, zIndex: 20 });
  const full = new Set(); // levels with such a tile
  let level;
  const tell = () => say(full.has(level) ? words.crowded : "");
  source.on("tileloadend", ({ tile }) => {
    if (tile.getFeatures().length < spec.most) return;
    full.add(tile.tileCoord[0]);
    tell();
  });
  layer.set("moved", (resolution) => {
    level = grid.getZForResolution(resolution, source.zDirection);
    tell();
  });
  return layer;
}

/**
 * The OpenLayers layer of an entry of the tree (twin/viewer/layers.py). clock: {day}, of the time slider; say(sentence): what who
 * looks should know of the layer. Call its "moved" with the resolution once the map has moved.
 */
export function layerOf(spec, { clock, words, say }) {
  const make = {
    tiles: () => tiles(spec, clock, { words, say }),
    raster: () => rasterLayer({ ...spec.grid, tiles: spec.address }),
    classes: () => rasterLayer({ ...spec.grid, tiles: spec.address }),
    steps: () => stepsLayer(spec),
    signs: () => signsLayer(spec, { words, say }),
    picture: () => pictureLayer(spec, { words, say }),
    mosaic: () => mosaicLayer(spec, { words, say }),
    features: () => featureLayer(spec, { style: styleOf(spec), words, say }),
  };
  const layer = make[spec.kind]();
  layer.set("spec", spec);
  return layer;
}
