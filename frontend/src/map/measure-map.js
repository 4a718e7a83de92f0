import Feature from "ol/Feature.js";
import MultiPolygon from "ol/geom/MultiPolygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Fill, Stroke, Style } from "ol/style.js";
import { parse } from "./corners.js";
import { createMap, readGeometry } from "./frame.js";
import { asText, cornersText, geometryOf, read, valueOf, write } from "./measures.js";
import { announcer, fill } from "./panel.js";
import * as sketching from "./sketch.js";
import { sketchLayer } from "./sketch-layer.js";
import { numberOn } from "./styles.js";

const COLOUR = "#1b7837"; // as on the map of the result
const look = (feature) => new Style({ stroke: new Stroke({ color: COLOUR, width: 3 }), fill: new Fill({ color: `${COLOUR}59` }), text: numberOn(feature.get("number"), COLOUR) });
const AREA = new Style({ stroke: new Stroke({ color: "#5b6070", width: 2, lineDash: [8, 6] }) });

function shapeOf(geometry) {
  try {
    return readGeometry(geometry);
  } catch {
    return null; // typed by hand: the server says what is wrong with it
  }
}

const ring = (corners) => [[...corners, corners[0]]];

class Board {
  constructor(root) {
    const { map, fit } = createMap(root);
    Object.assign(this, { root, map, fit });
    this.text = document.getElementById(root.dataset.field);
    this.area = document.getElementById(root.dataset.area);
    this.corners = document.getElementById(root.dataset.corners);
    this.rows = root.querySelector("[data-measure-rows]");
    this.say = announcer(root.querySelector("[data-map-status]"));
    this.around = this.layer(AREA);
    this.drawn = this.layer(look);
    this.draw = sketchLayer(map);
    this.choose(root.querySelector("[data-measure-kind]"));
    this.load();
  }

  layer(style) {
    const source = new VectorSource();
    this.map.addLayer(new VectorLayer({ source, style, zIndex: 20 }));
    return source;
  }

  tell(name, values = {}) {
    this.say(fill(this.root.dataset[`text${name}`], values));
  }

  // --- what a person draws
  choose(button) {
    for (const one of this.root.querySelectorAll("[data-measure-kind]")) one.setAttribute("aria-pressed", String(one === button));
    this.kind = button.dataset.measureKind;
    this.shape = button.dataset.shape;
    this.take(sketching.start(this.shape));
    this.tell("Draw", { kind: button.textContent.trim() });
  }

  take(sketch) {
    this.sketch = sketch;
    this.draw(sketch);
  }

  put(place) {
    this.take(sketching.add(this.sketch, place.map((part) => Math.round(part * 100) / 100))); // centimetres
    this.tell("Corner", { count: this.sketch.corners.length });
  }

  undo() {
    this.take(sketching.undo(this.sketch));
    this.tell("Undone", { count: this.sketch.corners.length });
  }

  stop() {
    this.take(sketching.start(this.shape));
    this.tell("Cleared");
  }

  finish() {
    const left = sketching.missing(this.sketch);
    if (left) return this.tell("More", { left });
    if (this.add(sketching.geometry(this.sketch))) this.take(sketching.start(this.shape));
  }

  /** A further measure of the chosen kind, with the values that its row proposes. Null where the text can't be read: it would be lost. */
  add(geometry) {
    if (!this.measures) return this.tell("Unreadable") ?? null;
    const proposed = this.template(this.kind).content.querySelectorAll("[data-measure-value]");
    const values = Object.fromEntries([...proposed].map((input) => [input.dataset.measureValue, valueOf(input.value)]));
    this.measures.push({ kind: this.kind, values, geometry });
    this.store();
    this.list();
    const row = this.rows.lastElementChild;
    this.tell("Added", { name: row.querySelector("legend").textContent });
    return row;
  }

  type() {
    const row = this.add(null);
    if (!row) return;
    row.querySelector("details").open = true;
    row.querySelector("[data-measure-corners]").focus();
  }

  // --- what the form holds
  load() {
    this.measures = read(this.text.value);
    this.list();
    if (!this.measures) this.tell("Unreadable");
  }

  store() {
    this.text.value = write(this.measures);
    this.show();
  }

  show() {
    const features = (this.measures ?? []).flatMap(({ geometry }, index) => {
      const shape = geometry && shapeOf(geometry);
      return shape ? [new Feature({ geometry: shape, number: index + 1 })] : []; // as in the list
    });
    this.drawn.clear();
    this.drawn.addFeatures(features);
    this.root.dataset.drawn = String(features.length);
  }

  /** The area that is computed, drawn or typed elsewhere on the form. */
  showArea() {
    const typed = parse(this.corners.value).filter((part) => part.length > 2);
    const shape = this.area.value ? shapeOf(this.area.value) : typed.length ? new MultiPolygon(typed.map(ring)) : null;
    this.around.clear();
    if (shape) this.around.addFeature(new Feature(shape));
    const seen = [this.around, this.drawn].find((source) => source.getFeatures().length);
    if (seen) this.fit(seen.getExtent());
  }

  // --- the list beside the map
  template(kind) {
    return this.root.querySelector(`template[data-measure-row="${CSS.escape(kind)}"]`);
  }

  list() {
    const rows = (this.measures ?? []).map((measure, index) => this.row(measure, index));
    this.rows.replaceChildren(...rows);
    this.root.querySelector("[data-measure-none]").hidden = rows.length > 0;
    this.show();
  }

  row(measure, index) {
    const template = this.template(measure.kind);
    const row = (template ?? this.template(this.kind)).content.firstElementChild.cloneNode(true);
    const legend = row.querySelector("legend");
    legend.textContent = `${index + 1} ${template ? legend.textContent : measure.kind}`;
    for (const input of row.querySelectorAll("[data-measure-value]")) {
      const name = input.dataset.measureValue;
      this.join(input, `${index}-${name}`, asText(measure.values[name]), (text) => (measure.values[name] = valueOf(text)));
    }
    const { shape } = this.root.querySelector(`[data-measure-kind="${CSS.escape(template ? measure.kind : this.kind)}"]`).dataset;
    this.join(row.querySelector("[data-measure-corners]"), `${index}-corners`, cornersText(measure.geometry), (text) => (measure.geometry = geometryOf(text, shape)));
    row.querySelector("[data-measure-remove]").addEventListener("click", () => this.remove(index, legend.textContent));
    return row;
  }

  /** Fills a control of a row and keeps what is typed. */
  join(control, name, value, keep) {
    control.id = `measure-${name}`;
    control.parentElement.querySelector("label").htmlFor = control.id;
    control.value = value;
    control.addEventListener("input", () => {
      keep(control.value);
      this.store();
    });
  }

  remove(index, name) {
    this.measures.splice(index, 1);
    this.store();
    this.list();
    this.map.getTargetElement().focus(); // the button is gone
    this.tell("Removed", { name });
  }
}

function wire(board) {
  const { root, map } = board;
  const put = () => board.put(map.getView().getCenter());
  for (const button of root.querySelectorAll("[data-measure-kind]")) button.addEventListener("click", () => board.choose(button));
  const actions = { put, finish: () => board.finish(), undo: () => board.undo(), stop: () => board.stop(), type: () => board.type() };
  for (const [name, action] of Object.entries(actions)) root.querySelector(`[data-measure-${name}]`).addEventListener("click", action);
  map.on("singleclick", (event) => board.put(event.coordinate));
  const target = map.getTargetElement();
  const keys = { Enter: (event) => (event.shiftKey ? board.finish() : put()), Backspace: actions.undo, Escape: actions.stop };
  target.addEventListener("keydown", (event) => {
    if (event.target !== target || !keys[event.key]) return;
    event.preventDefault(); // Enter would send the form, Backspace might leave the page
    keys[event.key](event);
  });
  board.text.addEventListener("change", () => board.load());
  for (const field of [board.area, board.corners]) field.addEventListener("change", () => board.showArea());
}

/** What would be built against the water, on the map of a form and in its list. See docs/frontend.md. */
export function drawMeasures(root) {
  const board = new Board(root);
  wire(board);
  board.showArea();
}
