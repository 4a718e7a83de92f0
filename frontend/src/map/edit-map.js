import Collection from "ol/Collection.js";
import GeoJSON from "ol/format/GeoJSON.js";
import Draw from "ol/interaction/Draw.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import Translate from "ol/interaction/Translate.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { refreshParts, send, wireSteps } from "./edit-act.js";
import { CRS, createMap } from "./frame.js";
import { announcer, fill } from "./panel.js";
import { centrePixel, objectAt } from "./picking.js";
import { idOf, labelOf, planLayer } from "./plan-layer.js";
import { loadCatalogue } from "./planzeichen.js";
import { chosenStyle } from "./styles.js";
import { differs, snapped } from "./topology.js";

const format = new GeoJSON({ dataProjection: CRS, featureProjection: CRS });
const geometryOf = (feature) => format.writeGeometryObject(feature.getGeometry(), { decimals: 3 }); // millimetres
const SNAP = 12; // pixels
const END = 4; // pixels around the last corner within which a click ends a drawing
const TYPES = { area: "Polygon", line: "LineString", point: "Point" };

class Board {
  constructor(root) {
    this.root = root;
    this.texts = root.dataset;
    const { map, fit } = createMap(root);
    Object.assign(this, { map, fit });
    this.say = announcer(root.querySelector("[data-map-status]"));
    this.chosen = new Collection();
    this.interactions = [];
    this.marks = {};
    this.before = new Map(); // id -> geometry as loaded
    this.busy = false;
    this.chosenLayer = new VectorLayer({ source: new VectorSource({ features: this.chosen }), style: chosenStyle, zIndex: 90 });
    map.addLayer(this.chosenLayer);
    map.on("moveend", () => (root.dataset.view = [...map.getView().getCenter(), map.getView().getResolution()].join(",")));
  }

  tell(message, ok = true) {
    const box = this.root.querySelector("[data-edit-message]");
    box.textContent = message;
    box.classList.toggle("kz-edit__message--bad", !ok);
    this.say(message);
  }

  // --- what there is
  async load() {
    const answer = await fetch(this.texts.features, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const content = await answer.json();
    this.catalogue ??= await loadCatalogue(this.root);
    this.marks = content.marks;
    const { layer, signs } = planLayer(format.readFeatures(content), this.catalogue, content.texts);
    for (const old of this.layers ?? []) this.map.removeLayer(old);
    this.layers = [layer, signs];
    this.layer = layer;
    this.source = layer.getSource();
    this.before = new Map(this.source.getFeatures().map((one) => [idOf(one), geometryOf(one)]));
    for (const one of this.layers) this.map.addLayer(one);
    const id = this.chosenId;
    this.chosen.clear();
    if (id) this.choose(id);
    this.setMode(this.mode ?? "select");
    this.map.once("rendercomplete", () => (this.root.dataset.drawn = content.revision));
    this.map.render();
  }

  choose(id) {
    const feature = id === null ? null : this.source.getFeatureById(id);
    this.chosen.clear();
    this.chosenId = feature ? id : null;
    if (feature) this.chosen.push(feature);
    const panel = this.root.querySelector("[data-edit-chosen]");
    panel.hidden = !feature;
    if (!feature) return;
    panel.querySelector("[data-edit-label]").textContent = labelOf(feature);
    for (const link of panel.querySelectorAll("[data-edit-link]")) link.href = link.dataset.editLink.replace("__key__", id.split("/").map(encodeURIComponent).join("/"));
    this.say(labelOf(feature));
  }

  // --- acts
  async act(body) {
    if (this.busy) return;
    this.busy = true;
    delete this.root.dataset.drawn;
    const { ok, message } = await send(this.texts, body);
    await Promise.all([this.load().catch(() => this.tell(this.texts.textFailed, false)), refreshParts()]);
    this.tell(message, ok);
    this.root.dataset.acts = String(Number(this.root.dataset.acts ?? 0) + 1);
    this.busy = false;
  }

  reshape(features) {
    const changed = features.filter((one) => differs(this.before.get(idOf(one)), geometryOf(one)));
    if (!changed.length) return;
    const objects = changed.map((one) => ({ id: idOf(one), mark: this.marks[idOf(one)], geometry: geometryOf(one) }));
    this.act({ act: "reshape", objects, along: this.along });
  }

  get along() {
    return this.root.querySelector("[data-edit-along]").checked;
  }

  get kind() {
    const option = this.root.querySelector("[data-edit-kind]").selectedOptions[0];
    return { key: option.value, shape: option.dataset.shape };
  }

  // --- tools
  setMode(mode) {
    this.mode = mode;
    for (const one of this.interactions) this.map.removeInteraction(one);
    this.interactions = [];
    this.drawing = null;
    for (const button of this.root.querySelectorAll("[data-edit-mode]")) button.setAttribute("aria-pressed", String(button.dataset.editMode === mode));
    this.root.querySelector("[data-edit-drawing]").hidden = !["draw", "cut"].includes(mode);
    const tools = { corners: () => this.cornerTool(), move: () => this.moveTool(), draw: () => this.drawTool(), cut: () => this.cutTool() };
    tools[mode]?.();
    for (const one of this.interactions) this.map.addInteraction(one);
  }

  cornerTool() {
    const features = this.along ? { source: this.source } : { features: this.chosen };
    const modify = new Modify({ ...features, pixelTolerance: SNAP });
    modify.on("modifyend", (event) => this.reshape(event.features.getArray()));
    this.interactions = [modify, new Snap({ source: this.source, pixelTolerance: SNAP })];
  }

  moveTool() {
    const translate = new Translate({ features: this.chosen });
    translate.on("translateend", (event) => this.reshape(event.features.getArray()));
    this.interactions = [translate];
  }

  drawTool() {
    const { key, shape } = this.kind;
    if (!TYPES[shape]) return this.tell(this.texts.textByForm, false);
    this.startDrawing(TYPES[shape], (geometry) => this.act({ act: "add", kind: key, geometry }));
  }

  cutTool() {
    if (!this.chosenId) return this.tell(this.texts.textChooseFirst, false);
    const id = this.chosenId;
    this.startDrawing("LineString", (line) => this.act({ act: "cut", id, mark: this.marks[id], line }));
  }

  startDrawing(type, done) {
    this.drawing = new Draw({ type, source: new VectorSource(), snapTolerance: END });
    this.drawing.on("drawend", (event) => done(geometryOf(event.feature)));
    this.interactions = [this.drawing, new Snap({ source: this.source, pixelTolerance: SNAP })];
  }

  // --- keyboard: the crosshair is the pointer
  put() {
    const centre = this.map.getView().getCenter();
    const geometries = this.source.getFeatures().map((one) => this.before.get(idOf(one)));
    const place = snapped(geometries, centre, SNAP * this.map.getView().getResolution());
    if (this.mode === "fill") return this.fillAt(place);
    if (!this.drawing) return this.choose(this.idAt(centrePixel(this.map)));
    this.drawing.appendCoordinates([place]);
    this.say(fill(this.texts.textCorner, { east: place[0], north: place[1] }));
    if (this.drawing && this.kind.shape === "point" && this.mode === "draw") this.drawing.finishDrawing();
  }

  idAt(pixel) {
    const feature = objectAt(this.map, pixel, this.layer);
    return feature ? idOf(feature) : null;
  }

  fillAt(point) {
    this.act({ act: "fill", kind: this.kind.key, point });
  }
}

function wire(board) {
  const { root, map } = board;
  for (const button of root.querySelectorAll("[data-edit-mode]")) button.addEventListener("click", () => board.setMode(button.dataset.editMode));
  root.querySelector("[data-edit-kind]").addEventListener("change", () => board.setMode(board.mode === "fill" ? "fill" : "draw"));
  root.querySelector("[data-edit-along]").addEventListener("change", () => board.setMode(board.mode));
  const actions = { put: () => board.put(), back: () => board.drawing?.removeLastPoint(), end: () => board.drawing?.finishDrawing(), stop: () => board.drawing?.abortDrawing() };
  for (const [name, action] of Object.entries(actions)) {
    for (const button of root.querySelectorAll(`[data-edit-${name}]`)) button.addEventListener("click", action);
  }
  map.on("singleclick", (event) => {
    if (board.mode === "fill") board.fillAt(event.coordinate);
    else if (!board.drawing && board.mode !== "corners") board.choose(board.idAt(event.pixel));
  });
  const target = map.getTargetElement();
  const keys = { Enter: actions.put, Backspace: actions.back, Escape: actions.stop };
  target.addEventListener("keydown", (event) => {
    if (event.target !== target || !keys[event.key]) return;
    event.preventDefault();
    if (event.key === "Enter" && event.shiftKey) actions.end();
    else keys[event.key]();
  });
}

/** The drawing board of a plan: see docs/frontend.md for the attributes and the answers of the server. */
export async function editPlan(root) {
  const board = new Board(root);
  wire(board);
  wireSteps(() => board.load());
  try {
    await board.load();
  } catch {
    root.querySelector("[data-map-failed]").hidden = false;
    return;
  }
  if (board.source.getFeatures().length) board.fit(board.source.getExtent());
}
