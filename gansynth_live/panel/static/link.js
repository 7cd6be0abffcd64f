import { Emitter } from "./emitter.js";
import { parseFrames } from "./frames.js";

const SOONEST = 500; // ms before another try
const LATEST = 8000;
const POLICY = 1008;

/** The connection to the server, which comes back by itself. @extends {Emitter<import("./types.js").Said>} */
export class Link extends Emitter {
  /** @type {WebSocket | undefined} */
  #socket;
  #wait = SOONEST;
  #welcomed = false;

  /** @param {string} address @param {string} token */
  constructor(address, token) {
    super();
    this.address = address;
    this.token = token;
  }

  get isOpen() { return this.#welcomed; }

  open() {
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", token: this.token }));
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => this.#close(event.code);
    this.#socket = socket;
  }

  /**
   * Lost where nobody is connected: what was meant then is not wanted later.
   * @param {{t: string, [field: string]: unknown}} message
   */
  say(message) { if (this.#welcomed) this.#socket?.send(JSON.stringify(message)); }

  #hear(/** @type {string | ArrayBuffer} */ data) {
    if (typeof data !== "string") {
      const { meters, spectrum } = parseFrames(data);
      if (meters) this.emit("meters", meters);
      if (spectrum) this.emit("spectrum", spectrum);
      return;
    }
    const message = JSON.parse(data);
    if (message.t === "welcome") {
      this.#welcomed = true;
      this.#wait = SOONEST;
    }
    this.emit(message.t, message);
    if (message.t === "welcome") this.emit("link", "open");
  }

  #close(/** @type {number} */ code) {
    const isRefused = code === POLICY && !this.#welcomed;
    this.#welcomed = false;
    this.emit("link", isRefused ? "refused" : "lost");
    if (isRefused) return;
    setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LATEST);
  }
}
