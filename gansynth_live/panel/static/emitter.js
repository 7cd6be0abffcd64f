/** Tells those who listen. @template {object} Events */
export class Emitter {
  /** @type {Map<keyof Events, ((said: any) => void)[]>} */
  #listeners = new Map();

  /** @template {keyof Events} K @param {K} kind @param {(said: Events[K]) => void} listener */
  on(kind, listener) { this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), listener]); }

  /** @template {keyof Events} K @param {K} kind @param {Events[K]} said */
  emit(kind, said) { for (const listener of this.#listeners.get(kind) ?? []) listener(said); }
}
