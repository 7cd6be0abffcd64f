import { Emitter } from "./emitter.js";

const UNANSWERED = 1000; // ms after which no echo will come
const SETTLE = 150; // ms after a touch in which the hand still wins

/** @typedef {import("./types.js").Value} Value */
/** @typedef {{part: number, touched: string, edited: undefined, roundTrip: number}} StoreEvents */

/** The values of all parameters, as the page shows them. @extends {Emitter<StoreEvents>} */
export class Store extends Emitter {
  part = 0;
  parts = 1;
  /** @type {Map<string, import("./types.js").Parameter>} */
  parameters = new Map();
  #client = 0;
  /** @type {Map<string, Value>} by place: what the page shows */
  #shown = new Map();
  /** @type {Map<string, Value>} by place: what the server said last */
  #told = new Map();
  /** @type {Map<string, number>} by place: the timer that ends the hand's rule; 0 while it holds */
  #mine = new Map();
  /** @type {Map<string, (() => void)[]>} by parameter */
  #watchers = new Map();
  /** @type {Map<number, Record<string, Value>>} by part: what the next message sets */
  #pending = new Map();
  #askedAt = 0;

  constructor(/** @type {import("./link.js").Link} */ link) {
    super();
    this.link = link;
    link.on("welcome", (welcome) => this.#welcome(welcome));
    link.on("delta", (delta) => this.#receive(delta));
  }

  /** @param {string} id @returns {any} */
  value(id) { return this.#shown.get(this.#place(id, this.part)) ?? this.parameters.get(id)?.default; }

  /**
   * Calls now, and whenever the value of a parameter of the chosen part changes.
   * @param {string[]} ids @param {() => void} watcher
   */
  watch(ids, watcher) {
    for (const id of ids) this.#watchers.set(id, [...(this.#watchers.get(id) ?? []), watcher]);
    watcher();
  }

  set(/** @type {Record<string, Value>} */ values) {
    if (!this.link.isOpen) return;
    const pending = this.#pending.get(this.part);
    if (this.#pending.size === 0) requestAnimationFrame(() => this.#flush());
    this.#pending.set(this.part, { ...pending, ...values });
    for (const [id, value] of Object.entries(values)) {
      const place = this.#place(id, this.part);
      this.#shown.set(place, value);
      this.#told.set(place, value);
      if (this.#mine.get(place) !== 0) this.#settle(place, id);
      this.#tell(id);
      this.emit("touched", id);
    }
    this.emit("edited", undefined);
  }

  /** A hand takes hold: what others say of these is not shown until it lets go. @param {string[]} ids */
  grab(ids) {
    for (const id of ids) {
      const place = this.#place(id, this.part);
      clearTimeout(this.#mine.get(place));
      this.#mine.set(place, 0);
      this.emit("touched", id);
    }
  }

  drop(/** @type {string[]} */ ids) { for (const id of ids) this.#settle(this.#place(id, this.part), id); }

  choose(/** @type {number} */ part) {
    this.part = part;
    this.emit("part", part);
    this.#tellAll();
  }

  /** @param {string} id @param {number} part */
  #place(id, part) { return `${this.parameters.get(id)?.scope === "all" ? -1 : part} ${id}`; }

  /** @param {string} place @param {string} id */
  #settle(place, id) {
    clearTimeout(this.#mine.get(place));
    const end = () => {
      this.#mine.delete(place);
      this.#show(place, id);
    };
    this.#mine.set(place, setTimeout(end, SETTLE));
  }

  /** @param {string} place @param {string} id */
  #show(place, id) {
    const told = this.#told.get(place);
    if (this.#mine.has(place) || told === undefined || told === this.#shown.get(place)) return;
    this.#shown.set(place, told);
    this.#tell(id);
  }

  #flush() {
    for (const [part, v] of this.#pending) this.link.say({ t: "set", part, v });
    this.#pending.clear();
    const now = performance.now();
    if (now - this.#askedAt > UNANSWERED) this.#askedAt = now;
  }

  #receive(/** @type {import("./types.js").Delta} */ delta) {
    if (delta.from === this.#client && this.#askedAt) {
      this.emit("roundTrip", performance.now() - this.#askedAt);
      this.#askedAt = 0;
    }
    for (const [id, value] of Object.entries(delta.v)) {
      const place = this.#place(id, delta.part);
      this.#told.set(place, value);
      this.#show(place, id);
    }
  }

  #welcome(/** @type {import("./types.js").Welcome} */ welcome) {
    this.#client = welcome.client;
    this.#askedAt = 0;
    this.parts = welcome.values.parts.length;
    this.part = Math.min(this.part, this.parts - 1);
    this.parameters = new Map(welcome.parameters.map((each) => [each.id, each]));
    this.#shown.clear();
    for (const timer of this.#mine.values()) clearTimeout(timer);
    this.#mine.clear();
    welcome.values.parts.forEach((values, part) => {
      for (const [id, value] of Object.entries({ ...welcome.values.all, ...values })) {
        this.#shown.set(this.#place(id, part), value);
      }
    });
    this.#told = new Map(this.#shown);
    this.#tellAll();
  }

  #tell(/** @type {string} */ id) { for (const watcher of this.#watchers.get(id) ?? []) watcher(); }

  #tellAll() { for (const watcher of new Set([...this.#watchers.values()].flat())) watcher(); }
}
