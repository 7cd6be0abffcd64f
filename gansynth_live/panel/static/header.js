import { at, make, on, press } from "./dom.js";
import { written } from "./format.js";
import { HAND } from "./morph.js";

const [FLOOR, REDUCTION] = [60, 12]; // dB of the ways of level and reduction
const RECENT = 10000; // ms in which a late block is bad news
const BUSY = 0.7; // of a block's time
const SLOW = 50; // ms
const READ = 1200; // ms that a touched value stays in the header

/** The header: acts, level, numbers. */
export class Header {
  #late = { now: 0, seen: 0, at: -RECENT };
  #roundTrip = NaN;
  #reading = 0;
  #isStored = false;

  /** @param {import("./link.js").Link} link @param {import("./store.js").Store} store */
  constructor(link, store) {
    this.store = store;
    this.cells = new Map(["voices", "load", "late", "fresh", "panel"].map((name) => [name, this.#makeCell(name)]));
    const act = (/** @type {string} */ what) => () => link.say({ t: "do", what });
    for (const what of ["undo", "redo", "keep", "panic"]) on(at(what), { click: act(what) });
    on(at("edited"), { click: () => this.#isStored && act("compare")() });
    on(at("stored"), { click: () => this.#isStored || act("compare")() });
    link.on("compare", ({ stored }) => this.#compare(stored));
    link.on("loaded", () => this.#mark(false));
    store.on("edited", () => this.#mark(true));
    store.on("roundTrip", (ms) => (this.#roundTrip = ms));
    store.on("touched", (id) => this.#read(id));
  }

  meter(/** @type {import("./types.js").Meters} */ now) {
    const isKnown = !Number.isNaN(this.#roundTrip);
    this.#show("voices", now.lost ? "no device" : String(now.voices), now.lost);
    this.#show("load", Number.isNaN(now.load) ? "" : `${Math.round(100 * now.load)}\u202f%`, now.load > BUSY);
    this.#show("fresh", `${now.fresh}/${now.keys}`, false);
    this.#show("panel", isKnown ? `${Math.round(this.#roundTrip)}\u202fms` : "", this.#roundTrip > SLOW);
    this.#count(now.late);
    at("peak").style.transform = `scaleX(${Math.max(0, 1 - now.peak / FLOOR)})`;
    at("reduction").style.transform = `scaleX(${Math.min(1, now.reduction / REDUCTION)})`;
  }

  #count(/** @type {number} */ late) {
    const isOfAnotherStart = late < this.#late.now;
    if (late > this.#late.now) this.#late.at = performance.now();
    if (isOfAnotherStart) this.#late.seen = 0;
    this.#late.now = late;
    const unseen = late - this.#late.seen;
    this.#show("late", String(unseen), unseen > 0 && performance.now() - this.#late.at < RECENT);
  }

  #makeCell(/** @type {string} */ name) {
    const number = make("b");
    const attributes = { class: "number", "data-name": name, hidden: "" };
    const cell = make(name === "late" ? "button" : "span", attributes, number, make("span", { text: name }));
    if (name === "late") {
      cell.title = "Late blocks; a click counts anew";
      on(cell, { click: () => (this.#late.seen = this.#late.now) });
    }
    at("numbers").append(cell);
    return { cell, number };
  }

  /** @param {string} name @param {string} text @param {boolean} isBad */
  #show(name, text, isBad) {
    const { cell, number } = /** @type {{cell: HTMLElement, number: HTMLElement}} */ (this.cells.get(name));
    if (number.textContent !== text) number.textContent = text;
    cell.hidden = text === "";
    cell.classList.toggle("bad", isBad);
  }

  #compare(/** @type {boolean} */ isStored) {
    this.#isStored = isStored;
    press(at("stored"), isStored);
    press(at("edited"), !isStored);
  }

  #mark(/** @type {boolean} */ isEdited) {
    this.#compare(false);
    at("name").classList.toggle("edited", isEdited);
  }

  /** Shows what a hand moves, where fingers hide it. @param {string} id */
  #read(id) {
    const parameter = this.store.parameters.get(id);
    if (!parameter || parameter.kind === "list" || HAND.includes(id)) return;
    const value = make("b", { text: written(parameter, this.store.value(id)) });
    at("readout").replaceChildren(make("span", { text: parameter.name }), value);
    document.body.classList.add("reading");
    clearTimeout(this.#reading);
    this.#reading = setTimeout(() => document.body.classList.remove("reading"), READ);
  }
}
