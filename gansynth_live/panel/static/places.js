// Where instruments lie on the pad, and what they weigh from a place: as the engine does it.

import { within } from "./scale.js";

/** @typedef {[number, number]} Point */

const NEIGHBOURS = 4;
const BEYOND = 1.25; // times the way to the next nearest
const ALONE = 1.5; // times the way to the farthest, where all are neighbours
const PURE = 1 / 256; // so near to a point nothing else sounds
const RADIUS = 0.4;
const GRID = 128;

export const onGrid = (/** @type {number} */ share) => Math.round(within(share) * GRID) / GRID;

/**
 * The places of so many instruments: their own, unless these are of another number.
 * @param {number} count @param {Point[]} own @returns {Point[]}
 */
export function placesOf(count, own) {
  if (own.length === count) return own;
  if (count === 1) return [[0.5, 0.5]];
  if (count === 2) return [[0.1, 0.5], [0.9, 0.5]];
  return Array.from({ length: count }, (_, place) => {
    const turn = (2 * Math.PI * place) / count;
    return [0.5 + RADIUS * Math.sin(turn), 0.5 + RADIUS * Math.cos(turn)];
  });
}

/**
 * Modified Shepard weights (Franke and Little), with the sum 1.
 * @param {Point[]} points @param {number} x @param {number} y @returns {number[]}
 */
export function weightsAt(points, x, y) {
  const ways = points.map(([px, py]) => Math.hypot(px - x, py - y));
  const isPure = Math.min(...ways) < PURE;
  const shares = isPure ? ways.map((way) => Number(way < PURE)) : sharesOf(ways);
  const sum = shares.reduce((one, other) => one + other, 0);
  return shares.map((share) => share / sum);
}

/** @param {number[]} ways none of which is 0 */
function sharesOf(ways) {
  const next = [...ways].sort((one, other) => one - other)[NEIGHBOURS];
  const reach = next === undefined ? ALONE * Math.max(...ways) : BEYOND * next;
  return ways.map((way) => (Math.max(0, reach - way) / (reach * way)) ** 2);
}

/** Where there is most room for one more. @param {Point[]} points @returns {Point} */
export function freePlace(points) {
  /** @type {Point} */
  let best = [0.5, 0.5];
  let most = -1;
  for (let x = 0.1; x < 0.95; x += 0.1) {
    for (let y = 0.1; y < 0.95; y += 0.1) {
      const room = Math.min(...points.map(([px, py]) => Math.hypot(px - x, py - y)));
      if (room > most + 1e-6) [best, most] = [[onGrid(x), onGrid(y)], room];
    }
  }
  return best;
}
