import { layerOf } from "./layers.js";
import { colourOf, swatchOf } from "./palette.js";

function paint(row, spec) {
  const swatch = row.querySelector("[data-swatch]");
  swatch.classList.add(swatchOf(spec));
  swatch.style.setProperty("--kz-colour", colourOf(spec.colour));
}

/**
 * The tree of layers beside the map: a box shows a layer, more of it opens once it is shown.
 * Returns {specs(): of all that can be shown, shown(): specs, layers(): OpenLayers layers, show(keys), add(key)}; changed() is called after each change.
 */
export function wireTree(root, { map, fit, clock, words, changed }) {
  const entries = [...root.querySelectorAll("[data-layer]")].map((box) => {
    const spec = JSON.parse(box.dataset.layer), row = box.closest("li");
    paint(row, spec);
    spec.meanings = row.querySelector("[data-signs]"); // of its colours, a template
    spec.step = row.querySelector("[data-step]")?.selectedOptions[0].text;
    return { box, spec, row, layer: null };
  });
  const sayer = (entry) => {
    const said = entry.row.querySelector("[data-said]");
    return (sentence) => (said.textContent = (entry.box.checked && sentence) || "");
  };
  const settle = ({ box, layer }) => { if (box.checked) layer?.get("moved")?.(map.getView().getResolution()); };
  const toggle = (entry) => {
    if (entry.spec.trouble) return;
    if (entry.box.checked && !entry.layer) map.addLayer((entry.layer = layerOf(entry.spec, { clock, words, say: sayer(entry) })));
    if (!entry.box.checked) sayer(entry)("");
    entry.layer?.setVisible(entry.box.checked);
    settle(entry);
    entry.row.querySelector("[data-more]").hidden = !entry.box.checked;
  };
  for (const entry of entries) {
    entry.box.addEventListener("change", () => { toggle(entry); changed(); });
    entry.row.querySelector("[data-opacity]").addEventListener("input", (event) => entry.layer?.setOpacity(event.target.valueAsNumber / 100));
    entry.row.querySelector("[data-step]")?.addEventListener("change", ({ target }) => {
      entry.layer?.get("show")(Number(target.value));
      entry.spec.step = target.selectedOptions[0].text;
      changed();
    });
    entry.row.querySelector("[data-zoom]")?.addEventListener("click", () => fit(entry.spec.extent));
    toggle(entry);
  }
  map.on("moveend", () => entries.forEach(settle));
  const uncover = ({ row }) => {
    for (let folder = row.closest("details.kz-tree__folder"); folder; folder = folder.parentElement.closest("details.kz-tree__folder")) folder.open = true;
  };
  const current = () => entries.filter(({ box }) => box.checked);
  return {
    specs: () => entries.map(({ spec }) => spec).filter(({ trouble }) => !trouble),
    add: (key) => {
      const entry = entries.find(({ spec }) => spec.key === key);
      entry.box.checked = true;
      toggle(entry);
      uncover(entry);
      entry.box.focus();
      changed();
    },
    shown: () => current().map(({ spec }) => spec),
    layers: () => current().map(({ layer }) => layer),
    show: (keys) => {
      for (const entry of entries) {
        entry.box.checked = keys.includes(entry.spec.key) && !entry.spec.trouble;
        toggle(entry);
        if (entry.box.checked) uncover(entry);
      }
      changed();
    },
  };
}
