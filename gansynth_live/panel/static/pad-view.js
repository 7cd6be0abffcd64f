import { cleared } from "./canvas.js";
import { colourOf, mixed, token } from "./colours.js";

export const INSET = 32; // px around the square in which the puck moves
const CELLS = 8; // of the lattice
const [LEAST, MOST] = [5, 24]; // px, radius of a dot that is silent, and of one that sounds alone
const FINGER = 24; // px that a label keeps from the hand

/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {import("./places.js").Point} Point */
/** @typedef {{name: string, weight: number, x: number, y: number, radius: number}} Dot */

/**
 * @typedef {object} Look
 * @property {Point | undefined} sound
 * @property {boolean} leads whether the pad does
 * @property {{x: number, y: number, age: number}[]} trail
 * @property {number | undefined} moved the point that a hand moves
 * @property {boolean} isTouched
 */

/** @param {HTMLCanvasElement} canvas @param {import("./morph.js").Morph} morph @param {Look} look */
export function drawPad(canvas, morph, look) {
  const { pen, width, height } = cleared(canvas);
  if (width === 0) return;
  /** @type {(point: Point) => Point} */
  const place = ([x, y]) => [INSET + x * (width - 2 * INSET), INSET + (1 - y) * (height - 2 * INSET)];
  const dots = dotsOf(morph, place);
  const hand = place(morph.hand);
  const sound = look.sound && place(look.sound);
  drawLattice(pen, place);
  drawPath(pen, dots);
  drawTrail(pen, look, place, morph.colour);
  if (sound) drawLines(pen, dots, sound);
  for (const { name, x, y, radius } of dots) fillCircle(pen, [x, y], radius, colourOf(name));
  const moved = dots[look.moved ?? -1];
  if (moved) strokeCircle(pen, [moved.x, moved.y], moved.radius + 6, token("text"), 1.5);
  if (sound) {
    fillCircle(pen, sound, 11, token("panel"));
    fillCircle(pen, sound, 8, morph.colour);
  }
  strokeCircle(pen, hand, 16, token("panel"), 5);
  strokeCircle(pen, hand, 16, look.leads ? mixed(morph.aimed) : token("line-strong"), 2);
  for (const dot of dots) drawLabel(pen, dot, width, look.isTouched ? hand : undefined);
}

/** @param {import("./morph.js").Morph} morph @param {(point: Point) => Point} place @returns {Dot[]} */
function dotsOf(morph, place) {
  const points = morph.points.map(place);
  return morph.names.map((name, index) => {
    const [x, y] = points[index] ?? [0, 0];
    const weight = morph.weightOf(name);
    return { name, weight, x, y, radius: Math.sqrt(LEAST ** 2 + weight * (MOST ** 2 - LEAST ** 2)) };
  });
}

/** @param {Pen} pen @param {(point: Point) => Point} place */
function drawLattice(pen, place) {
  pen.fillStyle = token("line-strong");
  for (let cell = 0; cell < (CELLS + 1) ** 2; cell++) {
    const [x, y] = place([(cell % (CELLS + 1)) / CELLS, Math.floor(cell / (CELLS + 1)) / CELLS]);
    pen.fillRect(Math.round(x) - 0.5, Math.round(y) - 0.5, 1, 1);
  }
}

/** @param {Pen} pen @param {Dot[]} dots */
function drawPath(pen, dots) {
  pen.strokeStyle = token("line");
  pen.lineWidth = 1;
  pen.beginPath();
  for (const { x, y } of dots) pen.lineTo(x, y);
  pen.stroke();
}

/** @param {Pen} pen @param {Look} look @param {(point: Point) => Point} place @param {string} colour */
function drawTrail(pen, { trail }, place, colour) {
  for (const { x, y, age } of trail) {
    pen.globalAlpha = 0.5 * Math.max(0, 1 - age);
    fillCircle(pen, place([x, y]), 2.5, colour);
  }
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {Dot[]} dots @param {Point} sound */
function drawLines(pen, dots, sound) {
  pen.lineWidth = 1.5;
  for (const { name, x, y, weight } of dots.filter((dot) => dot.weight > 0)) {
    pen.globalAlpha = 0.15 + 0.85 * weight;
    pen.strokeStyle = colourOf(name);
    pen.beginPath();
    pen.moveTo(...sound);
    pen.lineTo(x, y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {Dot} dot @param {number} width @param {Point} [hand] */
function drawLabel(pen, { name, weight, x, y, radius }, width, hand) {
  const lift = hand && Math.hypot(hand[0] - x, hand[1] - y) < 2 * FINGER ? FINGER : 8;
  const above = y - radius - lift;
  const isAbove = above > 14;
  pen.font = `${weight > 0 ? 600 : 400} 13px ${token("font")}`;
  pen.fillStyle = token(weight > 0 ? "text" : "muted");
  pen.strokeStyle = token("panel");
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.textAlign = "center";
  pen.textBaseline = isAbove ? "alphabetic" : "top";
  const half = pen.measureText(name).width / 2 + 4;
  /** @type {[string, number, number]} */
  const text = [name, Math.min(Math.max(x, half), width - half), isAbove ? above : y + radius + 8];
  pen.strokeText(...text);
  pen.fillText(...text);
}

/** @param {Pen} pen @param {Point} centre @param {number} radius @param {string} colour */
function fillCircle(pen, centre, radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(...centre, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** @param {Pen} pen @param {Point} centre @param {number} radius @param {string} colour @param {number} width */
function strokeCircle(pen, centre, radius, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(...centre, radius, 0, 2 * Math.PI);
  pen.stroke();
}
