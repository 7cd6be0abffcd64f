import { announce } from "./announce.js";
import { mixed } from "./colours.js";
import { Emitter } from "./emitter.js";
import { freePlace, onGrid, placesOf, weightsAt } from "./places.js";

const [FEWEST, MOST] = [2, 12];
const [PATH, POINTS, X, Y] = ["morph.instruments", "morph.points", "morph.pad_x", "morph.pad_y"];
export const HAND = [X, Y];

/** @typedef {import("./types.js").Blend} Blend */
/** @typedef {import("./places.js").Point} Point */

/** The instruments of the chosen part: where they lie, and what they weigh. @extends {Emitter<{change: undefined}>} */
export class Morph extends Emitter {
  /** @type {Blend[]} */
  #blends = [];

  /** @param {import("./store.js").Store} store @param {import("./link.js").Link} link */
  constructor(store, link) {
    super();
    this.store = store;
    link.on("blend", ({ parts }) => {
      this.#blends = parts;
      this.emit("change", undefined);
    });
    store.watch([PATH, POINTS, ...HAND], () => this.emit("change", undefined));
  }

  /** @returns {string[]} */
  get names() { return this.store.value(PATH) ?? []; }

  /** @returns {Point[]} */
  get points() { return placesOf(this.names.length, this.store.value(POINTS) ?? []); }

  /** @returns {Point} */
  get hand() { return [this.store.value(X) ?? 0.5, this.store.value(Y) ?? 0.5]; }

  /** What sounds. @returns {Blend} */
  get blend() { return this.#blends[this.store.part] ?? []; }

  /** What would sound where the hand is. @returns {Blend} */
  get aimed() {
    const weights = weightsAt(this.points, ...this.hand);
    return this.names.map((name, place) => [name, weights[place] ?? 0]);
  }

  get colour() { return mixed(this.blend); }

  weightOf(/** @type {string} */ name) { return this.blend.find(([other]) => other === name)?.[1] ?? 0; }

  /** The place of the whole blend. @returns {Point | undefined} */
  get centre() {
    const points = this.points;
    let [x, y, sum] = [0, 0, 0];
    this.names.forEach((name, place) => {
      const weight = this.weightOf(name);
      const [px, py] = points[place] ?? [0, 0];
      [x, y, sum] = [x + weight * px, y + weight * py, sum + weight];
    });
    return sum > 0 ? [x / sum, y / sum] : undefined;
  }

  /** @param {number} x @param {number} y */
  go(x, y) { this.store.set({ [X]: onGrid(x), [Y]: onGrid(y) }); }

  /** @param {number} place @param {Point} point */
  move(place, [x, y]) {
    const points = this.points.map((each, other) => (other === place ? [onGrid(x), onGrid(y)] : each));
    this.store.set({ [POINTS]: points });
  }

  /** @param {string} name @param {Point} [point] */
  add(name, point) {
    const names = this.names;
    if (names.includes(name)) return;
    if (names.length >= MOST) return announce(`The pad holds ${MOST} instruments; remove one first.`);
    const points = point || this.#isPlaced ? [...this.points, point ?? freePlace(this.points)] : [];
    this.store.set({ [PATH]: [...names, name], [POINTS]: points });
  }

  remove(/** @type {string} */ name) {
    const names = this.names;
    if (names.length <= FEWEST) return announce(`The pad needs ${FEWEST} instruments; add another first.`);
    const points = this.#isPlaced ? this.points.filter((_, place) => names[place] !== name) : [];
    this.store.set({ [PATH]: names.filter((other) => other !== name), [POINTS]: points });
  }

  /** Whether the points have places of their own. */
  get #isPlaced() { return this.store.value(POINTS)?.length === this.names.length; }
}

/** The weights of a blend, for people. @param {Blend} blend */
export function inWords(blend) {
  const heard = blend.filter(([, weight]) => weight >= 0.005).sort((one, other) => other[1] - one[1]);
  return heard.map(([name, weight]) => `${Math.round(100 * weight)} % ${name}`).join(", ");
}
