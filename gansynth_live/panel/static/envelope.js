import { makeSvg, on } from "./dom.js";
import { shareOf, valueAt, within } from "./scale.js";

const [WIDTH, HEIGHT, EDGE] = [264, 88, 6];
const LONGEST = 68; // of attack, decay and release
const HOLD = WIDTH - 2 * EDGE - 3 * LONGEST;
const [ATTACK, DECAY, SUSTAIN, RELEASE] = ["voice.attack", "voice.decay", "voice.sustain", "voice.release"];

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{x: number, y: number, time: string, level?: string}} Corner */

/** The envelope, drawn; its corners can be dragged. Who sees none has the knobs. @param {Store} store */
export function makeEnvelope(store) {
  const area = makeSvg("path", { class: "area" });
  const line = makeSvg("path", { class: "line" });
  const svg = makeSvg("svg", { class: "envelope", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" }, area, line);
  const handles = [0, 1, 2].map((place) => makeHandle(store, svg, () => /** @type {Corner} */ (corners(store)[place])));
  svg.append(...handles);
  store.watch([ATTACK, DECAY, SUSTAIN, RELEASE], () => {
    const [peak, knee, end] = corners(store);
    const path = `M${EDGE} ${HEIGHT - EDGE}L${peak.x} ${peak.y}L${knee.x} ${knee.y}h${HOLD}L${end.x} ${end.y}`;
    area.setAttribute("d", `${path}Z`);
    line.setAttribute("d", path);
    [peak, knee, end].forEach(({ x, y }, place) => handles[place]?.setAttribute("transform", `translate(${x} ${y})`));
  });
  return svg;
}

/** @param {Store} store @returns {[Corner, Corner, Corner]} */
function corners(store) {
  const attack = EDGE + LONGEST * share(store, ATTACK);
  const decay = attack + LONGEST * share(store, DECAY);
  const sustain = EDGE + (HEIGHT - 2 * EDGE) * (1 - share(store, SUSTAIN));
  const release = decay + HOLD + LONGEST * share(store, RELEASE);
  return [
    { x: attack, y: EDGE, time: ATTACK },
    { x: decay, y: sustain, time: DECAY, level: SUSTAIN },
    { x: release, y: HEIGHT - EDGE, time: RELEASE },
  ];
}

/** @param {Store} store @param {string} [id] */
function share(store, id = "") {
  const parameter = store.parameters.get(id);
  return parameter ? shareOf(parameter, store.value(id)) : 0;
}

/** @param {Store} store @param {string | undefined} id @param {number} way */
function turned(store, id, way) {
  const parameter = store.parameters.get(id ?? "");
  return parameter ? { [parameter.id]: valueAt(parameter, within(way)) } : {};
}

/** @param {Store} store @param {SVGElement} svg @param {() => Corner} corner */
function makeHandle(store, svg, corner) {
  const handle = makeSvg("g", { class: "handle" }, makeSvg("circle", { class: "reach", r: "16" }), makeSvg("circle", { r: "4.5" }));
  const ids = () => [corner().time, corner().level].filter((id) => id !== undefined);
  /** @type {{x: number, y: number, time: number, level: number} | undefined} */
  let from;
  on(handle, {
    pointerdown: ({ pointerId, clientX, clientY }) => {
      handle.setPointerCapture(pointerId);
      from = { x: clientX, y: clientY, time: share(store, corner().time), level: share(store, corner().level) };
      store.grab(ids());
    },
    pointermove: ({ clientX, clientY }) => {
      if (!from) return;
      const { width, height } = svg.getBoundingClientRect();
      const across = ((clientX - from.x) * WIDTH) / width / LONGEST;
      const down = ((clientY - from.y) * HEIGHT) / height / (HEIGHT - 2 * EDGE);
      const { time, level } = corner();
      store.set({ ...turned(store, time, from.time + across), ...turned(store, level, from.level - down) });
    },
    lostpointercapture: () => {
      from = undefined;
      store.drop(ids());
    },
  });
  return handle;
}
