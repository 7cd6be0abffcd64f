import { cleared } from "./canvas.js";
import { token } from "./colours.js";

const BLACK = [1, 3, 6, 8, 10];
const METER = 10; // px above the keys for their levels
const FRESHNESS = 3; // px of the bar that shows a key's render
const [LOW, NARROW] = [0.62, 0.6]; // of a white key's height and width: a black one's

/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {{key: number, isBlack: boolean, x: number, y: number, width: number, height: number}} Key */
/** @typedef {{byte: number, isHeld: boolean, isPlayable: boolean}} State */

/**
 * Places of keys from a C on, the white ones first.
 * @param {number} first @param {number} whites @param {number} width @param {number} height
 */
export function layKeys(first, whites, width, height) {
  const step = width / whites;
  const tall = height - METER - FRESHNESS - 3;
  /** @type {Key[]} */
  const laid = [];
  for (let key = first, place = 0; place < whites && key < 128; key++) {
    const isBlack = BLACK.includes(key % 12);
    const wide = isBlack ? NARROW * step : step - 1;
    const x = isBlack ? place * step - wide / 2 : place * step;
    laid.push({ key, isBlack, x, y: METER, width: wide, height: isBlack ? LOW * tall : tall });
    if (!isBlack) place += 1;
  }
  return laid.sort((one, other) => Number(one.isBlack) - Number(other.isBlack));
}

/** The key at a place, and how far down it that is, 0..1. @param {Key[]} laid @param {number} x @param {number} y */
export function keyAt(laid, x, y) {
  const found = laid.findLast((key) => {
    return x >= key.x && x <= key.x + key.width + 1 && (!key.isBlack || y <= key.y + key.height);
  });
  return found && { key: found.key, depth: Math.min(Math.max((y - found.y) / found.height, 0), 1) };
}

/** @param {HTMLCanvasElement} canvas @param {Key[]} laid @param {(key: number) => State} stateOf */
export function drawKeys(canvas, laid, stateOf) {
  const { pen, height } = cleared(canvas);
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--blend");
  for (const key of laid) {
    const state = stateOf(key.key);
    drawKey(pen, key, state, colour);
    drawFreshness(pen, key, state.byte & 3, height);
    pen.fillStyle = colour;
    const level = ((state.byte >> 4) / 15) * (METER - 2);
    pen.fillRect(key.x + key.width / 4, METER - 1 - level, key.width / 2, level);
  }
}

/** @param {Pen} pen @param {Key} key @param {State} state @param {string} colour */
function drawKey(pen, { key, isBlack, x, y, width, height }, { byte, isHeld, isPlayable }, colour) {
  const isDown = isHeld || (byte & 4) !== 0;
  const resting = isBlack ? (isPlayable ? "key-black" : "key-black-off") : "key-white";
  pen.fillStyle = token("bed");
  if (isBlack) pen.fillRect(x - 1, y, width + 2, height + 1);
  pen.globalAlpha = isPlayable || isBlack ? 1 : 0.35;
  pen.fillStyle = isDown ? colour : token(resting);
  pen.fillRect(x, y, width, height);
  pen.globalAlpha = 1;
  if (byte & 8) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.strokeRect(x + 1, y + 1, width - 2, height - 2);
  }
  if (key % 12 !== 0 || width < 18) return;
  pen.fillStyle = token(isDown ? "on-colour" : "key-name");
  pen.font = `13px ${token("font")}`;
  pen.textAlign = "center";
  pen.fillText(`C${key / 12 - 1}`, x + width / 2, y + height - 6);
}

/** @param {Pen} pen @param {Key} key @param {number} freshness @param {number} bottom */
function drawFreshness(pen, { isBlack, x, y, width, height }, freshness, bottom) {
  if (freshness === 0) return;
  pen.fillStyle = token(freshness === 1 ? "stale" : "fresh");
  pen.fillRect(x, (isBlack ? y + height : bottom) - FRESHNESS, width, FRESHNESS);
}
