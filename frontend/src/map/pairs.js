// Pairs of points on a scan and on the ground. Pure: tests run it without a browser.

export const complete = ({ scan, ground }) => Boolean(scan && ground);

/** Index of the first pair that lacks something; null when none does. */
export function waiting(pairs) {
  const index = pairs.findIndex((pair) => !complete(pair));
  return index < 0 ? null : index;
}

export const rounded = (value) => Math.round(value * 100) / 100; // hundredths of a pixel, centimetres

/** Where a pixel lies on the ground by the transform [a, b, c, d, e, f] that the server found. */
export const predicted = ([a, b, c, d, e, f], [column, row]) => [a * column + b * row + c, d * column + e * row + f];
