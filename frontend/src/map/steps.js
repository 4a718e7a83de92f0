import TileState from "ol/TileState.js";
import { paintStep } from "./raster-grid.js";
import { SIDE, rasterLayer } from "./rasters.js";

/** A layer whose tiles hold all steps. Each is painted when it is drawn, if another step has come since. look: {colours, frames, step}, as it is at the moment. */
export function stepLayer(raster, look) {
  const layer = rasterLayer(raster);
  layer.getSource().setTileLoadFunction(async (tile, address) => {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      const numbers = new Uint8Array(await answer.arrayBuffer());
      const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
      let painted = 0;
      tile.setImage(canvas);
      tile.getImage = () => {
        if (painted !== look.step) paint(canvas, numbers, look);
        painted = look.step;
        return canvas;
      };
    } catch {
      tile.setState(TileState.ERROR);
    }
  });
  return layer;
}

function paint(canvas, numbers, look) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(SIDE, SIDE);
  paintStep(numbers, new Uint32Array(picture.data.buffer), look);
  context.putImageData(picture, 0, 0);
}

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

/** Shows a picture that has steps, and makes a slider of their list. See docs/frontend.md. */
export function showSteps(root, map, raster) {
  const form = document.querySelector("[data-kz-steps]");
  const slider = form.querySelector("[type=range]");
  const look = { colours: raster.colours, frames: raster.frames, step: raster.step };
  const layer = stepLayer(raster, look);
  const show = (step) => {
    look.step = step;
    layer.changed();
    tell(form, step);
    map.once("rendercomplete", () => (root.dataset.step = String(look.step)));
    map.render();
  };
  const last = Number(slider.max);
  const play = form.querySelector("[data-steps-play]");
  const forward = () => {
    if (root.dataset.step === String(look.step)) show(look.step < last ? look.step + 1 : 1);
    slider.value = String(look.step);
    keepAddress(form, look.step);
    return look.step < last;
  };
  const stop = play ? letPlay(play, forward) : () => {};
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  slider.addEventListener("change", () => keepAddress(form, look.step));
  form.querySelector("[data-steps-list]").hidden = true;
  form.querySelector("[data-steps-slider]").hidden = false;
  slider.value = String(look.step);
  map.addLayer(layer);
  show(look.step);
}
