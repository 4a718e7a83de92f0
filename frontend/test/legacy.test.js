import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, print } from "../src/map/corners.js";
import { predicted, rounded, waiting } from "../src/map/pairs.js";

test("the first pair that lacks something waits", () => {
  const whole = { scan: [0, 0], ground: [1, 1] };
  assert.equal(waiting([whole, { scan: [1, 1], ground: null }, whole]), 1);
  assert.equal(waiting([whole]), null);
});

test("a pixel lies where the transform says", () => {
  assert.deepEqual(predicted([0.5, 0, 385000, 0, -0.5, 5668300], [100, 200]), [385050, 5668200]);
  assert.equal(rounded(385000.256), 385000.26);
});

test("corners are read as a person writes them and written back", () => {
  const text = "385000,5 5668000\r\n385100 5668000;\n385100\t5668100\n\n1 2\n3 4";
  assert.deepEqual(parse(text)[1], [[1, 2], [3, 4]]);
  assert.deepEqual(parse("385000,5 5668000\nnonsense\n385100;5668000"), [[[385000.5, 5668000], [385100, 5668000]]]);
  assert.deepEqual(parse(print([[[1, 2], [3, 4.25]], [], [[5, 6]]])), [[[1, 2], [3, 4.25]], [[5, 6]]]);
  assert.deepEqual(parse(""), []);
});
