import { announce } from "./announce.js";
import { at, icon, make, makeButton, on, press } from "./dom.js";
import { makeStop, rove } from "./rove.js";

const [FAVOURITES, OWN] = ["Favourites", "Own"];

/** @typedef {import("./types.js").Preset} Preset */

/** The browser of presets. */
export class Presets {
  /** @type {Preset[]} */
  #all = [];
  /** @type {string[]} */
  #categories = [];
  #only = "";
  #current = "";
  #tried = 0; // presets that arrows have loaded since the last one that was kept

  constructor(/** @type {import("./link.js").Link} */ link) {
    this.link = link;
    this.list = /** @type {HTMLElement} */ (at("preset-list"));
    rove(this.list, (row) => this.#try(row));
    on(this.list, { keydown: (event) => this.#decide(event) });
    on(at("search"), { input: () => this.#show(), keydown: (event) => this.#leaveSearch(event) });
    on(at("save"), { submit: (event) => this.#save(event) });
    on(at("star"), { click: () => this.#star(this.#current) });
    link.on("welcome", ({ presets, categories }) => {
      this.#categories = categories;
      this.#take(presets);
    });
    link.on("presets", ({ list }) => this.#take(list));
    link.on("loaded", ({ name }) => {
      this.#current = name;
      this.#showCurrent();
    });
  }

  #take(/** @type {Preset[]} */ presets) {
    this.#all = presets;
    this.#showChips();
    this.#show();
  }

  #find(/** @type {string} */ name) { return this.#all.find((preset) => preset.name === name); }

  #showCurrent() {
    const preset = this.#find(this.#current);
    if (this.#current) at("name").textContent = this.#current;
    at("star").hidden = !preset;
    press(at("star"), preset?.favourite ?? false);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll("li[data-name]"))) {
      const isCurrent = row.dataset.name === this.#current;
      if (isCurrent) row.firstElementChild?.setAttribute("aria-current", "true");
      else row.firstElementChild?.removeAttribute("aria-current");
    }
  }

  #showChips() {
    const used = this.#categories.filter((each) => this.#all.some(({ category }) => category === each));
    const own = this.#all.some(({ factory }) => !factory) ? [OWN] : [];
    const chips = [FAVOURITES, ...own, ...used].map((text) => {
      const chip = makeButton({ class: "chip", text }, () => {
        this.#only = this.#only === text ? "" : text;
        for (const other of chips) press(other, other.textContent === this.#only);
        this.#show();
      });
      press(chip, text === this.#only);
      return chip;
    });
    at("chips").replaceChildren(...chips);
  }

  #fits(/** @type {Preset} */ { name, category, tags, author, favourite, factory }) {
    const text = [name, category, author, ...tags].join(" ").toLowerCase();
    const words = at("search").value.toLowerCase().split(/\s+/);
    if (!words.every((/** @type {string} */ word) => text.includes(word))) return false;
    if (this.#only === FAVOURITES) return favourite;
    return this.#only === OWN ? !factory : !this.#only || category === this.#only;
  }

  #show() {
    const focused = document.activeElement?.closest("li")?.dataset.name;
    const rows = this.#all.filter((preset) => this.#fits(preset)).map((preset) => this.#makeRow(preset));
    this.list.replaceChildren(...(rows.length ? rows : [make("li", { class: "none", text: "None fits." })]));
    this.#showCurrent();
    makeStop(this.list);
    if (focused !== undefined) rows.find((row) => row.dataset.name === focused)?.querySelector("button")?.focus();
  }

  #makeRow(/** @type {Preset} */ { name, category, favourite, factory, notes }) {
    const parts = [make("span", { class: "name", text: name }), make("span", { class: "kind", text: category })];
    const load = () => {
      this.#tried = 0;
      this.#do("load", name);
    };
    const entry = makeButton({ class: "entry", title: notes || undefined }, load, ...parts);
    const star = makeButton({ class: "plain star", label: `Favourite: ${name}` }, () => this.#star(name), icon("star"));
    press(star, favourite);
    return make("li", { "data-name": name }, entry, star, ...(factory ? [] : [this.#makeRemover(name)]));
  }

  /** Asks before it does what cannot be undone. @param {string} name */
  #makeRemover(name) {
    const ask = () => {
      if (button.classList.contains("sure")) return this.#do("remove", name);
      button.classList.add("sure");
      button.replaceChildren("Remove?");
    };
    const button = makeButton({ class: "plain remove", label: `Remove ${name}` }, ask, icon("remove"));
    button.addEventListener("blur", () => {
      button.classList.remove("sure");
      button.replaceChildren(icon("remove"));
    });
    return button;
  }

  #try(/** @type {HTMLElement} */ row) {
    this.#tried += 1;
    this.#do("load", row.dataset.name ?? "");
  }

  #decide(/** @type {KeyboardEvent} */ event) {
    if (!this.#tried || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") announce(`${this.#current} is kept`);
    else for (let step = 0; step < this.#tried; step++) this.link.say({ t: "do", what: "undo" });
    this.#tried = 0;
  }

  #leaveSearch(/** @type {KeyboardEvent} */ event) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.list.querySelector("button")?.focus();
  }

  #save(/** @type {Event} */ event) {
    event.preventDefault();
    const field = at("save-name");
    if (!field.value.trim()) return field.focus();
    this.#do("save", field.value.trim());
    field.value = "";
  }

  #star(/** @type {string} */ name) { this.#do(this.#find(name)?.favourite ? "unstar" : "star", name); }

  /** @param {string} what @param {string} name */
  #do(what, name) {
    this.link.say({ t: "preset", do: what, name });
  }
}
