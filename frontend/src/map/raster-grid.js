// The grid of a picture's tiles. Pure: tests run it without a browser.

/** Metres per pixel of each level, the coarsest first. */
export const resolutionsOf = ({ resolution, factors }) => [...factors].sort((a, b) => b - a).map((factor) => factor * resolution);

/** [west, south, east, north] of a picture in metres. */
export function extentOf({ origin: [west, north], resolution, width, height }) {
  return [west, north - height * resolution, west + width * resolution, north];
}
