import { on } from "./dom.js";
import { within } from "./scale.js";

const WAY = 200; // px of the whole range
const FINE = 0.1;
/** @type {Record<string, number>} keys, and the steps that each is */
const STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

/**
 * @typedef {object} Hand
 * @property {() => number} share of the way, 0..1
 * @property {(share: number) => void} turn
 * @property {() => void} reset
 * @property {() => void} type
 * @property {() => void} grab
 * @property {() => void} drop
 * @property {number} step of a key
 */

/**
 * Lets an element be turned by pointer, wheel and keys. A touch alone never moves the value.
 * @param {SVGElement} element @param {Hand} hand
 */
export function makeTurnable(element, hand) {
  /** @type {{pointer: number, share: number, y: number} | undefined} */
  let held;
  on(element, {
    pointerdown: ({ button, pointerId, clientY }) => {
      if (button !== 0 || held) return;
      held = { pointer: pointerId, share: hand.share(), y: clientY };
      element.setPointerCapture(pointerId);
      element.focus({ preventScroll: true });
      hand.grab();
    },
    pointermove: ({ pointerId, clientY, shiftKey }) => {
      if (!held || pointerId !== held.pointer || clientY === held.y) return;
      held.share = within(held.share + ((held.y - clientY) / WAY) * (shiftKey ? FINE : 1));
      held.y = clientY;
      hand.turn(held.share);
    },
    lostpointercapture: ({ pointerId }) => {
      if (pointerId !== held?.pointer) return;
      held = undefined;
      hand.drop();
    },
    dblclick: hand.reset,
    keydown: (event) => turnByKey(event, hand),
  });
  element.addEventListener("wheel", (event) => turnByWheel(event, hand), { passive: false });
}

/** @param {WheelEvent} event @param {Hand} hand */
function turnByWheel(event, hand) {
  if (event.ctrlKey) return; // zooms the page
  event.preventDefault();
  const notches = Math.max(-1, Math.min(1, -(event.deltaY || event.deltaX) / 100));
  hand.turn(within(hand.share() + notches * 0.01 * (event.shiftKey ? FINE : 1)));
}

/** @param {KeyboardEvent} event @param {Hand} hand */
function turnByKey(event, hand) {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = STEPS[key];
  if (steps) hand.turn(within(hand.share() + steps * hand.step * (shiftKey ? FINE : 1)));
  else if (key === "Home" || key === "End") hand.turn(Number(key === "End"));
  else if (key === "Enter") hand.type();
  else if (key === "Delete") hand.reset();
  else return;
  event.preventDefault();
}
