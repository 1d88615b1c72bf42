// What is said on one line, as bubbles: what this party hears on the left, what this party says and presses on the right.
import { make } from "./elements.js";
import { partyName } from "./parties.js";

const TONGUES = { en: "English", es: "Español" };
const NOTES = {
  ring: "ringing tone",
  music: "music",
  silence: "silence",
  held: "on hold",
  unheld: "no longer on hold",
  joined: "in the room",
};

export class Conversation {
  /** `empty` is said while there is nothing to show. */
  constructor(label, empty) {
    this.empty = make("li", { class: "note" }, empty);
    this.list = make("ol", { class: "talk" }, this.empty);
    // The box scrolls, so it must be reachable by keyboard; a log is read out politely as it grows.
    this.element = make("div", { class: "talk-box", role: "log", "aria-label": label, tabindex: "0" }, this.list);
    this.lastNote = "";
  }

  clear() {
    this.list.replaceChildren(this.empty);
    this.lastNote = "";
  }

  /** Show one journal entry; entries that are no part of what is heard or said are passed over. */
  show(entry) {
    const data = entry.data || {};
    if (entry.kind === "heard") return this.#heard(data);
    if (entry.kind === "said") return this.#add({ mine: true, who: "You", text: data.text, language: data.language });
    if (entry.kind === "pressed") return this.#add({ mine: true, who: "You pressed", text: spaced(data.digits) });
    if (entry.kind === "message") return this.#add({ who: "Text message", text: data.body });
    if (NOTES[entry.kind]) return this.#note(NOTES[entry.kind]);
    return null;
  }

  #heard(data) {
    if (data.what === "say") return this.#add({ who: "The line", text: data.text, language: data.language });
    if (data.what === "caption") return this.#add({ who: partyName(data.from), text: data.text, language: data.language });
    if (data.what === "keys") return this.#add({ who: partyName(data.from), text: `pressed ${spaced(data.text)}` });
    if (data.what === "play") return this.#note(`recording ${data.text || ""}`);
    return this.#note(NOTES[data.what]);
  }

  #note(words) {
    if (!words || words === this.lastNote) return null; // music that goes on is one line, not a hundred
    const item = make("li", { class: "note" }, words);
    this.#append(item);
    this.lastNote = words;
    return item;
  }

  #add({ who, text, language, mine = false }) {
    const short = (language || "").slice(0, 2);
    const tongue = TONGUES[short] ? make("span", { class: "tongue", lang: "en", title: TONGUES[short] }, short) : null;
    const words = make("p", { lang: short || null }, text || "");
    const item = make("li", { class: mine ? "mine" : null }, make("div", { class: "who" }, make("span", {}, who), tongue), words);
    this.#append(item);
    this.lastNote = "";
    return item;
  }

  #append(item) {
    this.empty.remove();
    this.list.append(item);
    this.element.scrollTop = this.element.scrollHeight;
  }
}

function spaced(digits) {
  return [...String(digits || "")].join(" ");
}
