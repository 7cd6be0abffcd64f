// From the way of a control, 0..1, to values, and back: as gansynth_live/parameters/scale.py.

/** @typedef {import("./types.js").Parameter} Parameter */

// Beats, the longest first.
const DIVISIONS = [64, 32, 16, 12, 8, 6, 4, 3, 2, 1.5, 1, 0.75, 2 / 3, 0.5, 1 / 3, 0.25];

export const within = (/** @type {number} */ share) => Math.min(Math.max(share, 0), 1);

/** @type {Record<Parameter["curve"], (share: number, low: number, high: number) => number>} */
const VALUE = {
  linear: (share, low, high) => low + share * (high - low),
  log: (share, low, high) => low * (high / low) ** share,
  cubic: (share, low, high) => low + (high - low) * share ** 3,
  divisions: (share) => DIVISIONS[Math.min(Math.floor(share * 16), 15)] ?? 1,
};

/** @type {Record<Parameter["curve"], (value: number, low: number, high: number) => number>} */
const SHARE = {
  linear: (value, low, high) => (value - low) / (high - low),
  log: (value, low, high) => Math.log(value / low) / Math.log(high / low),
  cubic: (value, low, high) => Math.cbrt((value - low) / (high - low)),
  divisions: (value) => (nearest(value) + 0.5) / DIVISIONS.length,
};

function nearest(/** @type {number} */ value) {
  const ways = DIVISIONS.map((beats) => Math.abs(Math.log(beats / Math.max(value, 0.25))));
  return ways.indexOf(Math.min(...ways));
}

/** @param {Parameter} parameter @param {number} share @returns {number} */
export function valueAt(parameter, share) {
  const { low, high, curve, kind } = parameter;
  if (share >= 1 && curve !== "divisions") return high;
  const value = VALUE[curve](within(share), low, high);
  return kind === "int" ? Math.round(value) : value;
}

/** @param {Parameter} parameter @param {number} value */
export function shareOf(parameter, value) {
  return within(SHARE[parameter.curve](value, parameter.low, parameter.high));
}

/** The least way that a key moves a control. @param {Parameter} parameter */
export function leastStep(parameter) {
  if (parameter.curve === "divisions") return 1 / DIVISIONS.length;
  return parameter.kind === "int" ? Math.max(0.01, 1 / (parameter.high - parameter.low)) : 0.01;
}
