import { makeControl, makeLine } from "./controls.js";
import { at, make } from "./dom.js";
import { makeEnvelope } from "./envelope.js";
import { recall, remember } from "./memory.js";

/** @typedef {import("./types.js").Parameter} Parameter */
/** @typedef {import("./store.js").Store} Store */

/** @type {{title: string, ids: RegExp, isOpen?: boolean}[]} the first that fits takes a parameter */
const GROUPS = [
  { title: "Envelope", ids: /^voice\.(attack|decay|sustain|release)$/, isOpen: true },
  { title: "Touch", ids: /^voice\.(velocity|pressure|brightness|bend)/, isOpen: true },
  { title: "Mono & glide", ids: /^voice\.(mode|priority|glide)/ },
  { title: "Vibrato", ids: /^vibrato\./ },
  { title: "Plate", ids: /^effects\.plate/, isOpen: true },
  { title: "Ensemble", ids: /^effects\.ensemble/ },
  { title: "Delay", ids: /^effects\.delay/ },
  { title: "Motion", ids: /^motion\.|^morph\.(steps|pad)$/ },
  { title: "Output", ids: /^output\.|^part\.|^effects\.spread$/ },
  { title: "Tuning", ids: /^tuning\./ },
  { title: "Fixed at the start", ids: /^(air|life)\./ },
  { title: "More", ids: /./ },
];
// Those that have a place elsewhere on the page.
export const IN_STRIP = ["motion.glide", "motion.lfo_rate", "motion.lfo_depth", "motion.orbit_amount", "morph.focus"];
const ELSEWHERE = ["morph.pad_x", "morph.pad_y", "morph.position", ...IN_STRIP];

/** Sections of controls for all parameters. @param {Store} store */
export function makeGroups(store) {
  /** @type {Map<string, Parameter[]>} */
  const members = new Map();
  for (const parameter of store.parameters.values()) {
    if (ELSEWHERE.includes(parameter.id)) continue;
    const title = GROUPS.find(({ ids }) => ids.test(parameter.id))?.title ?? "";
    members.set(title, [...(members.get(title) ?? []), parameter]);
  }
  const made = GROUPS.map((group) => makeGroup(store, group, members.get(group.title) ?? []));
  at("groups").replaceChildren(...made.filter((each) => each !== undefined));
}

/** @param {Store} store @param {{title: string, isOpen?: boolean}} group @param {Parameter[]} members */
function makeGroup(store, { title, isOpen = false }, members) {
  const knobs = make("div", { class: "knobs" });
  const rows = make("div", { class: "rows" });
  for (const parameter of members) {
    const control = controlOf(store, parameter, shortName(parameter.name, title));
    if (control) (control.classList.contains("knob") ? knobs : rows).append(control);
  }
  if (!knobs.hasChildNodes() && !rows.hasChildNodes()) return undefined;
  const group = make("details", { class: "group" }, make("summary", {}, make("h3", { text: title })));
  if (title === "Envelope") group.append(makeEnvelope(store));
  for (const part of [rows, knobs]) if (part.hasChildNodes()) group.append(part);
  group.open = recall(`group ${title}`, isOpen ? "open" : "") === "open";
  group.addEventListener("toggle", () => remember(`group ${title}`, group.open ? "open" : ""));
  return group;
}

/** @param {Store} store @param {Parameter} parameter @param {string} label */
function controlOf(store, parameter, label) {
  if (parameter.id === "tuning.scale") return makeLine(store, parameter, "twelve equal steps");
  return makeControl(store, parameter, label);
}

/** A name without the word that its group's title has said. @param {string} name @param {string} title */
function shortName(name, title) {
  const word = `${title} `;
  if (!name.startsWith(word)) return name;
  const rest = name.slice(word.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
