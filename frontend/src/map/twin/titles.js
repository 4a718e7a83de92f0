// Layers by words of their titles. Pure: tests run it without a browser.

const MOST = 10;

const plain = (text) => text.toLocaleUpperCase("de"); // ß is SS

/** The layers, specs of the tree, whose titles hold all words of a text. */
export function titled(specs, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return words.length ? specs.filter(({ title }) => words.every((word) => plain(title).includes(word))).slice(0, MOST) : [];
}
