import assert from "node:assert/strict";
import { test } from "node:test";
import { add, geometry, missing, of, start, undo } from "../src/map/sketch.js";

const drawn = (kind, ...corners) => corners.reduce(add, start(kind));

test("a point has one place, the last", () => {
  assert.deepEqual(geometry(drawn("point", [1, 2], [3, 4])), { type: "Point", coordinates: [3, 4] });
});

test("a line needs two corners, an area three", () => {
  assert.equal(geometry(drawn("line", [0, 0])), null);
  assert.equal(missing(drawn("area", [0, 0], [1, 0])), 1);
  assert.deepEqual(geometry(drawn("line", [0, 0], [1, 0])).coordinates, [[0, 0], [1, 0]]);
  assert.deepEqual(geometry(drawn("area", [0, 0], [1, 0], [1, 1])).coordinates, [[[0, 0], [1, 0], [1, 1], [0, 0]]]);
});

test("the same place twice in a row is one corner", () => {
  assert.equal(drawn("area", [0, 0], [0, 0.001], [1, 0]).corners.length, 2);
});

test("undo takes the last corner and stops at none", () => {
  assert.deepEqual(undo(drawn("line", [0, 0], [1, 0])).corners, [[0, 0]]);
  assert.deepEqual(undo(start("line")).corners, []);
});

test("what was drawn can be gone on with", () => {
  for (const sketch of [drawn("point", [1, 2]), drawn("line", [0, 0], [1, 0]), drawn("area", [0, 0], [1, 0], [1, 1])]) {
    assert.deepEqual(of(geometry(sketch)), sketch);
  }
  assert.equal(of(null), null);
  assert.equal(of({ type: "MultiPoint", coordinates: [] }), null);
});
