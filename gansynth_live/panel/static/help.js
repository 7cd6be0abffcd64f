import { at, make } from "./dom.js";

const KEYS = [
  ["A S D F G H J K L ; '", "white keys"],
  ["W E T Y U O P", "black keys"],
  ["Z X", "octave down, up"],
  ["C V", "softer, louder"],
  ["Shift H", "latch: notes stay on"],
  ["Shift L", "learn: let a controller move a knob"],
  ["Esc", "panic: end every sound"],
  ["Ctrl Z, Ctrl Shift Z", "undo, redo"],
  ["Up, Down on a preset", "load the one before, the next; Enter keeps it, Esc goes back"],
  ["Arrows on the pad", "move the sound; Shift: farther"],
  ["Alt and drag on the pad", "move an instrument (or press it long)"],
  ["Arrows on a knob", "turn it; Shift: finely; Enter: type; Delete: as it was made"],
];

export function makeHelp() {
  const list = /** @type {HTMLElement} */ (at("help").querySelector("dl"));
  list.append(...KEYS.flatMap(([keys, does]) => [make("dt", { text: keys }), make("dd", { text: does })]));
  at("keys-help").addEventListener("click", showHelp);
}

export function showHelp() { if (!at("help").open) at("help").showModal(); }
