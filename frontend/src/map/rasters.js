import TileLayer from "ol/layer/Tile.js";
import XYZ from "ol/source/XYZ.js";
import TileGrid from "ol/tilegrid/TileGrid.js";
import { CRS } from "./frame.js";
import { extentOf, resolutionsOf } from "./raster-grid.js";

export const SIDE = 256; // pixels of a tile, as planning/rasters/tiles.py cuts them
const BELOW = 5; // under the plan's objects (10), above the outlines (0)

/** A picture of a plan as a layer of tiles in EPSG:25833. raster: as planning:rasters answers, see docs/frontend.md. */
export function rasterLayer(raster) {
  const extent = extentOf(raster);
  const tileGrid = new TileGrid({ extent, origin: raster.origin, resolutions: resolutionsOf(raster), tileSize: SIDE });
  const tileUrlFunction = ([level, column, row]) => raster.tiles.replace("__tile__", `${level}-${column}-${row}`);
  return new TileLayer({ source: new XYZ({ projection: CRS, tileGrid, tileUrlFunction }), extent, zIndex: BELOW });
}

function addRow(box, raster, layer) {
  const row = box.querySelector("[data-raster-row]").content.cloneNode(true);
  const shown = row.querySelector("[data-raster-shown]");
  const opacity = row.querySelector("[data-raster-opacity]");
  row.querySelector("[data-raster-title]").textContent = raster.title;
  row.querySelector("[data-raster-name]").textContent = ` (${raster.title})`;
  const apply = () => {
    layer.setVisible(shown.checked);
    layer.setOpacity(Number(opacity.value) / 100);
  };
  shown.addEventListener("change", apply);
  opacity.addEventListener("input", apply);
  apply();
  box.append(row);
}

/** The pictures that an address knows of; see docs/frontend.md. An answer other than 2xx raises. */
export async function loadRasters(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return (await answer.json()).rasters;
}

/** Shows the pictures of the plan under its objects, with a switch and a slider for each; gives them to who waits. */
export async function showRasters(root, map) {
  const box = root.querySelector("[data-map-rasters]");
  if (!root.dataset.rasters || !box) return [];
  let rasters;
  try {
    rasters = await loadRasters(root.dataset.rasters);
  } catch {
    box.hidden = false;
    box.append(root.dataset.textRastersFailed ?? "");
    return [];
  }
  for (const raster of rasters) {
    const layer = rasterLayer(raster);
    map.addLayer(layer);
    addRow(box, raster, layer);
  }
  box.hidden = rasters.length === 0;
  root.dataset.rastersShown = String(rasters.length);
  return rasters;
}
