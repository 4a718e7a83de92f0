// Measures as a form keeps them: GeoJSON features as text, and the list that a person changes. Pure.
import { parse as cornersOf, print } from "./corners.js";
import * as sketching from "./sketch.js";

/** Measures {kind, values, geometry} of a text; null where it is none that can be read. */
export function read(text) {
  if (!text.trim()) return [];
  try {
    return JSON.parse(text).features.map(({ geometry, properties: { kind, ...values } }) => ({ kind, values, geometry }));
  } catch {
    return null;
  }
}

export function write(measures) {
  if (!measures.length) return "";
  const features = measures.map(({ kind, values, geometry }) => ({ type: "Feature", geometry, properties: { kind, ...values } }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

/** What was typed as a number, with comma or point; else as it stands: the server says what is wrong with it. */
export function valueOf(text) {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(number) ? number : text;
}

export const asText = (value) => (typeof value === "number" ? String(value).replace(".", ",") : String(value ?? ""));

/** The corners of a geometry, one a line; "" for what is not drawn here. */
export function cornersText(geometry) {
  try {
    return print([sketching.of(geometry)?.corners ?? []]);
  } catch {
    return ""; // coordinates that are none
  }
}

/** The geometry that typed corners make; null while some are missing. shape: line or area. */
export const geometryOf = (text, shape) => sketching.geometry({ kind: shape, corners: cornersOf(text)[0] ?? [] });
