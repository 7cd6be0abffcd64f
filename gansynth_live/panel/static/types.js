// What goes over the wire, for the type checker: see docs/panel.md.

/** @typedef {number | boolean | string | any[] | Record<string, number>} Value */
/** @typedef {"float" | "int" | "bool" | "choice" | "text" | "list" | "table"} Kind */
/** @typedef {"linear" | "log" | "cubic" | "divisions"} Curve */
/**
 * @typedef {{id: string, name: string, section: string, unit: string, low: number, high: number, default: Value,
 *   kind: Kind, curve: Curve, centred: boolean, choices: string[], scope: "part" | "all", learnable: boolean,
 *   settable: boolean, does: string}} Parameter
 */
/** @typedef {{name: string, family: string}} Instrument */
/** @typedef {[string, number][]} Blend names and weights */
/**
 * @typedef {{name: string, category: string, tags: string[], author: string, notes: string, factory: boolean,
 *   favourite: boolean}} Preset
 */
/** @typedef {{all: Record<string, Value>, parts: Record<string, Value>[]}} Values */
/**
 * @typedef {{client: number, rev: number, version: string, model: string, low: number, high: number,
 *   parameters: Parameter[], values: Values, instruments: Instrument[], presets: Preset[],
 *   bindings: Record<string, string>, categories: string[]}} Welcome
 */
/** @typedef {{rev: number, from: number, part: number, v: Record<string, Value>}} Delta */
/**
 * Levels in dB; load 0..1, NaN where not known; x and y NaN where the pad does not lead; a byte of each key.
 * @typedef {{limits: boolean, lost: boolean, learns: boolean, voices: number, peak: number, reduction: number,
 *   load: number, fresh: number, keys: number, waiting: number, late: number, x: number, y: number, path: number,
 *   each: Uint8Array}} Meters
 */
/** @typedef {{output: string, inputs: string[]}} Devices */
/** @typedef {{levels: Uint8Array, tunings: Int8Array}} Spectrum */
/**
 * @typedef {{welcome: Welcome, delta: Delta, blend: {parts: Blend[]}, presets: {list: Preset[]},
 *   bindings: {v: Record<string, string>}, devices: Devices, midi: {lines: string[]}, loaded: {name: string},
 *   compare: {stored: boolean}, log: {line: string}, error: {line: string}, meters: Meters, spectrum: Spectrum,
 *   link: "connecting" | "open" | "lost" | "refused"}} Said
 */

export {};
