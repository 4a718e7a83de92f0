// The day that the map shows. Pure: tests run it without a browser.

export const DAY = 86_400_000; // milliseconds

/** Whole days since 1970 of an attribute's value (date or moment), null for anything else. */
export function dayOf(value) {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? Math.floor(time / DAY) : null;
}

/** Whether something that is there since `value` is there on `day`; what says nothing is always there. */
export function isThere(value, day) {
  const since = dayOf(value);
  return day === null || since === null || since <= day;
}

/** {first, last} of the days that values name, null where they name fewer than two different ones. */
export function span(values) {
  const days = values.map(dayOf).filter((day) => day !== null);
  const first = Math.min(...days), last = Math.max(...days);
  return days.length && first < last ? { first, last } : null;
}

const STEPS = [1, 7, 30, 365], STOPS = 500; // days; as many as a slider tells apart

/** {step, from}: days that a slider over the span goes at once, and where it begins so that it ends on the last day. */
export function stops({ first, last }) {
  const step = STEPS.find((days) => (last - first) / days <= STOPS) ?? STEPS.at(-1);
  return { step, from: last - Math.ceil((last - first) / step) * step };
}
