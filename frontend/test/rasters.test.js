import assert from "node:assert/strict";
import { test } from "node:test";
import { extentOf, paintStep, resolutionsOf } from "../src/map/raster-grid.js";

const RASTER = { origin: [385000, 5668300], resolution: 0.5, width: 800, height: 600, factors: [1, 2, 4] };

test("levels go from the coarsest to the finest", () => {
  assert.deepEqual(resolutionsOf(RASTER), [2, 1, 0.5]);
});

test("the extent hangs from the upper left corner", () => {
  assert.deepEqual(extentOf(RASTER), [385000, 5668000, 385400, 5668300]);
});

const COLOURS = ["#0102ff", "#a00000"];
const [NONE, LOW, HIGH] = [[0, 0, 0, 0], [1, 2, 255, 255], [160, 0, 0, 255]];

function painted(numbers, look) {
  const words = new Uint32Array(4);
  paintStep(Uint8Array.from(numbers), words, { colours: COLOURS, ...look });
  return [...new Uint8Array(words.buffer)];
}

test("a pixel has the colour of the highest class it has reached", () => {
  const numbers = [1, 1, 2, 0, /* second class */ 1, 3, 0, 0];
  assert.deepEqual(painted(numbers, { step: 1 }), [HIGH, LOW, NONE, NONE].flat());
  assert.deepEqual(painted(numbers, { step: 2 }), [HIGH, LOW, LOW, NONE].flat());
  assert.deepEqual(painted(numbers, { step: 3 }), [HIGH, HIGH, LOW, NONE].flat());
});

test("a pixel of a moment has the colour of its class", () => {
  assert.deepEqual(painted([2, 2, 2, 2, 0, 1, 2, 0], { frames: true, step: 2 }), [NONE, LOW, HIGH, NONE].flat());
});
