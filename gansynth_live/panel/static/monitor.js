import { at, make } from "./dom.js";

const MOST = 100;

/** @param {import("./types.js").Devices} devices */
export function showDevices({ output, inputs }) {
  at("devices").textContent = `${inputs.join(", ") || "No MIDI input"} \u2192 ${output}`;
}

/**
 * Adds what was performed, and follows the end unless somebody reads further up.
 * @param {HTMLElement} list
 * @param {string[]} lines
 */
export function showLines(list, lines) {
  const isAtEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 24;
  list.append(...lines.slice(-MOST).map((text) => make("li", { text })));
  while (list.childElementCount > MOST) list.firstElementChild?.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}
