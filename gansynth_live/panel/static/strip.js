import { colourOf } from "./colours.js";
import { at, make, on } from "./dom.js";
import { IN_STRIP } from "./groups.js";
import { Knob } from "./knob.js";

const POSITION = "morph.position";
const MOST_LETTERS = 28; // of names beside each other
/** @type {Record<string, string>} */
const LABELS = { "motion.orbit_amount": "Round trip", "morph.focus": "Focus" };

/** What lies under the pad: the path and the motion. @param {import("./store.js").Store} store */
export function makeStrip(store) {
  const knobs = IN_STRIP.flatMap((id) => {
    const parameter = store.parameters.get(id);
    return parameter ? [new Knob(store, parameter, LABELS[id]).element] : [];
  });
  at("motion").replaceChildren(...knobs);
}

/** @param {import("./store.js").Store} store @param {import("./morph.js").Morph} morph */
export function makePath(store, morph) {
  const slider = /** @type {HTMLInputElement} */ (at("position"));
  const drop = () => store.drop([POSITION]);
  on(slider, {
    pointerdown: () => store.grab([POSITION]),
    pointerup: drop,
    pointercancel: drop,
    input: () => store.set({ [POSITION]: Number(slider.value) }),
    dblclick: () => store.set({ [POSITION]: 0 }),
  });
  store.watch([POSITION], () => {
    const position = store.value(POSITION) ?? 0;
    slider.value = String(position);
    slider.style.setProperty("--share", String(position));
    slider.setAttribute("aria-valuetext", where(position, morph.names));
  });
  store.watch(["morph.instruments"], () => showStops(morph.names));
}

/** @param {number} position @param {string[]} names */
function where(position, names) {
  const place = position * (names.length - 1);
  const [from, to] = [names[Math.floor(place)], names[Math.ceil(place)]];
  const way = Math.round(100 * (place - Math.floor(place)));
  return from === to ? `${from}` : `${way} % of the way from ${from} to ${to}`;
}

function showStops(/** @type {string[]} */ names) {
  const areNamed = names.join("").length <= MOST_LETTERS;
  const stops = names.map((name, place) => {
    const stop = make("div", {}, make("i"), make("span", { text: areNamed ? name : "" }));
    stop.style.setProperty("--at", String(names.length > 1 ? place / (names.length - 1) : 0));
    stop.style.setProperty("--colour", colourOf(name));
    return stop;
  });
  at("stops").replaceChildren(...stops);
}
