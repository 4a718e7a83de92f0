import assert from "node:assert/strict";
import { test } from "node:test";
import { extentOf, resolutionsOf, tileAddress } from "../src/map/raster-grid.js";

const RASTER = { origin: [385000, 5668300], resolution: 0.5, width: 800, height: 600, factors: [1, 2, 4] };

test("levels go from the coarsest to the finest", () => {
  assert.deepEqual(resolutionsOf(RASTER), [2, 1, 0.5]);
});

test("the extent hangs from the upper left corner", () => {
  assert.deepEqual(extentOf(RASTER), [385000, 5668000, 385400, 5668300]);
});

test("a tile has an address, at a step where there are steps", () => {
  assert.equal(tileAddress({ tiles: "/a/__tile__.webp" }, [1, 2, 3]), "/a/1-2-3.webp");
  const stepped = { tiles: "/a/__tile__.webp?stufe=__step__", step: 4 };
  assert.equal(tileAddress(stepped, [1, 2, 3]), "/a/1-2-3.webp?stufe=4");
  assert.equal(tileAddress(stepped, [0, 0, 0], 12), "/a/0-0-0.webp?stufe=12");
});
