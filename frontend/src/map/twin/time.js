import { DAY, span } from "./since.js";

/** The slider appears once the features that are loaded name different days. clock.day: null for the newest state. */
export function wireTime(root, { map, tree, clock, language }) {
  const box = root.querySelector("[data-time]"), slider = box.querySelector("input"), shown = box.querySelector("[data-time-day]");
  const say = () => (shown.textContent = new Date(slider.valueAsNumber * DAY).toLocaleDateString(language, { timeZone: "UTC" }));
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
    const found = span([...known].flatMap(([key, values]) => (shownKeys.has(key) ? [...values] : [])));
    box.hidden = !found;
    if (!found) return;
    slider.min = String(found.first);
    slider.max = String(found.last);
    if (clock.day === null) slider.value = slider.max;
    say();
  };
  slider.addEventListener("input", () => {
    clock.day = slider.valueAsNumber >= Number(slider.max) ? null : slider.valueAsNumber;
    say();
    for (const layer of tree.layers()) if (layer.get("spec").time) layer.changed();
  });
  map.on("rendercomplete", collect);
}
