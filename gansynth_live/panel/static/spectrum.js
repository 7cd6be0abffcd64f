import { onTheme, token } from "./colours.js";
import { drawLegend, rainbow } from "./rainbow.js";

const BANDS = 192;
const STEP = 2; // px a frame
const FLOOR = 50; // of a level's 250 steps: -80 dB
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The last seconds as a rainbowgram: light is level, hue is fine tuning. */
export class Spectrum {
  #silent = 0; // px of silence at the right end
  /** @type {Uint32Array} */
  #colours = rainbow();
  #column = new ImageData(1, BANDS);

  constructor(/** @type {HTMLElement} */ element) {
    this.element = element;
    this.canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    this.strip = new OffscreenCanvas(1, BANDS);
    this.pen = /** @type {OffscreenCanvasRenderingContext2D} */ (this.strip.getContext("2d"));
    drawLegend(element);
    onTheme(() => {
      this.#colours = rainbow();
      this.#fit();
    });
    new ResizeObserver(() => this.#fit()).observe(this.canvas);
  }

  show(/** @type {import("./types.js").Spectrum} */ spectrum) {
    if (this.canvas.width === 0 || document.hidden) return;
    const isSilent = spectrum.levels.every((level) => level <= FLOOR);
    if (isSilent && this.#silent > this.canvas.width) return;
    const step = Math.round(STEP * devicePixelRatio);
    this.#silent = isSilent ? this.#silent + step : 0;
    this.#paint(spectrum);
    this.pen.putImageData(this.#column, 0, 0);
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    const { width, height } = this.canvas;
    if (calm.matches) return context.drawImage(this.strip, 0, 0, width, height);
    context.drawImage(this.canvas, -step, 0);
    context.drawImage(this.strip, width - step, 0, step, height);
  }

  #paint(/** @type {import("./types.js").Spectrum} */ { levels, tunings }) {
    const pixels = new Uint32Array(this.#column.data.buffer);
    for (let band = 0; band < BANDS; band++) {
      const light = Math.min(63, Math.max(0, ((levels[band] ?? 0) - FLOOR) >> 1));
      const hue = ((tunings[band] ?? 0) + 128) >> 4;
      pixels[BANDS - 1 - band] = this.#colours[(hue << 6) + light] ?? 0;
    }
  }

  #fit() {
    const { clientWidth, clientHeight } = this.canvas;
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) return;
    context.fillStyle = token("panel");
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.#silent = this.canvas.width + 1;
  }
}
