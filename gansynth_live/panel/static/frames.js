// Binary frames of the server.

const [METERS, SPECTRUM, BANDS] = [1, 2, 192];
const METERS_BYTES = 164;
const [LIMITS, LOST, LEARNS] = [1, 2, 4];
const UNKNOWN = 65535;

/** @typedef {import("./types.js").Meters} Meters */
/** @typedef {import("./types.js").Spectrum} Spectrum */

/**
 * The frames of a message: meters, a spectrum, or both.
 * @param {ArrayBuffer} bytes @returns {{meters?: Meters, spectrum?: Spectrum}}
 */
export function parseFrames(bytes) {
  /** @type {{meters?: Meters, spectrum?: Spectrum}} */
  const found = {};
  let at = 0;
  while (at < bytes.byteLength) {
    const kind = new Uint8Array(bytes)[at];
    if (kind === METERS) found.meters = meters(new DataView(bytes, at, METERS_BYTES));
    else if (kind === SPECTRUM) found.spectrum = spectrum(bytes, at + 4);
    else break;
    at += kind === METERS ? METERS_BYTES : 4 + 2 * BANDS;
  }
  return found;
}

/** @param {ArrayBuffer} bytes @param {number} at @returns {Spectrum} */
function spectrum(bytes, at) {
  return { levels: new Uint8Array(bytes, at, BANDS), tunings: new Int8Array(bytes, at + BANDS, BANDS) };
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
    each: new Uint8Array(view.buffer, view.byteOffset + 36, 128),
  };
}
