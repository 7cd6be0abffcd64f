import { make, makeButton, makeSvg, on } from "./dom.js";
import { parsed, spoken, written } from "./format.js";
import { leastStep, shareOf, valueAt } from "./scale.js";
import { makeTurnable } from "./turn.js";

const ARC = "M8.7 31.3A16 16 0 1 1 31.3 31.3";

/** A number that can be turned or typed. */
export class Knob {
  /**
   * @param {import("./store.js").Store} store @param {import("./types.js").Parameter} parameter
   * @param {string} label
   */
  constructor(store, parameter, label = parameter.name) {
    const { id, name, does, learnable, settable } = parameter;
    this.store = store;
    this.parameter = parameter;
    this.arc = makeSvg("path", { class: "arc", d: ARC, pathLength: "100" });
    this.tick = makeSvg("path", { class: "tick", d: "M20 9v6" });
    this.dial = this.#makeDial();
    this.number = makeButton({ class: "value", tabindex: "-1", title: "Type a value" }, () => this.#type());
    const title = [name, does, settable ? "" : "fixed at the start"].filter(Boolean).join(": ");
    this.element = make("div", { class: "knob", title }, this.dial, make("span", { text: label, class: "name" }), this.number);
    if (learnable) this.element.dataset.p = id;
    this.number.disabled = !settable;
    this.element.classList.toggle("fixed", !settable);
    store.watch([id], () => this.#show());
  }

  #makeDial() {
    const { id, name, low, high, settable } = this.parameter;
    const range = { "aria-valuemin": String(low), "aria-valuemax": String(high), "aria-orientation": "vertical" };
    const way = makeSvg("path", { class: "track", d: ARC });
    const attributes = { class: "dial", viewBox: "0 0 40 40", role: "slider", "aria-label": name, ...range };
    const dial = makeSvg("svg", attributes, way, this.arc, this.tick);
    dial.setAttribute("aria-disabled", String(!settable));
    if (!settable) return dial;
    dial.setAttribute("tabindex", "0");
    makeTurnable(dial, {
      share: () => shareOf(this.parameter, this.store.value(id)),
      turn: (share) => this.#turn(share),
      reset: () => this.store.set({ [id]: this.parameter.default }),
      type: () => this.#type(),
      grab: () => this.store.grab([id]),
      drop: () => this.store.drop([id]),
      step: leastStep(this.parameter),
    });
    return dial;
  }

  #turn(/** @type {number} */ share) {
    const value = valueAt(this.parameter, share);
    if (value !== this.store.value(this.parameter.id)) this.store.set({ [this.parameter.id]: value });
  }

  #show() {
    const value = this.store.value(this.parameter.id);
    const share = shareOf(this.parameter, value);
    const from = this.parameter.centred ? 0.5 : 0;
    this.arc.setAttribute("stroke-dasharray", `${100 * Math.abs(share - from)} 200`);
    this.arc.setAttribute("stroke-dashoffset", String(-100 * Math.min(share, from)));
    this.tick.setAttribute("transform", `rotate(${270 * share - 135} 20 20)`);
    this.dial.setAttribute("aria-valuenow", String(value));
    this.dial.setAttribute("aria-valuetext", spoken(this.parameter, value));
    this.number.textContent = written(this.parameter, value);
  }

  #type() {
    const field = make("input", { class: "value", label: this.parameter.name, inputmode: "decimal" });
    field.value = this.number.textContent ?? "";
    let isOver = false; // taking the field away blurs it
    const end = (/** @type {boolean} */ keeps) => {
      if (isOver) return;
      isOver = true;
      const value = keeps ? parsed(this.parameter, field.value) : undefined;
      field.replaceWith(this.number);
      if (value !== undefined) this.store.set({ [this.parameter.id]: value });
    };
    on(field, {
      blur: () => end(true),
      keydown: (event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        end(event.key === "Enter");
        this.dial.focus();
      },
    });
    this.number.replaceWith(field);
    field.select();
  }
}
