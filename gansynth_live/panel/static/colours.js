// Colours of sounds: a hue for each family, equally light, so that blends mix honestly.

/** @typedef {import("./types.js").Blend} Blend */

/** @type {[RegExp, number][]} the first that fits family and name counts */
const HUES = [
  [/choir|voice|vox|sing/, 285],
  [/chromatic|mallet|bell|vibes|marimba|celesta|glock|music box/, 30],
  [/organ|accordion/, 245],
  [/guitar|harp|pluck|ethnic|sitar|banjo/, 130],
  [/bass\b/, 215], [/lead/, 5], [/pad\b/, 265], [/effect/, 200],
  [/string|violin|viola|cello|ensemble/, 335],
  [/brass|horn|trumpet|trombone|tuba/, 90],
  [/reed|oboe|clarinet|bassoon|sax/, 160],
  [/pipe|flute|wind|recorder|whistle/, 185],
  [/percuss|drum/, 15],
  [/piano|key|clav|epiano/, 60],
];

/** @type {Map<string, number>} */
const hues = new Map();
const dark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Record<string, string> | undefined} */
let tokens;

export function learnFamilies(/** @type {import("./types.js").Instrument[]} */ instruments) {
  for (const { name, family } of instruments) hues.set(name, hueFor(`${family} ${name}`.toLowerCase()));
}

function hueFor(/** @type {string} */ words) {
  const found = HUES.find(([word]) => word.test(words));
  if (found) return found[1];
  let sum = 0;
  for (const letter of words) sum = (31 * sum + letter.charCodeAt(0)) % 360;
  return sum;
}

const hue = (/** @type {string} */ name) => hues.get(name) ?? hueFor(name.toLowerCase());

/** A colour of style.css. @param {string} name */
export function token(name) {
  tokens ??= {};
  return (tokens[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
}

export function onTheme(/** @type {() => void} */ redraw) {
  dark.addEventListener("change", () => {
    tokens = undefined;
    redraw();
  });
}

/** The colour of an instrument. @param {string} name */
export const colourOf = (name) => mixed([[name, 1]]);

/** The colour of several. @param {Blend} blend */
export function mixed(blend) {
  const chroma = Number(token("dot-chroma"));
  let [sum, a, b] = [0, 0, 0];
  for (const [name, weight] of blend) {
    const angle = (hue(name) * Math.PI) / 180;
    sum += weight;
    a += weight * chroma * Math.cos(angle);
    b += weight * chroma * Math.sin(angle);
  }
  if (sum === 0) return token("muted");
  return `oklab(${token("dot-light")} ${(a / sum).toFixed(4)} ${(b / sum).toFixed(4)})`;
}
