import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, cornersText, geometryOf, read, valueOf, write } from "../src/map/measures.js";

const wall = { kind: "wall", values: { height: 1.5 }, geometry: { type: "LineString", coordinates: [[0, 0], [50, 0]] } };

test("what is written can be read", () => {
  assert.deepEqual(read(write([wall, { ...wall, geometry: null }])), [wall, { ...wall, geometry: null }]);
  assert.equal(write([]), "");
  assert.deepEqual(read(" \n"), []);
});

test("what is no list of measures is none, not an empty one", () => {
  for (const text of ["Mauer", "5", "null", "{}", '{"features": 5}', '{"features": [5]}', '{"features": [{"geometry": null}]}']) assert.equal(read(text), null);
});

test("numbers are read with comma or point, and what is none stays for the server", () => {
  assert.deepEqual(["1,5", " 2 ", "0.25", "k.A.", "", " "].map(valueOf), [1.5, 2, 0.25, "k.A.", "", " "]);
  assert.deepEqual([1.5, 2, "k.A.", undefined].map(asText), ["1,5", "2", "k.A.", ""]);
});

test("corners are a list that can be typed", () => {
  assert.equal(cornersText(wall.geometry), "0.00 0.00\n50.00 0.00");
  assert.deepEqual(geometryOf("0 0\n50,5 0", "line"), { type: "LineString", coordinates: [[0, 0], [50.5, 0]] });
  assert.deepEqual(geometryOf("0 0\n9 0\n9 9", "area").coordinates, [[[0, 0], [9, 0], [9, 9], [0, 0]]]);
  assert.equal(geometryOf("0 0\n9 0", "area"), null);
  assert.equal(geometryOf("", "line"), null);
  for (const none of [null, { type: "LineString", coordinates: ["a", "b"] }, { type: "MultiPoint", coordinates: [] }]) assert.equal(cornersText(none), "");
});
