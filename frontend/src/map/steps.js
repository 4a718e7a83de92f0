import { rasterLayer } from "./rasters.js";

/** What the page says of a step: in words, at the slider, in the table, in its own address. */
function tell(form, step) {
  const { title, words } = form.elements.stufe.options[step - 1].dataset;
  const told = document.querySelector("[data-steps-told]");
  const name = document.createElement("strong");
  name.textContent = title;
  told.replaceChildren(name, words ? ` · ${words}` : "");
  form.elements.stufe.value = String(step);
  form.querySelector("[type=range]").setAttribute("aria-valuetext", [title, words].filter(Boolean).join(", "));
  for (const row of document.querySelectorAll("[data-kz-step]")) row.toggleAttribute("aria-current", row.dataset.kzStep === String(step));
}

function keepAddress(form, step) {
  const address = new URL(location.href);
  address.searchParams.delete("wert");
  for (const [name, value] of [["karte", form.elements.karte.value], ["stufe", step]]) address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
}

/** Shows a picture that has steps, and makes a slider of their list. The one before stays until all of the next one is there. See docs/frontend.md. */
export function showSteps(root, map, raster) {
  const form = document.querySelector("[data-kz-steps]");
  const slider = form.querySelector("[type=range]");
  const layers = new Map();
  let wanted = raster.step;
  const show = (step) => {
    wanted = step;
    if (!layers.has(step)) {
      layers.set(step, rasterLayer(raster, step));
      map.addLayer(layers.get(step));
    }
    layers.get(step).setVisible(true);
    tell(form, step);
    map.once("rendercomplete", () => {
      if (wanted !== step) return;
      for (const [other, layer] of layers) layer.setVisible(other === step);
      root.dataset.step = String(step);
    });
    map.render();
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  slider.addEventListener("change", () => keepAddress(form, wanted));
  form.querySelector("[data-steps-list]").hidden = true;
  form.querySelector("[data-steps-slider]").hidden = false;
  slider.value = String(wanted);
  show(wanted);
}
