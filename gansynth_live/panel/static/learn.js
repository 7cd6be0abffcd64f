import { announce } from "./announce.js";
import { at, on, press } from "./dom.js";

/** Binding controllers: a mode in which a click on a control chooses what the next one moves. */
export class Learn {
  #isOn = false;
  #chosen = "";
  #wasLearning = false;
  /** @type {Record<string, string>} */
  #bindings = {};

  constructor(/** @type {import("./link.js").Link} */ link) {
    this.link = link;
    link.on("bindings", ({ v }) => this.bind(v));
    link.on("meters", ({ learns }) => this.#follow(learns));
    on(at("learn"), { click: () => this.toggle() });
    on(at("forget"), { click: () => this.#forget() });
    on(document, { contextmenu: (event) => this.#ask(event) });
    for (const kind of ["pointerdown", "dblclick", "keydown"]) {
      document.addEventListener(kind, (event) => this.#intercept(event), true);
    }
  }

  bind(/** @type {Record<string, string>} */ bindings) {
    this.#bindings = bindings;
    this.#show();
  }

  toggle() {
    this.#isOn = !this.#isOn;
    document.body.classList.toggle("learning", this.#isOn);
    press(at("learn"), this.#isOn);
    if (this.#isOn) announce("Click a control, then move a controller.");
    else if (this.#chosen) this.#choose("");
    this.#show();
  }

  #choose(/** @type {string} */ id) {
    this.#chosen = id;
    this.link.say({ t: "learn", p: id });
    this.#show();
  }

  #forget() {
    this.link.say({ t: "forget", p: this.#chosen });
    this.#choose("");
  }

  /** A controller has been found when the server learns no longer. @param {boolean} learns */
  #follow(learns) {
    if (this.#wasLearning && !learns) {
      this.#chosen = "";
      this.#show();
    }
    this.#wasLearning = learns;
  }

  #show() {
    at("forget").hidden = !this.#chosen || !this.#bindings[this.#chosen];
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-p]"))) {
      const id = element.dataset.p ?? "";
      element.dataset.binding = this.#bindings[id] ?? "\u2013";
      element.classList.toggle("chosen", this.#isOn && id === this.#chosen);
    }
  }

  #intercept(/** @type {Event} */ event) {
    const id = this.#isOn ? controlOf(event) : undefined;
    const forgets = event instanceof KeyboardEvent && event.key === "Delete" && id === this.#chosen;
    if (!id || (event instanceof KeyboardEvent && !forgets && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    if (forgets) this.#forget();
    else if (event.type !== "dblclick") this.#choose(id === this.#chosen ? "" : id);
  }

  #ask(/** @type {Event} */ event) {
    const id = controlOf(event);
    if (!id) return;
    event.preventDefault();
    if (!this.#isOn) this.toggle();
    if (id !== this.#chosen) this.#choose(id);
  }
}

/** @param {Event} event @returns {string | undefined} */
function controlOf({ target }) {
  const control = target instanceof Element ? target.closest("[data-p]") : undefined;
  return control instanceof HTMLElement ? control.dataset.p : undefined;
}
