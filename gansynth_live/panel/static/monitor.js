import { make } from "./dom.js";

const MOST = 100;

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
