// The grid of a picture's tiles. Pure: tests run it without a browser.

/** Metres per pixel of each level, the coarsest first. */
export const resolutionsOf = ({ resolution, factors }) => [...factors].sort((a, b) => b - a).map((factor) => factor * resolution);

/** [west, south, east, north] of a picture in metres. */
export function extentOf({ origin: [west, north], resolution, width, height }) {
  return [west, north - height * resolution, west + width * resolution, north];
}

/** A word of a canvas: its bytes are red, green, blue and opacity, the lowest first. colour: "#rrggbb". */
const wordOf = (colour) => [5, 3, 1].reduce((word, at) => (word << 8) | parseInt(colour.slice(at, at + 2), 16), 0xff) >>> 0;

/** Paints what a tile holds at a step. numbers: for each class, from low to high, the first step at which a pixel has reached it, 0: at none; with frames, for each
 * step the class of a pixel from 1 on; words: of the pixels, transparent. */
export function paintStep(numbers, words, { colours, frames, step }) {
  const table = [0, ...colours.map(wordOf)];
  const count = words.length;
  for (let pixel = 0; pixel < count; pixel += 1) {
    let reached = 0;
    if (frames) reached = numbers[(step - 1) * count + pixel];
    else while (reached < colours.length && (numbers[reached * count + pixel] || Infinity) <= step) reached += 1;
    words[pixel] = table[reached];
  }
}
