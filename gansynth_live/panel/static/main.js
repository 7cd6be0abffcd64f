import { announce } from "./announce.js";
import { makeBlend } from "./blend.js";
import { learnFamilies } from "./colours.js";
import { at } from "./dom.js";
import { makeGroups } from "./groups.js";
import { Header } from "./header.js";
import { makeHelp, showHelp } from "./help.js";
import { Instruments } from "./instruments.js";
import { Keys } from "./keys.js";
import { Learn } from "./learn.js";
import { Link } from "./link.js";
import { showDevices, showLines } from "./monitor.js";
import { Morph } from "./morph.js";
import { Notes } from "./notes.js";
import { Pad } from "./pad.js";
import { makePages } from "./pages.js";
import { makeParts, showPart } from "./parts.js";
import { Presets } from "./presets.js";
import { Spectrum } from "./spectrum.js";
import { Store } from "./store.js";
import { makePath, makeStrip } from "./strip.js";
import { listenToTyping } from "./typing.js";

const HZ = 30;
const LINK = {
  connecting: "Connecting",
  open: "Connected",
  lost: "Not connected. Trying again",
  refused: "Open the link that gansynth-live printed: this one is of an earlier start.",
};

const scheme = location.protocol === "https:" ? "wss" : "ws";
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const link = new Link(`${scheme}://${location.host}/live`, token);
link.on("welcome", ({ instruments }) => learnFamilies(instruments)); // before anything is coloured
const store = new Store(link);
const notes = new Notes(link, store);
const header = new Header(link, store);
const learn = new Learn(link);
const morph = new Morph(store, link);
const pad = new Pad(at("pad"), morph);
const keys = new Keys(at("keys"), notes);
const spectrum = new Spectrum(at("spectrum"));
const instruments = new Instruments(morph);
let table = "";

makeBlend(morph);
makePath(store, morph);
makePages();
makeHelp();
new Presets(link);

const act = (/** @type {string} */ what) => () => link.say({ t: "do", what });
const pace = () => link.say({ t: "pace", hz: document.hidden ? 0 : HZ, part: store.part });

const latch = () => notes.latch(!notes.isLatching);
const toggleLearn = () => learn.toggle();
const steps = { panic: act("panic"), undo: act("undo"), redo: act("redo") };
listenToTyping(notes, { ...steps, latch, learn: toggleLearn, help: showHelp });

link.on("welcome", (welcome) => {
  const described = JSON.stringify(welcome.parameters);
  if (table && described !== table) return location.reload(); // another version has started
  if (!table) {
    makeGroups(store);
    makeStrip(store);
  }
  table = described;
  makeParts(store);
  instruments.show(welcome.instruments);
  keys.limit(welcome);
  learn.bind(welcome.bindings);
  pace();
});
link.on("link", (state) => {
  document.body.dataset.link = state;
  announce(LINK[state]);
});
link.on("meters", (meters) => {
  header.meter(meters);
  pad.meter(meters);
  keys.meter(meters);
});
link.on("spectrum", (heard) => spectrum.show(heard));
link.on("devices", showDevices);
link.on("midi", ({ lines }) => showLines(at("monitor"), lines));
for (const kind of /** @type {const} */ (["log", "error"])) link.on(kind, ({ line }) => announce(line));
link.on("loaded", ({ name }) => announce(name));
store.on("part", (part) => {
  showPart(part);
  pace();
});
document.addEventListener("visibilitychange", pace);
addEventListener("hashchange", () => location.reload());
link.open();
