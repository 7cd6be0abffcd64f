// Elements, by few words. Texts enter the page here only, as text.

/** @typedef {{class?: string, text?: string, label?: string, [attribute: string]: string | undefined}} Attributes */
/** @typedef {Record<string, (event: any) => void>} Listeners */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes} [attributes] @param {Node[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, { text, label, ...others } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries({ "aria-label": label, ...others })) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** @param {string} tag @param {Record<string, string>} attributes @param {Node[]} children */
export function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {Attributes} attributes @param {() => void} act @param {Node[]} children */
export function makeButton(attributes, act, ...children) {
  const button = make("button", { type: "button", ...attributes }, ...children);
  button.addEventListener("click", act);
  return button;
}

export const icon = (/** @type {string} */ name) =>
  makeSvg("svg", { class: "icon", "aria-hidden": "true" }, makeSvg("use", { href: `#icon-${name}` }));

/** The element of an id that is in index.html. @param {string} id @returns {any} */
export const at = (id) => document.getElementById(id);

/** @param {EventTarget} target @param {Listeners} listeners */
export function on(target, listeners) {
  for (const [kind, listener] of Object.entries(listeners)) target.addEventListener(kind, listener);
}

/** @param {Element} element @param {boolean} is */
export const press = (element, is) => element.setAttribute("aria-pressed", String(is));

export const takesText = (/** @type {EventTarget | null} */ target) =>
  target instanceof Element && target.matches("input:not([type=range], [type=radio], [type=checkbox]), select");
