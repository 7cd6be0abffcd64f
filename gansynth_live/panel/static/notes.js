import { Emitter } from "./emitter.js";

/** The keys that this page holds, by what holds each: a finger, say. @extends {Emitter<{change: undefined}>} */
export class Notes extends Emitter {
  /** @type {Map<string, {key: number, part: number}>} */
  #held = new Map();
  /** @type {Set<string>} those that a latch keeps */
  #latched = new Set();
  #isLatching = false;

  /** @param {import("./link.js").Link} link @param {import("./store.js").Store} store */
  constructor(link, store) {
    super();
    this.link = link;
    this.store = store;
    addEventListener("blur", () => this.releaseAll());
    addEventListener("pagehide", () => this.releaseAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.releaseAll());
    link.on("link", () => this.releaseAll());
  }

  get isLatching() { return this.#isLatching; }

  holds(/** @type {number} */ key) {
    return [...this.#held.values()].some((held) => held.key === key && held.part === this.store.part);
  }

  /** @param {string} holder @param {number} key @param {number} velocity */
  strike(holder, key, velocity) {
    if (key < 0 || key > 127) return;
    const latched = [...this.#latched].find((each) => this.#held.get(each)?.key === key);
    if (latched !== undefined) return this.#end(latched);
    const place = this.#isLatching ? `latched ${key}` : holder;
    this.#end(place);
    this.#held.set(place, { key, part: this.store.part });
    if (this.#isLatching) this.#latched.add(place);
    this.link.say({ t: "note", on: true, k: key, v: Math.round(velocity), part: this.store.part });
    this.emit("change", undefined);
  }

  release(/** @type {string} */ holder) { if (this.#held.has(holder)) this.#end(holder); }

  latch(/** @type {boolean} */ is) {
    this.#isLatching = is;
    if (!is) for (const holder of [...this.#latched]) this.#end(holder);
    this.emit("change", undefined);
  }

  releaseAll() { for (const holder of [...this.#held.keys()]) this.#end(holder); }

  #end(/** @type {string} */ holder) {
    const held = this.#held.get(holder);
    if (!held) return;
    this.#held.delete(holder);
    this.#latched.delete(holder);
    const { key, part } = held;
    const isShared = [...this.#held.values()].some((other) => other.key === key && other.part === part);
    if (!isShared) this.link.say({ t: "note", on: false, k: key, v: 64, part });
    this.emit("change", undefined);
  }

}
