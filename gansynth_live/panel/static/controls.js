import { make } from "./dom.js";
import { written } from "./format.js";
import { Knob } from "./knob.js";

const MOST_SEGMENTS = 3;

/** @typedef {import("./types.js").Parameter} Parameter */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {(store: Store, parameter: Parameter, label: string) => HTMLElement | undefined} Maker */

/** The control that fits a parameter; undefined: none does. @type {Maker} */
export function makeControl(store, parameter, label) {
  const { kind, settable, choices } = parameter;
  if (kind === "float" || kind === "int") return new Knob(store, parameter, label).element;
  if (!settable) return undefined;
  if (kind === "bool") return makeSwitch(store, parameter, label);
  if (kind !== "choice") return undefined;
  return (choices.length <= MOST_SEGMENTS ? makeSegments : makeSelect)(store, parameter, label);
}

/** @param {Parameter} parameter @param {Node[]} children */
function makeRow({ id, does, learnable }, ...children) {
  return make("div", { class: "row", title: does || undefined, "data-p": learnable ? id : undefined }, ...children);
}

/** @type {Maker} */
function makeSwitch(store, parameter, label) {
  const box = make("input", { type: "checkbox", role: "switch" });
  box.addEventListener("change", () => store.set({ [parameter.id]: box.checked }));
  store.watch([parameter.id], () => (box.checked = store.value(parameter.id)));
  return makeRow(parameter, make("label", {}, make("span", { text: label }), box));
}

/** @type {Maker} */
function makeSegments(store, parameter, label) {
  const { id, name } = parameter;
  const inputs = parameter.choices.map((value) => make("input", { type: "radio", name: id, value }));
  const labels = inputs.map((input) => make("label", {}, input, make("span", { text: input.value })));
  for (const input of inputs) input.addEventListener("change", () => store.set({ [id]: input.value }));
  store.watch([id], () => inputs.forEach((input) => (input.checked = input.value === store.value(id))));
  const segments = make("div", { class: "segments", role: "radiogroup", label: name }, ...labels);
  return makeRow(parameter, make("span", { text: label }), segments);
}

/** @type {Maker} */
function makeSelect(store, parameter, label) {
  const select = make("select", {}, ...parameter.choices.map((text) => make("option", { text })));
  select.addEventListener("change", () => store.set({ [parameter.id]: select.value }));
  store.watch([parameter.id], () => (select.value = store.value(parameter.id)));
  return makeRow(parameter, make("label", {}, make("span", { text: label }), select));
}

/** A text, of which only the first line is shown, or what is meant by none. @type {Maker} */
export function makeLine(store, parameter, none) {
  const line = make("span", { class: "line" });
  store.watch([parameter.id], () => {
    const lines = written(parameter, store.value(parameter.id)).split("\n");
    line.textContent = lines.find((each) => each.trim() && !each.startsWith("!")) ?? none;
  });
  return makeRow(parameter, make("span", { text: parameter.name }), line);
}
