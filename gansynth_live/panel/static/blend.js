import { colourOf, onTheme } from "./colours.js";
import { at, make } from "./dom.js";

/** The blend as a list, and its colour for the whole page. @param {import("./morph.js").Morph} morph */
export function makeBlend(morph) {
  const list = /** @type {HTMLElement} */ (at("blend").querySelector("ul"));
  /** @type {string[]} */
  let shown = [];
  const show = (/** @type {boolean} */ anew) => {
    const names = [...new Set([...morph.names, ...morph.blend.map(([name]) => name)])];
    if (anew || names.join("\n") !== shown.join("\n")) {
      list.replaceChildren(...names.map(makeRow));
      shown = names;
    }
    names.forEach((name, place) => showWeight(list.children[place], morph.weightOf(name)));
    document.documentElement.style.setProperty("--blend", morph.colour);
  };
  morph.on("change", () => show(false));
  onTheme(() => show(true));
}

function makeRow(/** @type {string} */ name) {
  const row = make("li", {}, make("span", { class: "name", text: name }), make("span", { class: "weight" }), make("i"));
  row.style.setProperty("--colour", colourOf(name));
  return row;
}

/** @param {Element | undefined} row @param {number} weight */
function showWeight(row, weight) {
  if (!(row instanceof HTMLElement)) return;
  const percent = weight > 0 ? `${Math.max(1, Math.round(100 * weight))}\u202f%` : "";
  const text = /** @type {HTMLElement} */ (row.querySelector(".weight"));
  if (text.textContent !== percent) text.textContent = percent;
  row.style.setProperty("--weight", String(weight));
  row.classList.toggle("silent", weight === 0);
}
