import { at, press } from "./dom.js";

const WATCHED = { spectrum: "key-to-colours", monitor: "devices" }; // each with its caption
const small = matchMedia("(max-width: 699px), (max-height: 599px)");

/** What small screens show one after the other: tabs, a drawer, and tools that move to a tab. */
export function makePages() {
  const tabs = [.../** @type {NodeListOf<HTMLElement>} */ (at("tabs").querySelectorAll("button"))];
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      document.body.dataset.tab = tab.dataset.to;
      for (const other of tabs) press(other, other === tab);
    });
  }
  at("browse").addEventListener("click", () => openDrawer(!document.body.classList.contains("drawer")));
  at("play").addEventListener("pointerdown", () => openDrawer(false));
  for (const shown of Object.keys(WATCHED)) at(`show-${shown}`).addEventListener("click", () => watch(shown));
  small.addEventListener("change", placeTools);
  placeTools();
}

function watch(/** @type {string} */ shown) {
  for (const [each, caption] of Object.entries(WATCHED)) {
    at(each).hidden = at(caption).hidden = each !== shown;
    press(at(`show-${each}`), each === shown);
  }
}

function openDrawer(/** @type {boolean} */ is) {
  document.body.classList.toggle("drawer", is);
  at("browse").setAttribute("aria-expanded", String(is));
}

function placeTools() {
  if (small.matches) at("more").append(at("tools"), at("numbers"));
  else at("panic").before(at("tools"), at("level"), at("numbers"));
}
