import assert from "node:assert/strict";
import { test } from "node:test";
import { stackOf } from "../src/map/lettering.js";
import { marksAlong, MM, scaleAt } from "../src/map/planzeichen.js";

const SQUARE = [[0, 0], [40, 0], [40, 40], [0, 40], [0, 0]];
const near = (one, two) => assert.ok(Math.abs(one - two) < 1e-9, `${one} is not ${two}`);

test("marks stand in even distances on each edge, none on a corner", () => {
  const marks = marksAlong(SQUARE, 10);
  assert.equal(marks.length, 16);
  assert.deepEqual(marks.slice(0, 4).map(([x]) => Math.round(x)), [5, 15, 25, 35]);
  for (const [x, y] of marks) assert.ok(![0, 40].includes(x) || ![0, 40].includes(y));
});

test("a mark turns with its line", () => {
  const [, , tx, ty] = marksAlong([[0, 0], [0, 30]], 30)[0];
  near(tx, 0);
  near(ty, 1);
});

test("an edge shorter than half a step has no mark, and points on one place no direction", () => {
  assert.deepEqual(marksAlong([[0, 0], [4, 0]], 10), []);
  assert.deepEqual(marksAlong([[3, 3], [3, 3]], 10), []);
});

test("a curve of many short pieces is one edge", () => {
  const circle = Array.from({ length: 73 }, (_, place) => [100 * Math.cos((place * Math.PI) / 36), 100 * Math.sin((place * Math.PI) / 36)]);
  const marks = marksAlong(circle, 20);
  assert.equal(marks.length, 31); // 2 · 100 · π / 20
});

test("signs have their size on paper up to the reference scale and shrink to a part of it beyond", () => {
  const metresPerPixel = (denominator) => denominator / 1000 / MM;
  near(scaleAt(metresPerPixel(500), 1000), MM);
  near(scaleAt(metresPerPixel(1000), 1000), MM);
  near(scaleAt(metresPerPixel(4000), 1000), MM * 0.5);
  near(scaleAt(metresPerPixel(1e6), 1000), MM * 0.4);
});

test("the table of measures gives way to the letters of the use where it could not be read", () => {
  const catalogue = { symbols: {}, figures: {} };
  const content = { head: ["WA"], cells: [["0,4", ""], ["III", ""], ["o", ""]] };
  assert.deepEqual([stackOf(content, catalogue, { scale: MM }).width, stackOf(content, catalogue, { scale: MM }).height], [20, 9.6]);
  near(stackOf(content, catalogue, { scale: MM * 0.5 }).height, 3.2);
  assert.equal(stackOf({}, catalogue, { scale: MM }), null);
});
