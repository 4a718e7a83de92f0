import assert from "node:assert/strict";
import { test } from "node:test";
import { chains, differs, sharing, snapped } from "../src/map/topology.js";

const square = (x, y, size = 10) => ({ type: "Polygon", coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] });
const line = { type: "LineString", coordinates: [[0, 20], [30, 20]] };

test("chains of every kind of geometry", () => {
  assert.deepEqual(chains({ type: "Point", coordinates: [1, 2] }), [[[1, 2]]]);
  assert.equal(chains({ type: "MultiPolygon", coordinates: [square(0, 0).coordinates, square(20, 0).coordinates] }).length, 2);
  assert.deepEqual(chains(line), [line.coordinates]);
  assert.deepEqual(chains({ type: "GeometryCollection" }), []);
});

test("differs sees a moved, an added and no corner, and no rounding", () => {
  const moved = square(0, 0);
  moved.coordinates[0][2] = [10.5, 10];
  const more = square(0, 0);
  more.coordinates[0].splice(1, 0, [5, 0]);
  const rounded = square(0, 0);
  rounded.coordinates[0][2] = [10.0002, 10];
  assert.equal(differs(square(0, 0), square(0, 0)), false);
  assert.equal(differs(square(0, 0), moved), true);
  assert.equal(differs(square(0, 0), more), true);
  assert.equal(differs(square(0, 0), rounded), false);
  assert.equal(differs(square(0, 0), line), true);
});

test("sharing finds the objects that meet at a corner", () => {
  const objects = [{ id: "a", geometry: square(0, 0) }, { id: "b", geometry: square(10, 0) }, { id: "c", geometry: square(50, 0) }];
  assert.deepEqual(sharing(objects, [10.001, 10]).map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(sharing(objects, [10.5, 10]), []);
});

test("snapped takes a corner before an edge, and leaves what is far", () => {
  const around = [square(0, 0), line];
  assert.deepEqual(snapped(around, [9.8, 0.3], 0.5), [10, 0]);
  assert.deepEqual(snapped(around, [5, 0.3], 0.5), [5, 0]);
  assert.deepEqual(snapped(around, [5.00049, 15], 0.5), [5, 15]);
  assert.deepEqual(snapped([], [1.23456, 2], 5), [1.235, 2]);
});
