// Corners of an outline as a person writes them: "easting northing" on each line, an empty line between parts. Pure.

const number = (text) => Number(text.replace(",", "."));

/** Parts of corners; lines that are no two numbers are left out, the server says what is wrong with them. */
export function parse(text) {
  const parts = text.replaceAll("\r", "").split(/\n\s*\n/).map((part) =>
    part.split("\n").map((line) => line.trim().split(/[;\s]+/).map(number)).filter((corner) => corner.length === 2 && corner.every(Number.isFinite)),
  );
  return parts.filter((part) => part.length > 0);
}

export const print = (parts) => parts.filter((part) => part.length > 0).map((part) => part.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("\n")).join("\n\n");
