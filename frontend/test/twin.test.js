import assert from "node:assert/strict";
import { test } from "node:test";
import { measured } from "../src/map/twin/measuring.js";
import { dayOf, isThere, span, stops } from "../src/map/twin/since.js";
import { titled } from "../src/map/twin/titles.js";

test("lengths and areas are said in units that people use", () => {
  assert.equal(measured({ kind: "line", corners: [[0, 0], [300, 400]] }), "500,0 m");
  assert.equal(measured({ kind: "line", corners: [[0, 0], [0, 12_340]] }), "12,34 km");
  assert.equal(measured({ kind: "area", corners: [[0, 0], [20, 0], [20, 10], [0, 10]] }), "200 m²");
  assert.equal(measured({ kind: "area", corners: [[0, 0], [0, 200], [300, 200], [300, 0]] }), "6,00 ha");
  assert.equal(measured({ kind: "point", corners: [[385_000.04, 5_668_000]] }), "385.000,0 / 5.668.000,0");
});

test("too few corners measure nothing", () => {
  assert.equal(measured({ kind: "area", corners: [[0, 0], [1, 1]] }), "");
  assert.equal(measured({ kind: "line", corners: [[0, 0]] }), "");
  assert.equal(measured({ kind: "point", corners: [] }), "");
});

test("what says nothing of its day is always there", () => {
  const day = dayOf("2020-05-01");
  assert.equal(isThere("2020-04-30", day), true);
  assert.equal(isThere("2020-05-01T23:00:00Z", day), true);
  assert.equal(isThere("2020-05-02", day), false);
  assert.equal(isThere(undefined, day), true);
  assert.equal(isThere("gestern", day), true);
  assert.equal(isThere("2999-01-01", null), true);
});

test("a span needs two different days", () => {
  assert.equal(span(["2020-05-01", "2020-05-01T10:00:00Z", null]), null);
  assert.deepEqual(span(["2020-05-03", "2020-05-01", "x"]), { first: dayOf("2020-05-01"), last: dayOf("2020-05-03") });
});

test("a slider's steps fit to the span and end on its last day", () => {
  assert.deepEqual(stops({ first: 100, last: 400 }), { step: 1, from: 100 });
  assert.deepEqual(stops({ first: 0, last: 1000 }), { step: 7, from: 1000 - 143 * 7 });
  for (const last of [501, 3501, 15_001, 60_000]) {
    const { step, from } = stops({ first: 0, last });
    assert.equal((last - from) % step, 0);
    assert.ok(from <= 0 && from > -step);
  }
  assert.equal(stops({ first: 0, last: 60_000 }).step, 365);
});

test("layers are found by words of their titles, in German letters", () => {
  const specs = [{ title: "Straßenbäume der Stadt" }, { title: "Spielplätze" }];
  assert.deepEqual(titled(specs, "  STRASSEN stadt "), [specs[0]]);
  assert.deepEqual(titled(specs, "straße dorf"), []);
  assert.deepEqual(titled(specs, " "), []);
  assert.equal(titled(Array.from({ length: 30 }, () => ({ title: "Karte" })), "karte").length, 10);
});
