// The grid of a picture's tiles. Pure: tests run it without a browser.

/** Metres per pixel of each level, the coarsest first. */
export const resolutionsOf = ({ resolution, factors }) => [...factors].sort((a, b) => b - a).map((factor) => factor * resolution);

/** Address of a tile; of a picture with steps, at one of them. */
export const tileAddress = ({ tiles, step }, [level, column, row], at = step) => tiles.replace("__tile__", `${level}-${column}-${row}`).replace("__step__", String(at));

/** [west, south, east, north] of a picture in metres. */
export function extentOf({ origin: [west, north], resolution, width, height }) {
  return [west, north - height * resolution, west + width * resolution, north];
}
