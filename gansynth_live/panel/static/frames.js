// Binary frames of the server.

const [METERS, SPECTRUM, BANDS] = [1, 2, 192];
const [LIMITS, LOST, LEARNS] = [1, 2, 4];
const UNKNOWN = 65535;

/** @typedef {import("./types.js").Meters} Meters */
/** @typedef {import("./types.js").Spectrum} Spectrum */

/** @param {ArrayBuffer} bytes @returns {{meters: Meters} | {spectrum: Spectrum} | undefined} */
export function parseFrame(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength === 164 && view.getUint8(0) === METERS) return { meters: meters(view) };
  if (view.byteLength === 4 + 2 * BANDS && view.getUint8(0) === SPECTRUM) {
    const levels = new Uint8Array(bytes, 4, BANDS);
    return { spectrum: { levels, tunings: new Int8Array(bytes, 4 + BANDS, BANDS) } };
  }
}

function meters(/** @type {DataView} */ view) {
  const flags = view.getUint8(1);
  const short = (/** @type {number} */ at) => view.getUint16(at, true);
  return {
    limits: (flags & LIMITS) !== 0,
    lost: (flags & LOST) !== 0,
    learns: (flags & LEARNS) !== 0,
    voices: short(2),
    peak: short(4) / 100,
    reduction: short(6) / 100,
    load: short(8) === UNKNOWN ? NaN : short(8) / 1000,
    fresh: short(10),
    keys: short(12),
    waiting: short(14),
    late: view.getUint32(16, true),
    x: view.getFloat32(24, true),
    y: view.getFloat32(28, true),
    path: view.getFloat32(32, true),
    each: new Uint8Array(view.buffer, 36, 128),
  };
}
