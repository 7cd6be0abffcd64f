import { at, takesText } from "./dom.js";

// Places of keys, not letters: the same on every layout.
const CODES =
  "KeyA KeyW KeyS KeyE KeyD KeyF KeyT KeyG KeyY KeyH KeyU KeyJ KeyK KeyO KeyL KeyP Semicolon Quote".split(" ");
const VELOCITY_STEP = 16;

/** @typedef {Record<"panic" | "latch" | "learn" | "help" | "undo" | "redo", () => void>} Acts */

/** Plays the computer's keyboard. @param {import("./notes.js").Notes} notes @param {Acts} acts */
export function listenToTyping(notes, acts) {
  let first = 60;
  let velocity = 96;
  const show = () => (at("velocity").textContent = `Velocity ${velocity}`);
  /** @type {Record<string, () => void>} */
  const moves = {
    KeyZ: () => (first = Math.max(first - 12, 0)),
    KeyX: () => (first = Math.min(first + 12, 108)),
    KeyC: () => (velocity = Math.max(velocity - VELOCITY_STEP, 16)),
    KeyV: () => (velocity = Math.min(velocity + VELOCITY_STEP, 127)),
  };
  addEventListener("keydown", (event) => {
    if (event.repeat || event.defaultPrevented || takesText(event.target)) return;
    const act = actOf(event, acts);
    if (act) {
      event.preventDefault();
      return act();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const place = CODES.indexOf(event.code);
    if (place >= 0) notes.strike(event.code, first + place, velocity);
    moves[event.code]?.();
    show();
  });
  addEventListener("keyup", (event) => notes.release(event.code));
  show();
}

/** @param {KeyboardEvent} event @param {Acts} acts */
function actOf({ key, code, shiftKey, ctrlKey, metaKey, altKey }, acts) {
  if (ctrlKey || metaKey) {
    if (code === "KeyZ") return shiftKey ? acts.redo : acts.undo;
    return code === "KeyY" ? acts.redo : undefined;
  }
  if (altKey) return undefined;
  if (key === "Escape") return document.querySelector("dialog[open]") ? undefined : acts.panic;
  if (key === "?") return acts.help;
  if (!shiftKey) return undefined;
  if (code === "KeyH") return acts.latch;
  return code === "KeyL" ? acts.learn : undefined;
}
