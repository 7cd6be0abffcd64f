import { at, makeButton, press } from "./dom.js";

/** The chooser of the part that is edited. @param {import("./store.js").Store} store */
export function makeParts(store) {
  const buttons = Array.from({ length: store.parts }, (_, part) => {
    return makeButton({ text: `Part ${part + 1}` }, () => store.choose(part));
  });
  at("parts").replaceChildren(...buttons);
  at("parts").hidden = store.parts < 2;
  showPart(store.part);
}

export function showPart(/** @type {number} */ part) {
  [...at("parts").children].forEach((button, place) => press(button, place === part));
}
