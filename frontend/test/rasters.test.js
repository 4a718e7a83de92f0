import assert from "node:assert/strict";
import { test } from "node:test";
import { extentOf, resolutionsOf } from "../src/map/raster-grid.js";

const RASTER = { origin: [385000, 5668300], resolution: 0.5, width: 800, height: 600, factors: [1, 2, 4] };

test("levels go from the coarsest to the finest", () => {
  assert.deepEqual(resolutionsOf(RASTER), [2, 1, 0.5]);
});

test("the extent hangs from the upper left corner", () => {
  assert.deepEqual(extentOf(RASTER), [385000, 5668000, 385400, 5668300]);
});
