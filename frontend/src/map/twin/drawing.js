import VectorLayer from "ol/layer/Vector.js";
import GeoJSON from "ol/format/GeoJSON.js";
import Feature from "ol/Feature.js";
import VectorSource from "ol/source/Vector.js";
import { CRS } from "../frame.js";
import * as sketches from "../sketch.js";
import { sketchLayer } from "../sketch-layer.js";
import { fill } from "../panel.js";
import { chosenStyle } from "../styles.js";
import { measured } from "./measuring.js";

const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: CRS });
const inMetres = new GeoJSON();

function save(source) {
  const text = format.writeFeatures(source.getFeatures(), { decimals: 7, rightHanded: true });
  const made = document.createElement("a");
  made.href = URL.createObjectURL(new Blob([text], { type: "application/geo+json" }));
  made.download = "zeichnung.geojson";
  made.click();
  URL.revokeObjectURL(made.href);
}

/** Measuring and drawing, corner by corner, by pointer or by keyboard. Returns at(coordinate): whether it took the place. */
export function wireDrawing(root, { map, language, words }) {
  const source = new VectorSource(), draw = sketchLayer(map);
  map.addLayer(new VectorLayer({ source, style: chosenStyle, zIndex: 92 }));
  const buttons = [...root.querySelectorAll("[data-draw]")], said = root.querySelector("[data-draw-said]");
  const list = root.querySelector("[data-drawn-list]"), tools = root.querySelector("[data-drawn-tools]");
  let sketch = null;
  const show = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.draw === sketch?.kind));
    draw(sketch ?? sketches.start("point"));
    said.textContent = sketch ? measured(sketch, language) : "";
  };
  const tidy = () => { tools.hidden = !list.childElementCount; };
  const remove = (feature, item) => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    source.removeFeature(feature);
    item.remove();
    tidy();
    (next?.querySelector("button") ?? buttons[0]).focus(); // the button that had the focus is gone
  };
  const enlist = (feature) => {
    const item = document.createElement("li"), button = document.createElement("button"), text = feature.get("masz");
    button.type = "button";
    button.className = "kz-map__tool";
    button.textContent = "×";
    button.setAttribute("aria-label", fill(words.remove, { what: text }));
    button.addEventListener("click", () => remove(feature, item));
    item.append(text, button);
    list.append(item);
    tidy();
  };
  const finish = () => {
    const shape = sketch && sketches.geometry(sketch);
    if (shape) {
      const feature = new Feature({ geometry: inMetres.readGeometry(shape), masz: measured(sketch, language) });
      source.addFeature(feature);
      enlist(feature);
    }
    sketch = sketch && shape ? sketches.start(sketch.kind) : null;
    show();
  };
  for (const button of buttons) button.addEventListener("click", () => { sketch = sketch?.kind === button.dataset.draw ? null : sketches.start(button.dataset.draw); show(); });
  root.querySelector("[data-draw-undo]").addEventListener("click", () => { if (sketch) sketch = sketches.undo(sketch); show(); });
  root.querySelector("[data-draw-done]").addEventListener("click", finish);
  root.querySelector("[data-draw-save]").addEventListener("click", () => save(source));
  root.querySelector("[data-draw-clear]").addEventListener("click", () => {
    source.clear();
    list.replaceChildren();
    sketch = null;
    tidy();
    show();
    buttons[0].focus();
  });
  return (coordinate) => {
    if (!sketch) return false;
    sketch = sketches.add(sketch, coordinate);
    show();
    if (sketch.kind === "point") finish();
    return true;
  };
}
