import Feature from "ol/Feature.js";
import { getCenter } from "ol/extent.js";
import Point from "ol/geom/Point.js";
import { fromExtent } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { createMap } from "../frame.js";
import { fill } from "../panel.js";
import { follow, goTo, keep, kept } from "../permalink.js";
import { chosenStyle } from "../styles.js";
import { wireDrawing } from "./drawing.js";
import { wireInfo } from "./info.js";
import { wireList } from "./listing.js";
import { colourOf, swatchOf } from "./palette.js";
import { wirePlaces } from "./places.js";
import { wirePrinting } from "./printing.js";
import { wireTime } from "./time.js";
import { wireTree } from "./tree.js";

/** What the colours of a harvested picture mean, fetched by our server; without it the row names the layer alone. */
function legendPicture(spec, words) {
  const picture = document.createElement("img");
  picture.className = "kz-twin__signs";
  picture.alt = fill(words.legendOf, spec);
  picture.addEventListener("error", () => picture.remove());
  picture.src = spec.legend;
  return picture;
}

function legendRow(spec, words) {
  const row = document.createElement("li"), swatch = document.createElement("span"), title = document.createElement("span");
  row.className = "kz-map__legend-row";
  swatch.className = `kz-tree__swatch ${swatchOf(spec)}`;
  swatch.style.setProperty("--kz-colour", colourOf(spec.colour));
  title.className = "kz-twin__title";
  title.textContent = [spec.title, spec.step].filter(Boolean).join(": ");
  row.append(swatch, title);
  if (spec.meanings) row.append(spec.meanings.content.cloneNode(true));
  if (spec.legend) row.append(legendPicture(spec, words));
  return row;
}

function showLegend(root, specs, words) {
  const box = root.querySelector("[data-legend]");
  box.querySelector("ul").replaceChildren(...specs.map((spec) => legendRow(spec, words)));
  box.hidden = !specs.length;
}

function marker(map) {
  const source = new VectorSource();
  map.addLayer(new VectorLayer({ source, style: chosenStyle, zIndex: 90 }));
  return (extent) => {
    const [west, south, east, north] = extent;
    source.clear();
    source.addFeature(new Feature(west === east && south === north ? new Point(getCenter(extent)) : fromExtent(extent)));
  };
}

function wireLink(root) {
  const said = root.querySelector("[data-copied]");
  root.querySelector("[data-copy-link]").addEventListener("click", async () => {
    await navigator.clipboard?.writeText(location.href);
    said.textContent = said.dataset.text;
  });
}

/** The map of the twin: layers of the catalogue, search, information, measuring, list, print. See docs/frontend.md. */
export function showTwin(root) {
  const { map } = createMap(root);
  const fit = (extent) => map.getView().fit(extent, { padding: [32, 32, 32, 32], maxZoom: 19 });
  const language = document.documentElement.lang, clock = { day: null };
  const words = root.dataset; // sentences that Django has translated
  const tree = wireTree(root, { map, fit, clock, words, changed: () => { showLegend(root, tree.shown(), words); keep("layers", tree.shown().map(({ key }) => key).join(",")); } });
  const wanted = kept("layers");
  if (wanted !== null) tree.show(wanted.split(","));
  showLegend(root, tree.shown(), words);
  goTo(map);
  follow(map);
  const drawAt = wireDrawing(root, { map, language, words });
  const ask = wireInfo(root, { map, tree, clock, words });
  const at = (coordinate, byKeyboard) => drawAt(coordinate) || void ask(coordinate, byKeyboard);
  map.on("singleclick", (event) => at(event.coordinate, false));
  const target = map.getTargetElement();
  target.addEventListener("keydown", (event) => {
    if (event.target === target && event.key === "Enter") at(map.getView().getCenter(), true);
  });
  wirePlaces(root, { fit, tree, mark: marker(map), words });
  wireList(root, { map, tree, words });
  wireTime(root, { map, tree, clock, language });
  wirePrinting(root, { map });
  wireLink(root);
  map.on("rendercomplete", () => (root.dataset.drawn = String(tree.shown().length)));
  map.render();
}
