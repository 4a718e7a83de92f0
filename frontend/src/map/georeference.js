import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { createMap, token } from "./frame.js";
import { announcer, fill } from "./panel.js";
import { complete, predicted, rounded, waiting } from "./pairs.js";
import { extentOf } from "./raster-grid.js";
import { loadRasters, rasterLayer } from "./rasters.js";

const FIELDS = { scan: ["column", "row"], ground: ["easting", "northing"] };
const WAIT = 300; // milliseconds after the last change until it is sent

/** One row of the table: its fields, and what the maps show of it. */
class Row {
  constructor(element, number) {
    this.element = element;
    this.number = number;
    this.fields = Object.fromEntries([...element.querySelectorAll("[data-pair-field]")].map((field) => [field.dataset.pairField, field]));
  }

  get(side) {
    const numbers = FIELDS[side].map((name) => this.fields[name].value.trim().replace(",", "."));
    return numbers.every((text) => text !== "" && Number.isFinite(Number(text))) ? numbers.map(Number) : null;
  }

  set(side, values) {
    FIELDS[side].forEach((name, index) => (this.fields[name].value = values ? String(rounded(values[index])) : ""));
  }

  get pair() {
    return { scan: this.get("scan"), ground: this.get("ground") };
  }
}

function pointStyle(feature, chosen) {
  const colour = token("--kern-color-action-default") || "#1a3da5";
  const halo = token("--kern-color-layout-background-default") || "#fff";
  const text = new Text({ text: String(feature.get("number")), fill: new Fill({ color: chosen ? halo : colour }), font: "bold 13px 'Fira Sans', sans-serif" });
  const image = new Circle({ radius: 11, fill: new Fill({ color: chosen ? colour : halo }), stroke: new Stroke({ color: colour, width: 2 }) });
  return new Style({ image, text });
}

class Georeference {
  constructor(form) {
    this.form = form;
    this.say = announcer(form.querySelector("[data-georeference-status]"));
    this.rows = [...form.querySelectorAll("[data-pair]")].map((element, index) => new Row(element, index + 1));
    this.current = waiting(this.pairs) ?? 0;
    this.fit = null;
    this.maps = {};
    for (const side of ["scan", "ground"]) this.addMap(side);
    this.wire();
    this.draw();
    const { source, fit } = this.maps.ground;
    if (!source.isEmpty()) fit(source.getExtent()); // who goes on later goes on at the place
  }

  get pairs() {
    return this.rows.map((row) => row.pair);
  }

  addMap(side) {
    const root = this.form.querySelector(`[data-georeference-map="${side}"]`);
    const { map, fit } = createMap(root);
    const source = new VectorSource();
    map.addLayer(new VectorLayer({ source, style: (feature) => pointStyle(feature, feature.get("number") === this.current + 1), zIndex: 90 }));
    this.maps[side] = { root, map, fit, source };
    // The sheet lies in a plane of its own: one unit is a pixel, and rows run downwards from zero.
    const put = ([x, y]) => this.put(side, side === "scan" ? [x, -y] : [x, y]);
    map.on("singleclick", (event) => put(event.coordinate));
    const target = map.getTargetElement();
    target.addEventListener("keydown", (event) => {
      if (event.target !== target || event.key !== "Enter") return;
      event.preventDefault();
      put(map.getView().getCenter());
    });
    this.form.querySelector(`[data-georeference-put="${side}"]`).addEventListener("click", () => put(map.getView().getCenter()));
  }

  async showSheet() {
    const { root, map, fit } = this.maps.scan;
    for (const raster of await loadRasters(root.dataset.rasters)) {
      map.addLayer(rasterLayer(raster));
      fit(extentOf(raster));
    }
    map.once("rendercomplete", () => (root.dataset.drawn = ""));
    map.render();
  }

  wire() {
    for (const [index, row] of this.rows.entries()) {
      row.element.querySelector("[data-pair-choose]").addEventListener("click", () => this.choose(index));
      row.element.querySelector("[data-pair-clear]").addEventListener("click", () => this.clear(index));
      for (const field of Object.values(row.fields)) field.addEventListener("change", () => this.changed());
    }
  }

  // --- what a person does
  put(side, values) {
    const row = this.rows[this.current];
    if (!row) return void this.say(this.form.dataset.textFull);
    row.set(side, values);
    this.say(fill(this.form.dataset[side === "scan" ? "textScan" : "textGround"], { number: row.number }));
    if (side === "scan" && !row.get("ground") && this.fit?.transform) this.maps.ground.map.getView().setCenter(predicted(this.fit.transform, values));
    if (complete(row.pair)) this.current = waiting(this.pairs) ?? this.rows.length;
    this.changed();
  }

  choose(index) {
    this.current = index;
    this.say(fill(this.form.dataset.textChosen, { number: index + 1 }));
    this.draw();
  }

  clear(index) {
    for (const side of ["scan", "ground"]) this.rows[index].set(side, null);
    this.current = index;
    this.changed();
  }

  // --- state
  changed() {
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  draw() {
    for (const [side, { source }] of Object.entries(this.maps)) {
      source.clear();
      for (const row of this.rows) {
        const values = row.get(side);
        if (!values) continue;
        const [x, y] = values;
        source.addFeature(new Feature({ geometry: new Point(side === "scan" ? [x, -y] : [x, y]), number: row.number }));
      }
    }
    for (const [index, row] of this.rows.entries()) row.element.toggleAttribute("data-current", index === this.current);
  }

  /** Keeps the pairs on the server, which answers with their misses. Half a pair waits until its other half is there. */
  async send() {
    const body = new FormData(this.form);
    for (const row of this.rows.filter((one) => !complete(one.pair))) for (const field of Object.values(row.fields)) body.set(field.name, "");
    let told;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      told = await answer.json();
    } catch {
      return void this.say(this.form.dataset.textFailed);
    }
    this.fit = told;
    let place = 0;
    for (const row of this.rows) {
      const miss = complete(row.pair) ? told.residuals[place++] : undefined;
      row.element.querySelector("[data-pair-miss]").textContent = miss === undefined ? "–" : miss.toLocaleString(document.documentElement.lang);
    }
    this.form.querySelector("[data-fit]").replaceChildren(...new DOMParser().parseFromString(told.sentence, "text/html").body.childNodes);
    this.form.dataset.sent = String(place);
  }
}

/** Pairs of points on a scan and on the map, by pointer, by keyboard at the crosshair, or typed into the table. */
export async function georeference(form) {
  const tool = new Georeference(form);
  await tool.showSheet();
}
