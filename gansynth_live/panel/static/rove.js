/**
 * One stop of the Tab key for a list of buttons: arrows go from row to row, and within one.
 * @param {HTMLElement} list of li that hold buttons
 * @param {(row: HTMLElement) => void} [arrive] is told of a row that arrows came to
 */
export function rove(list, arrive) {
  list.addEventListener("focusin", ({ target }) => {
    for (const button of list.querySelectorAll("button")) button.tabIndex = button === target ? 0 : -1;
  });
  list.addEventListener("keydown", (event) => {
    const button = /** @type {HTMLButtonElement} */ (event.target);
    const row = button.closest("li");
    if (!row) return;
    const to = neighbour(list, row, button, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
    const other = /** @type {HTMLElement} */ (to.closest("li"));
    if (other !== row) arrive?.(other);
  });
}

/** @param {HTMLElement} list @param {HTMLElement} row @param {HTMLButtonElement} button @param {string} key */
function neighbour(list, row, button, key) {
  const inRow = [...row.querySelectorAll("button")];
  const place = inRow.indexOf(button);
  if (key === "ArrowRight") return inRow[place + 1];
  if (key === "ArrowLeft") return inRow[place - 1];
  /** @type {Record<string, Element | null>} */
  const rows = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: list.firstElementChild,
    End: list.lastElementChild,
  };
  return rows[key]?.querySelector("button");
}

/** The list's stop, where none has been. @param {HTMLElement} list */
export function makeStop(list) {
  const buttons = [...list.querySelectorAll("button")];
  const stop = buttons.find((button) => button.matches("[aria-current]")) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}
