import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { createMap, loadFeatures } from "./frame.js";
import { announcer, fill } from "./panel.js";
import { centrePixel, objectAt } from "./picking.js";
import { idOf, labelOf, planLayer } from "./plan-layer.js";
import * as sketching from "./sketch.js";
import { sketchLayer } from "./sketch-layer.js";
import { loadCatalogue } from "./planzeichen.js";
import { chosenStyle } from "./styles.js";

const CLOSER = 16; // times, at each tap on a map that is too coarse: at once all the way down nobody knows where they are
const NONE = sketching.start("point");

/** The form's fields behind the map: a hidden geometry (GeoJSON, EPSG:25833) and the visible choice of a plan object. */
class Fields {
  constructor(root) {
    this.place = document.getElementById(root.dataset.place);
    this.object = document.getElementById(root.dataset.object ?? "");
  }

  get geometry() {
    try {
      return JSON.parse(this.place.value);
    } catch {
      return null;
    }
  }

  get any() {
    return Boolean(this.place.value || this.object?.value);
  }

  write({ geometry = null, object = "" }) {
    this.set(this.place, geometry ? JSON.stringify(geometry) : "");
    this.set(this.object, object);
  }

  set(field, value) {
    if (!field || field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class Picker {
  constructor(root, map) {
    this.root = root;
    this.map = map;
    this.fields = new Fields(root);
    this.say = announcer(root.querySelector("[data-map-status]"));
    this.draw = sketchLayer(map);
    this.chosen = new VectorSource();
    map.addLayer(new VectorLayer({ source: this.chosen, style: chosenStyle, zIndex: 90 }));
    this.mode = root.dataset.mode ?? "point";
    this.sketch = sketching.start(this.mode);
    this.objects = null; // the plan's layer, once loaded
  }

  text(name, values = {}) {
    return fill(this.root.dataset[`text${name}`] ?? "", values);
  }

  // --- what a person does
  setMode(mode) {
    this.mode = mode;
    for (const button of this.root.querySelectorAll("[data-pick-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.pickMode === mode));
    }
    if (mode !== "object" && this.sketch.kind !== mode) this.take(sketching.start(mode));
    this.say(this.text(`Mode${mode}`));
  }

  put(coordinate, pixel) {
    if (this.mode === "object") return this.chooseAt(pixel);
    if (this.comeCloser(coordinate)) return this.say(this.text("Closer"));
    const corner = coordinate.map((part) => Math.round(part * 100) / 100); // centimetres
    this.take(sketching.add(this.sketch, corner));
    const left = sketching.missing(this.sketch);
    this.say(this.text(left ? "More" : `Done${this.sketch.kind}`, { count: this.sketch.corners.length, left }));
  }

  /** Where a pixel is more metres than the answer may be wrong by, the map goes to the place instead of setting it. */
  comeCloser(center) {
    const finest = Number(this.root.dataset.finest);
    const view = this.map.getView();
    if (!finest || view.getResolution() <= finest) return false;
    view.setCenter(center);
    view.setResolution(Math.max(finest, view.getResolution() / CLOSER));
    return true;
  }

  undo() {
    if (!this.sketch.corners.length) return this.say(this.text("Empty"));
    this.take(sketching.undo(this.sketch));
    this.say(this.text("Undone", { count: this.sketch.corners.length }));
  }

  clear() {
    this.take(sketching.start(this.mode === "object" ? "point" : this.mode));
    this.chosen.clear();
    this.fields.write({});
    this.offer();
    this.say(this.text("Cleared"));
  }

  chooseAt(pixel) {
    const feature = this.objects && objectAt(this.map, pixel, this.objects);
    if (!feature) return this.say(this.text("Nothing"));
    this.choose(idOf(feature));
  }

  choose(id) {
    const feature = this.objects?.getSource().getFeatureById(id);
    this.chosen.clear();
    if (feature) this.chosen.addFeature(feature);
    this.sketch = NONE;
    this.draw(NONE);
    this.fields.write({ object: id });
    this.offer();
    if (feature) this.say(this.text("Chosen", { label: labelOf(feature) }));
  }

  // --- state
  /** Offers to take back only what is there. A hidden button would lose the focus, so the map gets it. */
  offer() {
    const { corners, kind } = this.sketch;
    const offers = { undo: corners.length && kind !== "point", clear: corners.length || this.fields.any };
    for (const [name, offered] of Object.entries(offers)) {
      const button = this.root.querySelector(`[data-pick-${name}]`);
      if (!offered && button === document.activeElement) this.map.getTargetElement().focus();
      button.hidden = !offered;
    }
  }

  take(sketch) {
    this.sketch = sketch;
    this.draw(sketch);
    const geometry = sketching.geometry(sketch);
    if (geometry) this.chosen.clear();
    this.fields.write({ geometry, object: geometry || sketch.corners.length ? "" : (this.fields.object?.value ?? "") });
    this.offer();
  }

  /** Shows what the fields hold: after a refused form, or when a draft came back. */
  restore() {
    const stored = sketching.of(this.fields.geometry);
    if (stored) {
      this.sketch = stored;
      this.mode = stored.kind;
      this.draw(stored);
    } else {
      this.sketch = sketching.start(this.mode === "object" ? "point" : this.mode);
      this.draw(NONE);
    }
    this.show();
  }

  show() {
    this.chosen.clear();
    this.offer();
    const id = this.fields.object?.value;
    const feature = id && this.objects?.getSource().getFeatureById(id);
    if (feature) {
      this.chosen.addFeature(feature);
      this.map.getView().fit(feature.getGeometry(), { padding: [60, 60, 60, 60], maxZoom: 18 });
    }
  }
}

function wireKeys(picker) {
  const target = picker.map.getTargetElement();
  const keys = {
    Enter: () => picker.put(picker.map.getView().getCenter(), centrePixel(picker.map)),
    Backspace: () => picker.undo(),
    Escape: () => picker.clear(),
  };
  target.addEventListener("keydown", (event) => {
    if (event.target !== target || !keys[event.key]) return;
    event.preventDefault(); // Enter would send the form, Backspace might leave the page
    keys[event.key]();
  });
}

function wireButtons(picker) {
  for (const button of picker.root.querySelectorAll("[data-pick-mode]")) {
    button.addEventListener("click", () => picker.setMode(button.dataset.pickMode));
  }
  const actions = {
    "[data-pick-put]": () => picker.put(picker.map.getView().getCenter(), centrePixel(picker.map)),
    "[data-pick-undo]": () => picker.undo(),
    "[data-pick-clear]": () => picker.clear(),
  };
  for (const [selector, action] of Object.entries(actions)) picker.root.querySelector(selector)?.addEventListener("click", action);
}

function wireFields(picker) {
  const { object, place } = picker.fields;
  object?.addEventListener("change", () => {
    if (object.value) picker.choose(object.value);
    else picker.show();
  });
  place.form?.addEventListener("kz:discard", () => picker.restore());
}

/** Where a statement is about: a place drawn, or a plan object chosen, with pointer or keyboard. See docs/frontend.md. */
export async function pickAnchor(root) {
  const { map, fit } = createMap(root);
  const picker = new Picker(root, map);
  map.on("singleclick", (event) => picker.put(event.coordinate, event.pixel));
  wireKeys(picker);
  wireButtons(picker);
  wireFields(picker);
  picker.restore();
  if (root.dataset.features) {
    try {
      const [features, catalogue] = await Promise.all([loadFeatures(root.dataset.features), loadCatalogue(root)]);
      const { layer, signs } = planLayer(features, catalogue);
      map.addLayer(layer);
      map.addLayer(signs);
      picker.objects = layer;
      if (features.length) fit(layer.getSource().getExtent());
      picker.show();
    } catch {
      root.querySelector("[data-map-failed]").hidden = false;
    }
  }
  map.once("rendercomplete", () => (root.dataset.drawn = ""));
  map.render();
}
