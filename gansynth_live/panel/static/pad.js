import { onceAFrame } from "./canvas.js";
import { onTheme } from "./colours.js";
import { on } from "./dom.js";
import { HAND, inWords } from "./morph.js";
import { drawPad, INSET } from "./pad-view.js";
import { within } from "./scale.js";

const LONG = 500; // ms of a press that takes hold of a point
const STILL = 6; // px that a finger trembles
const NEAR = 22; // px around a point that belong to it
const TRAIL = { points: 24, ms: 2000 };
const BRIGHTNESS = "voice.brightness";
const BRIGHTNESS_WAY = 300; // px of a second finger
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: 2, ArrowRight: 2, ArrowDown: -2, ArrowLeft: -2 };

/** @typedef {import("./places.js").Point} Point */

/** The morph pad: one finger leads the sound, a second one its brightness. */
export class Pad {
  /** @type {Map<number, "hand" | "brightness" | number>} by pointer: what it holds; a number: a point */
  #held = new Map();
  /** @type {{x: number, y: number, at: number}[]} */
  #trail = [];
  /** @type {Point | undefined} */
  #sound;
  #leads = false;
  #press = 0;
  #down = { x: 0, y: 0, brightness: 0 };

  /** @param {HTMLElement} element @param {import("./morph.js").Morph} morph */
  constructor(element, morph) {
    this.element = element;
    this.morph = morph;
    this.canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.draw = onceAFrame(() => this.#draw());
    on(element, {
      pointerdown: (event) => this.#take(event),
      pointermove: (event) => this.#drag(event),
      lostpointercapture: (event) => this.#release(event),
      contextmenu: (event) => event.preventDefault(),
      dragover: (event) => event.preventDefault(),
      drop: (event) => this.#receive(event),
    });
    this.#makeSliders();
    morph.on("change", this.draw);
    onTheme(this.draw);
    new ResizeObserver(this.draw).observe(this.canvas);
  }

  meter(/** @type {import("./types.js").Meters} */ { x, y }) {
    const now = performance.now();
    const [before, hadTrail] = [this.#sound, this.#trail.length > 0];
    this.#leads = !Number.isNaN(x);
    this.#sound = this.#leads ? [x, y] : this.morph.centre;
    const hasMoved = this.#sound?.join() !== before?.join();
    this.#trail = this.#trail.filter(({ at }) => now - at < TRAIL.ms);
    const isTime = now - (this.#trail.at(-1)?.at ?? 0) >= TRAIL.ms / TRAIL.points;
    if (hasMoved && this.#sound && isTime && !this.calm.matches) {
      this.#trail.push({ x: this.#sound[0], y: this.#sound[1], at: now });
    }
    if (hasMoved || hadTrail) this.draw();
  }

  #draw() {
    const now = performance.now();
    drawPad(this.canvas, this.morph, {
      sound: this.#sound,
      leads: this.#leads,
      trail: this.#trail.map(({ x, y, at }) => ({ x, y, age: (now - at) / TRAIL.ms })),
      moved: [...this.#held.values()].find((held) => typeof held === "number"),
      isTouched: this.#held.size > 0,
    });
  }

  /** What is the pad for those who do not see it. */
  #makeSliders() {
    const sliders = [...this.element.querySelectorAll("input")];
    const go = () => {
      const [x = 0, y = 0] = sliders.map((slider) => Number(slider.value) / 128);
      this.morph.go(x, y);
    };
    for (const slider of sliders) {
      const keydown = (/** @type {KeyboardEvent} */ event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        slider.value = String(Number(slider.value) + step * (event.shiftKey ? 8 : 1));
        go();
      };
      on(slider, { keydown, input: go });
    }
    this.morph.on("change", () => {
      sliders.forEach((slider, place) => {
        slider.value = String(128 * (this.morph.hand[place] ?? 0));
        slider.setAttribute("aria-valuetext", inWords(this.morph.aimed));
      });
    });
  }

  #receive(/** @type {DragEvent} */ event) {
    event.preventDefault();
    const name = event.dataTransfer?.getData("text/x-instrument");
    if (name) this.morph.add(name, this.#place(event));
  }

  /** @param {MouseEvent} event @returns {Point} */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const down = within((clientY - top - INSET) / (height - 2 * INSET));
    return [within((clientX - left - INSET) / (width - 2 * INSET)), 1 - down];
  }

  /** The point under a pointer; -1: none. @param {Point} place */
  #pointAt([x, y]) {
    const ways = this.morph.points.map(([px, py]) => Math.hypot(px - x, py - y));
    const least = Math.min(...ways);
    return least < NEAR / (this.canvas.clientWidth - 2 * INSET) ? ways.indexOf(least) : -1;
  }

  #take(/** @type {PointerEvent} */ event) {
    const { pointerId, clientX: x, clientY: y } = event;
    if (event.button !== 0 || this.#held.size > 1) return;
    this.element.setPointerCapture(pointerId);
    const place = this.#place(event);
    const point = this.#pointAt(place);
    this.#down = { x, y, brightness: this.morph.store.value(BRIGHTNESS) };
    if (this.#held.size === 1) {
      this.#held.set(pointerId, "brightness");
      this.morph.store.grab([BRIGHTNESS]);
    } else if (event.altKey && point >= 0) {
      this.#held.set(pointerId, point);
    } else {
      this.#held.set(pointerId, "hand");
      this.morph.store.grab(HAND);
      this.morph.go(...place);
      if (point >= 0) this.#press = setTimeout(() => this.#hold(pointerId, point), LONG);
    }
  }

  /** @param {number} pointer @param {number} point */
  #hold(pointer, point) {
    this.#held.set(pointer, point);
    this.draw();
  }

  #drag(/** @type {PointerEvent} */ event) {
    const held = this.#held.get(event.pointerId);
    const { x, y, brightness } = this.#down;
    if (Math.hypot(event.clientX - x, event.clientY - y) > STILL) clearTimeout(this.#press);
    if (held === "hand") this.morph.go(...this.#place(event));
    else if (typeof held === "number") this.morph.move(held, this.#place(event));
    else if (held === "brightness") {
      const bright = brightness + (2 * (y - event.clientY)) / BRIGHTNESS_WAY;
      this.morph.store.set({ [BRIGHTNESS]: Math.min(Math.max(bright, -1), 1) });
    }
  }

  #release(/** @type {PointerEvent} */ event) {
    clearTimeout(this.#press);
    this.morph.store.drop(this.#held.get(event.pointerId) === "brightness" ? [BRIGHTNESS] : HAND);
    this.#held.delete(event.pointerId);
    this.draw();
  }
}
