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

const PAUSE = 600; // ms that each step stays, once it is there

/** A button that lets the steps run from the slider's to the last one; who wants little motion has slider and list alone. forward: shows the next, false at the last. */
function letPlay(button, forward) {
  const label = button.querySelector(".kern-label");
  const words = { still: label.textContent, plays: button.dataset.textPause };
  let waiting = null;
  const stop = () => {
    clearTimeout(waiting);
    waiting = null;
    label.textContent = words.still;
  };
  const run = () => (forward() ? (waiting = setTimeout(run, PAUSE)) : stop());
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  button.addEventListener("click", () => {
    if (waiting) return stop();
    label.textContent = words.plays;
    run();
  });
  return stop;
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
  const last = Number(slider.max);
  const play = form.querySelector("[data-steps-play]");
  const forward = () => {
    if (root.dataset.step === String(wanted)) show(wanted < last ? wanted + 1 : 1);
    slider.value = String(wanted);
    keepAddress(form, wanted);
    return wanted < last;
  };
  const stop = play ? letPlay(play, forward) : () => {};
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  slider.addEventListener("change", () => keepAddress(form, wanted));
  form.querySelector("[data-steps-list]").hidden = true;
  form.querySelector("[data-steps-slider]").hidden = false;
  slider.value = String(wanted);
  show(wanted);
}
