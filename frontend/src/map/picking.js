const TOLERANCE = 6; // pixels

function weight(feature) {
  const geometry = feature.getGeometry();
  const type = geometry.getType();
  if (type.includes("Point")) return 0;
  if (type.includes("Line")) return 1;
  return (["15.13", "bereich"].includes(feature.get("symbol")) ? 1e15 : 2) + geometry.getArea();
}

/** The object a person means at a pixel: points before lines before the smallest area, the plan's frame last. */
export function objectAt(map, pixel, layer) {
  const there = [];
  map.forEachFeatureAtPixel(pixel, (feature) => void there.push(feature), { hitTolerance: TOLERANCE, layerFilter: (one) => one === layer });
  return there.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

export const centrePixel = (map) => map.getSize().map((length) => length / 2);
