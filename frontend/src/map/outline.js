import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style } from "ol/style.js";
import { createMap, loadFeatures, token } from "./frame.js";
import { parse, print } from "./corners.js";
import { announcer, fill } from "./panel.js";
import { centrePixel, objectAt } from "./picking.js";
import { idOf, labelOf } from "./plan-layer.js";
import { extentOf } from "./raster-grid.js";
import { showRasters } from "./rasters.js";
import * as sketching from "./sketch.js";
import { sketchLayer } from "./sketch-layer.js";

function parcelStyle(chosen) {
  const colour = token("--kern-color-action-default") || "#1a3da5";
  return new Style({ stroke: new Stroke({ color: colour, width: chosen ? 3 : 1 }), fill: new Fill({ color: chosen ? `${colour}55` : "rgb(0 0 0 / 1%)" }) });
}

/** The outline as the form holds it: corners in a text field, parcels as check boxes. */
class Outline {
  constructor(root, map) {
    this.root = root;
    this.map = map;
    this.text = document.querySelector("textarea[name=corners]");
    this.say = announcer(root.querySelector("[data-map-status]"));
    this.draw = sketchLayer(map);
    this.parcels = null; // their layer, where there are some
    this.mode = "corners";
    this.read();
  }

  /** All parts but the last one stay as they are; the last one is drawn on. */
  read() {
    this.parts = parse(this.text.value);
    this.sketch = { kind: "area", corners: this.parts.pop() ?? [] };
    this.draw(this.sketch);
  }

  take(sketch) {
    this.sketch = sketch;
    this.draw(sketch);
    this.text.value = print([...this.parts, sketch.corners]);
    for (const box of this.boxes()) box.checked = false;
    this.parcels?.changed();
  }

  put(coordinate, pixel) {
    if (this.mode === "parcels") return this.toggle(pixel);
    this.take(sketching.add(this.sketch, coordinate.map((part) => Math.round(part * 100) / 100)));
    const left = sketching.missing(this.sketch);
    this.tell(left ? "More" : "Done", { count: this.sketch.corners.length, left });
  }

  undo() {
    this.take(sketching.undo(this.sketch));
    this.tell("Undone", { count: this.sketch.corners.length });
  }

  clear() {
    this.parts = [];
    this.take(sketching.start("area"));
    this.tell("Cleared");
  }

  tell(name, values = {}) {
    this.say(fill(this.root.dataset[`text${name}`] ?? "", values));
  }

  // --- parcels
  boxes() {
    return [...document.querySelectorAll("input[name=parcels]")];
  }

  isChosen(id) {
    return this.boxes().some((box) => box.value === id && box.checked);
  }

  toggle(pixel) {
    const feature = this.parcels && objectAt(this.map, pixel, this.parcels);
    const box = feature && this.boxes().find((one) => one.value === idOf(feature));
    if (!box) return;
    box.checked = !box.checked;
    this.parcels.changed();
    this.tell(box.checked ? "Parcel" : "Noparcel", { label: labelOf(feature) });
  }

  async showParcels(fit) {
    const features = await loadFeatures(this.root.dataset.features);
    const source = new VectorSource({ features });
    this.parcels = new VectorLayer({ source, style: (feature) => parcelStyle(this.isChosen(idOf(feature))), zIndex: 20 });
    this.map.addLayer(this.parcels);
    this.setMode("parcels");
    if (features.length) fit(source.getExtent());
    for (const box of this.boxes()) box.addEventListener("change", () => this.parcels.changed());
  }

  setMode(mode) {
    this.mode = mode;
    for (const button of this.root.querySelectorAll("[data-outline-mode]")) button.setAttribute("aria-pressed", String(button.dataset.outlineMode === mode));
  }
}

function wire(outline) {
  const { root, map } = outline;
  const target = map.getTargetElement();
  const here = () => outline.put(map.getView().getCenter(), centrePixel(map));
  map.on("singleclick", (event) => outline.put(event.coordinate, event.pixel));
  const keys = { Enter: here, Backspace: () => outline.undo(), Escape: () => outline.clear() };
  target.addEventListener("keydown", (event) => {
    if (event.target !== target || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const buttons = { put: here, undo: () => outline.undo(), clear: () => outline.clear() };
  for (const [name, action] of Object.entries(buttons)) root.querySelector(`[data-outline-${name}]`).addEventListener("click", action);
  for (const button of root.querySelectorAll("[data-outline-mode]")) button.addEventListener("click", () => outline.setMode(button.dataset.outlineMode));
  outline.text.addEventListener("change", () => outline.read());
}

/** The outline of an old plan, traced on its picture or taken from parcels. */
export async function traceOutline(root) {
  const { map, fit } = createMap(root);
  const outline = new Outline(root, map);
  wire(outline);
  const [raster] = await showRasters(root, map);
  if (raster) fit(extentOf(raster));
  if (root.dataset.features) await outline.showParcels(fit);
  map.once("rendercomplete", () => (root.dataset.drawn = ""));
  map.render();
}
