import { onceAFrame } from "./canvas.js";
import { onTheme } from "./colours.js";
import { at, on, press } from "./dom.js";
import { drawKeys, keyAt, layKeys } from "./keys-view.js";

const WHITES = { most: 36, least: 8 };
const NARROWEST = { fine: 22, coarse: 40 }; // px of a white key
const [SOFTEST, LOUDEST] = [24, 124]; // at a key's upper and lower end

/** The keyboard on the page. */
export class Keys {
  #first = 36;
  #whites = WHITES.most;
  /** @type {Uint8Array} */
  #each = new Uint8Array(128);
  #range = { low: 0, high: 127 };
  /** @type {Map<number, number>} by pointer: the key under it */
  #under = new Map();

  /** @param {HTMLCanvasElement} canvas @param {import("./notes.js").Notes} notes */
  constructor(canvas, notes) {
    this.canvas = canvas;
    this.notes = notes;
    this.coarse = matchMedia("(pointer: coarse)");
    this.draw = onceAFrame(() => drawKeys(canvas, this.#laid(), (key) => this.#state(key)));
    on(canvas, {
      pointerdown: (event) => this.#down(event),
      pointermove: (event) => this.#move(event),
      lostpointercapture: (event) => this.#up(event),
      contextmenu: (event) => event.preventDefault(),
    });
    on(at("lower"), { click: () => this.#shift(-12) });
    on(at("higher"), { click: () => this.#shift(12) });
    on(at("latch"), { click: () => notes.latch(!notes.isLatching) });
    notes.on("change", () => {
      press(at("latch"), notes.isLatching);
      this.draw();
    });
    onTheme(this.draw);
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  meter(/** @type {import("./types.js").Meters} */ { each }) {
    const isSame = each.every((byte, key) => byte === this.#each[key]);
    this.#each = each;
    if (!isSame) this.draw();
  }

  /** The keys that the model has. @param {{low: number, high: number}} range */
  limit(range) {
    this.#range = range;
    this.draw();
  }

  /** @param {number} key @returns {import("./keys-view.js").State} */
  #state(key) {
    const isPlayable = key >= this.#range.low && key <= this.#range.high;
    return { byte: this.#each[key] ?? 0, isHeld: this.notes.holds(key), isPlayable };
  }

  #laid() { return layKeys(this.#first, this.#whites, this.canvas.clientWidth, this.canvas.clientHeight); }

  #fit() {
    const narrowest = this.coarse.matches ? NARROWEST.coarse : NARROWEST.fine;
    const fitting = Math.floor(this.canvas.clientWidth / narrowest);
    const whites = Math.min(Math.max(fitting, WHITES.least), WHITES.most);
    if (whites !== this.#whites) this.#first = whites > 28 ? 36 : whites > 14 ? 48 : 60;
    this.#whites = whites;
    this.#shift(0);
  }

  #shift(/** @type {number} */ keys) {
    this.#first = Math.min(Math.max(this.#first + keys, 0), 108);
    const last = this.#first + 12 * Math.floor((this.#whites - 1) / 7);
    at("range").textContent = `C${this.#first / 12 - 1} to C${last / 12 - 1}`;
    this.draw();
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#under.set(event.pointerId, -1);
    this.#move(event);
  }

  #move(/** @type {PointerEvent} */ { pointerId, clientX, clientY }) {
    const before = this.#under.get(pointerId);
    if (before === undefined) return;
    const { left, top } = this.canvas.getBoundingClientRect();
    const found = keyAt(this.#laid(), clientX - left, clientY - top);
    if (!found || found.key === before) return;
    this.#under.set(pointerId, found.key);
    this.notes.release(`pointer ${pointerId}`);
    this.notes.strike(`pointer ${pointerId}`, found.key, SOFTEST + found.depth * (LOUDEST - SOFTEST));
  }

  #up(/** @type {PointerEvent} */ { pointerId }) {
    this.#under.delete(pointerId);
    this.notes.release(`pointer ${pointerId}`);
  }
}
