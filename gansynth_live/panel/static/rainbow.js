import { token } from "./colours.js";
import { make } from "./dom.js";

const HUES = 16;
const LIGHTS = 64;
const LOWEST = 32.7; // Hz, of the spectrum's first band
const OCTAVES = 8;
const MARKS = [["100", 100], ["1 k", 1000], ["5 k", 5000]];

/** Colours of all tunings and levels, as pixels; the lightest tone is the page's own panel. */
export function rainbow() {
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(LIGHTS, HUES).getContext("2d"));
  for (let hue = 0; hue < HUES; hue++) {
    const sweep = pen.createLinearGradient(0, 0, LIGHTS, 0);
    const angle = 200 + (360 * hue) / HUES;
    sweep.addColorStop(0, token("panel"));
    sweep.addColorStop(0.5, `oklch(${token("spectrum-mid")} 0.11 ${angle})`);
    sweep.addColorStop(1, `oklch(${token("spectrum-loud")} 0.12 ${angle})`);
    pen.fillStyle = sweep;
    pen.fillRect(0, hue, LIGHTS, 1);
  }
  return new Uint32Array(pen.getImageData(0, 0, LIGHTS, HUES).data.buffer);
}

/** Marks of frequencies at a spectrum's edge. @param {HTMLElement} element */
export function drawLegend(element) {
  for (const [text, hertz] of MARKS) {
    const mark = make("span", { class: "mark", text: String(text), "aria-hidden": "true" });
    mark.style.bottom = `${(100 * Math.log2(Number(hertz) / LOWEST)) / OCTAVES}%`;
    element.append(mark);
  }
}
