// Values as people read and write them.

/** @typedef {import("./types.js").Parameter} Parameter */

/** @type {Record<string, string>} */
const SPOKEN = { s: "seconds", ms: "milliseconds", st: "semitones", x: "times", "%": "percent" };
/** @type {Record<string, number>} */
const FACTORS = { ms: 0.001, khz: 1000, k: 1000, "%": 0.01 };

const isShare = (/** @type {Parameter} */ { kind, unit, low, high }) =>
  kind === "float" && !unit && high <= 1 && low >= -1;

const short = (/** @type {number} */ value) => (value === 0 ? "0" : String(Number(value.toPrecision(3))));

/** @param {Parameter} parameter @param {number} value @returns {[string, string]} number and unit */
function parts(parameter, value) {
  const { unit, centred } = parameter;
  if (isShare(parameter)) {
    const percent = Math.round(100 * value);
    return [centred && percent > 0 ? `+${percent}` : String(percent), "%"];
  }
  if (unit === "s" && value < 0.1) return [short(1000 * value), "ms"];
  if (unit === "Hz" && value >= 1000) return [short(value / 1000), "kHz"];
  return [unit === "dB" ? String(Number(value.toFixed(1))) : short(value), unit];
}

/** @param {Parameter} parameter @param {any} value */
export function written(parameter, value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "number") return String(value);
  if (parameter.unit === "beats" && value === 0) return "off";
  return parts(parameter, value).join("\u202f").trim();
}

/** @param {Parameter} parameter @param {number} value */
export function spoken(parameter, value) {
  const [number, unit] = parts(parameter, value);
  return `${number} ${SPOKEN[unit] ?? unit}`.trim();
}

/** The value of a text, within range; undefined: it is no number. @param {Parameter} parameter @param {string} text */
export function parsed(parameter, text) {
  const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(\S*)\s*$/.exec(text.replace(",", "."));
  if (!found) return undefined;
  const unit = (found[2] ?? "").toLowerCase();
  const factor = FACTORS[unit] ?? (isShare(parameter) && !unit ? 0.01 : 1);
  const value = Math.min(Math.max(Number(found[1]) * factor, parameter.low), parameter.high);
  return parameter.kind === "int" ? Math.round(value) : value;
}
