// Lengths and areas of what is drawn, in the plane of ETRS89/UTM 33N, as plans state them. Pure: tests run it without a browser.

const length = (corners) => corners.slice(1).reduce((sum, [x, y], index) => sum + Math.hypot(x - corners[index][0], y - corners[index][1]), 0);

function area(corners) {
  const doubled = corners.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(doubled) / 2;
}

const number = (value, digits, language) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** "1.234,5 m", "2,35 km", "0,42 ha" or coordinates; empty while there is nothing to measure. */
export function measured({ kind, corners }, language = "de") {
  if (kind === "point") return corners.length ? corners[0].map((value) => number(value, 1, language)).join(" / ") : "";
  if (kind === "line") {
    const metres = length(corners);
    return metres >= 10_000 ? `${number(metres / 1000, 2, language)} km` : metres ? `${number(metres, 1, language)} m` : "";
  }
  const metres = corners.length > 2 ? area(corners) : 0;
  return metres >= 10_000 ? `${number(metres / 10_000, 2, language)} ha` : metres ? `${number(metres, 0, language)} m²` : "";
}
