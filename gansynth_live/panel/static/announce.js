import { at } from "./dom.js";

const SHOWN = 4000; // ms

let timer = 0;

/** Shows a line for some seconds; screen readers read it. @param {string} line */
export function announce(line) {
  const toast = at("toast");
  toast.textContent = line;
  toast.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => toast.classList.remove("shown"), SHOWN);
}
