import { RESULTS } from "./results.js";
import { isThere } from "./since.js";

const MOST = 10; // objects named at one place
const PATIENCE = 3000; // milliseconds

function element(name, text, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function link(address, text) {
  const made = element("a", text, "kern-link");
  made.href = address;
  return made;
}

/** Of a service that does not say what its attributes are called, the names themselves. */
const labelled = ({ kind, fields }, values) => (kind === "features" ? Object.keys(values).map((name) => [name, name]) : Object.entries(fields));

function pageOf({ kind, items, page }, id) {
  if (RESULTS.includes(kind)) return page;
  return id && kind === "tiles" ? `${items}/${encodeURIComponent(id)}` : "";
}

/** A table of names and values of one object, in the order of the layer's fields. values: of its attributes, by name. */
export function described(spec, id, values, words) {
  const box = element("div", undefined, "kz-stack kz-stack--small");
  const list = element("dl", undefined, "kern-description-list");
  let leads = false; // somewhere by itself
  for (const [name, label] of labelled(spec, values)) {
    const value = values[name];
    if (value === undefined || value === null || value === "" || typeof value === "object") continue;
    const item = element("div", undefined, "kern-description-list-item");
    const cell = element("dd", undefined, "kern-description-list-item__value");
    const isLink = /^https?:\/\//.test(value);
    leads ||= isLink;
    cell.append(isLink ? link(value, words.open) : String(value));
    item.append(element("dt", label, "kern-description-list-item__key"), cell);
    list.append(item);
  }
  box.append(element("h3", spec.title, "kern-heading-small"), list);
  const page = pageOf(spec, id);
  if (page && !leads) box.append(link(page, words.open));
  return box;
}

async function asked(layer, map, coordinate) {
  const spec = layer.get("spec"), view = map.getView();
  const url = layer.getSource().getFeatureInfoUrl(coordinate, view.getResolution(), view.getProjection(), { INFO_FORMAT: "text/plain" });
  const answer = await fetch(url.replace("/bild/", "/auskunft/"));
  if (!answer.ok) return null;
  const text = (await answer.text()).trim();
  if (!text) return null;
  const box = element("div", undefined, "kz-stack kz-stack--small");
  box.append(element("h3", spec.title, "kern-heading-small"), element("p", text, "kern-body kz-verbatim"));
  return box;
}

/** What a raster of values holds there. */
async function measured(layer, coordinate, words) {
  const spec = layer.get("spec");
  const step = layer.get("step"), query = new URLSearchParams({ at: coordinate.map((side) => side.toFixed(2)).join(","), ...(step && { stufe: step }) });
  const answer = await fetch(`${spec.value}?${query}`);
  const { text } = answer.ok ? await answer.json() : {};
  return text ? described({ ...spec, fields: { value: words.value } }, null, { value: text }, words) : null;
}

/** Once what is shown has come, else after a while: what is not drawn can't be hit. */
function settled(map) {
  return new Promise((done) => {
    map.once("rendercomplete", done);
    setTimeout(done, PATIENCE);
    map.render();
  });
}

/** What the shown layers hold at a place, as elements. */
async function answers(map, { layers, coordinate, clock, words }) {
  await settled(map);
  const seen = new Set(), found = [];
  map.forEachFeatureAtPixel(map.getPixelFromCoordinate(coordinate), (feature, layer) => {
    const spec = layer.get("spec"), id = feature.getId() ?? feature.get("_id"), key = `${spec.key}/${id}`;
    if (seen.has(key) || found.length >= MOST || !isThere(feature.get(spec.time), clock.day)) return;
    seen.add(key);
    found.push(described(spec, id, feature.getProperties(), words));
  }, { layerFilter: (layer) => ["tiles", "features", "signs"].includes(layer.get("spec")?.kind), hitTolerance: 6 });
  const ask = { picture: (layer) => asked(layer, map, coordinate) };
  for (const kind of ["raster", "classes", "steps"]) ask[kind] = (layer) => measured(layer, coordinate, words);
  const told = await Promise.all(layers.map((layer) => ask[layer.get("spec").kind]?.(layer).catch(() => null)));
  found.push(...told.filter(Boolean));
  return found.length ? found : [element("p", words.nothing, "kern-body")];
}

/**
 * The box over the map that says what the shown layers hold at a place; it keeps clear of the place. Returns ask(coordinate, byKeyboard):
 * who asks by keyboard is led into the box, Escape or its button leads back to the map.
 */
export function wireInfo(root, { map, tree, clock, words }) {
  const box = root.querySelector("[data-info]"), said = box.querySelector("[data-info-said]");
  let turn = 0; // a late answer must not replace that of a newer question
  const leave = () => {
    box.hidden = true;
    map.getTargetElement().focus();
  };
  box.querySelector("[data-info-close]").addEventListener("click", leave);
  box.addEventListener("keydown", ({ key }) => { if (key === "Escape") leave(); });
  return async (coordinate, byKeyboard) => {
    const own = ++turn, pixel = map.getPixelFromCoordinate(coordinate), [width, height] = map.getSize();
    box.classList.toggle("kz-twin__info--left", pixel[0] > width / 2);
    box.classList.toggle("kz-twin__info--top", pixel[1] > height / 2);
    said.textContent = words.asking;
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
    if (byKeyboard) box.focus();
    const found = await answers(map, { layers: tree.layers(), coordinate, clock, words });
    if (own === turn) said.replaceChildren(...found);
  };
}
