import { DAY, dayOf, span, stops } from "./since.js";

/** Slider and date field appear once the features that are loaded name different days. clock.day: null for the newest state. */
export function wireTime(root, { map, tree, clock, language }) {
  const box = root.querySelector("[data-time]"), shown = box.querySelector("[data-time-day]");
  const slider = box.querySelector("[type=range]"), field = box.querySelector("[type=date]");
  let whole = null; // the span of what is shown
  const written = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const say = () => {
    const day = clock.day ?? whole.last;
    shown.textContent = new Date(day * DAY).toLocaleDateString(language, { timeZone: "UTC" });
    slider.valueAsNumber = day;
    if (document.activeElement !== field) field.value = written(day); // a year is typed digit by digit
  };
  const show = (day) => {
    clock.day = day >= whole.last ? null : Math.max(day, whole.first);
    say();
    for (const layer of tree.layers()) if (layer.get("spec").time) layer.changed();
  };
  const known = new Map(); // key of a layer -> values that its features have named
  const collect = () => {
    for (const layer of tree.layers()) {
      const { key, time, kind } = layer.get("spec");
      if (kind !== "tiles" || !time) continue;
      const values = known.get(key) ?? new Set();
      for (const feature of layer.getFeaturesInExtent(map.getView().calculateExtent(map.getSize()))) values.add(feature.get(time));
      known.set(key, values);
    }
    const shownKeys = new Set(tree.shown().map(({ key }) => key));
    whole = span([...known].flatMap(([key, values]) => (shownKeys.has(key) ? [...values] : [])));
    box.hidden = !whole;
    if (!whole) return;
    const { step, from } = stops(whole);
    Object.assign(slider, { min: String(from), max: String(whole.last), step: String(step) });
    Object.assign(field, { min: written(whole.first), max: written(whole.last) });
    say();
  };
  slider.addEventListener("input", () => show(slider.valueAsNumber));
  field.addEventListener("change", () => { const day = dayOf(field.value); if (day !== null) show(day); });
  field.addEventListener("blur", say);
  map.on("rendercomplete", collect);
}
