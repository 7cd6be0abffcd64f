import { colourOf, onTheme } from "./colours.js";
import { at, make, makeButton, press } from "./dom.js";
import { makeStop, rove } from "./rove.js";

/** @typedef {import("./types.js").Instrument} Instrument */

/** The instruments that there are: a click puts one on the pad, or takes it away. */
export class Instruments {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  /** @type {Instrument[]} */
  #all = [];

  constructor(/** @type {import("./morph.js").Morph} */ morph) {
    this.morph = morph;
    this.list = /** @type {HTMLElement} */ (at("instrument-list"));
    rove(this.list);
    morph.on("change", () => this.#mark());
    onTheme(() => this.show(this.#all));
  }

  show(/** @type {Instrument[]} */ instruments) {
    this.#all = instruments;
    this.#buttons = instruments.map((each) => this.#makeButton(each));
    this.list.replaceChildren(...this.#buttons.map((button) => make("li", {}, button)));
    makeStop(this.list);
    this.#mark();
  }

  #makeButton(/** @type {Instrument} */ { name, family }) {
    const { morph } = this;
    const act = () => (morph.names.includes(name) ? morph.remove(name) : morph.add(name));
    const parts = [make("i", { class: "dot" }), make("span", { class: "name", text: name }), make("span", { class: "kind", text: family })];
    const button = makeButton({ class: "entry", draggable: "true", "data-name": name }, act, ...parts);
    button.style.setProperty("--colour", colourOf(name));
    button.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/x-instrument", name));
    return button;
  }

  #mark() {
    const names = this.morph.names;
    for (const button of this.#buttons) press(button, names.includes(button.dataset.name ?? ""));
  }
}
