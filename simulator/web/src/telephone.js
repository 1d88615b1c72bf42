// One resident's telephone: dials, rings, shows and speaks what the line says, says and presses what its owner wants.
import { ask, attempt, journalOf, listen } from "./control.js";
import { Conversation } from "./conversation.js";
import { Documents } from "./documents.js";
import { button, clockTime, make, tick } from "./elements.js";
import { keypad, pressedKey } from "./keypad.js";
import { readable } from "./parties.js";
import { hush, speak } from "./voice.js";

const OVER = new Set(["ended"]);

/** A number as the line knows it: a short one as typed, another with its country. */
function dialled(typed) {
  const digits = typed.replace(/\D/g, "");
  if (digits.length < 10) return digits;
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}

export class Telephone {
  /** `resident`: {name, number, language, opening}; `putAway(telephone)` when its owner closes it. */
  constructor(resident, putAway) {
    this.resident = resident;
    this.callSid = null;
    this.seen = new Set();
    this.since = 0;
    this.#draw(putAway);
    this.#ready("Ready");
    this.stopListening = listen(`phone=${encodeURIComponent(resident.number)}`, (entry) => this.#happened(entry), () => this.#catchUp());
    this.ticking = setInterval(() => this.#tickOver(), 500);
    attempt(() => this.#resume());
  }

  /** Stop listening; a call that is on is hung up, as when a telephone is thrown away. */
  close() {
    this.stopListening();
    this.stopFollowing?.();
    clearInterval(this.ticking);
    if (this.callSid) this.hangUp();
  }

  // What the owner does

  async dial(number) {
    const from = this.withheld ? "anonymous" : this.resident.number;
    const made = await attempt(() => ask("POST", "/simulator/calls", { from, to: number }));
    if (made) this.#begin(made.call_sid, `Calling ${number === "311" ? "3-1-1" : readable(number)}`);
  }

  async press(key) {
    if (!this.callSid) return;
    hush();
    await this.#command("keys", { digits: key });
  }

  async say(text) {
    if (!this.callSid || !text.trim()) return;
    hush();
    await this.#command("say", { text: text.trim() });
  }

  async hangUp() {
    hush();
    if (this.callSid) await this.#command("hangup", {});
  }

  async answer() {
    await this.#command("answer", {});
  }

  #command(what, body) {
    return attempt(() => ask("POST", `/simulator/calls/${this.callSid}/${what}`, body));
  }

  // What happens on the line

  #begin(callSid, words) {
    this.stopFollowing?.();
    this.callSid = callSid;
    this.seen = new Set();
    this.since = Date.now();
    this.conversation.clear();
    this.documents.follow(callSid);
    this.#state("busy", words);
    // A withheld number's calls are not listed under the phone's number: follow the call itself.
    this.stopFollowing = listen(`call_sid=${callSid}`, (entry) => this.#happened(entry), () => this.#catchUp());
  }

  /** A page that was closed or loaded again picks its call up where it stands. */
  async #resume() {
    const { number } = this.resident;
    const isMine = (call) => call.to === number || (call.direction === "inbound" && call.from === number);
    const { calls } = await ask("GET", "/simulator/calls");
    const open = calls.find((call) => isMine(call) && ["ringing", "in-progress"].includes(call.status));
    if (!open || this.callSid) return;
    this.#begin(open.call_sid, "");
    if (open.status === "in-progress") this.#answered();
    else this.#state(open.to === number ? "ringing" : "busy", open.to === number ? `${readable(open.from)} is calling` : "Calling");
  }

  async #catchUp() {
    if (!this.callSid) return;
    for (const entry of await journalOf(this.callSid)) this.#happened(entry);
  }

  #happened(entry) {
    if (entry.kind === "message" && entry.data.to === this.resident.number) return this.#shown(entry);
    if (!this.callSid && entry.kind === "ringing") return this.#perhapsRung(entry.call_sid);
    if (entry.call_sid !== this.callSid) return null;
    if (!this.#shown(entry)) return null;
    if (entry.kind === "heard" && entry.data.what === "say") speak(entry.data.text, entry.data.language);
    if (entry.kind === "answered") this.#answered();
    if (OVER.has(entry.kind)) this.#ended(entry);
    return this.documents.refresh();
  }

  /** Show an entry once, though two streams and the journal may bring it; false when it was there already. */
  #shown(entry) {
    const mark = `${entry.at} ${entry.kind} ${JSON.stringify(entry.data)}`;
    if (this.seen.has(mark)) return false;
    this.seen.add(mark);
    this.conversation.show(entry);
    return true;
  }

  // Calls that show this number as their caller ring elsewhere: 911 sees the resident's number.
  async #perhapsRung(callSid) {
    const { from, to } = await ask("GET", `/simulator/calls/${callSid}`);
    if (to !== this.resident.number || this.callSid) return;
    this.#begin(callSid, "");
    this.#state("ringing", `${readable(from)} is calling`);
  }

  #answered() {
    this.since = Date.now();
    this.#state("live", "Connected");
  }

  #ended(entry) {
    hush();
    this.callSid = null;
    this.stopFollowing?.();
    this.#ready(`Call ended after ${clockTime(entry.at_seconds ?? (Date.now() - this.since) / 1000)}`);
  }

  // How it looks

  #ready(words) {
    this.#state("idle", words);
  }

  #state(state, words) {
    const held = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.dataset.state = state;
    this.status.textContent = words;
    this.clock.textContent = "";
    this.call.hidden = this.other.hidden = state !== "idle";
    this.answerButton.hidden = state !== "ringing";
    this.hang.hidden = state === "idle";
    this.words.disabled = this.sayButton.disabled = state !== "live" && state !== "busy";
    this.opening.disabled = this.sayButton.disabled;
    // Whoever has no mouse keeps their place, though the key they pressed has gone: digits go on working.
    if (held?.closest("[hidden]") || held?.disabled) this.#placeIn(state).focus({ preventScroll: true });
  }

  #placeIn(state) {
    return { idle: this.call, ringing: this.answerButton }[state] ?? this.conversation.element;
  }

  #tickOver() {
    if (this.element.dataset.state === "live") this.clock.textContent = clockTime((Date.now() - this.since) / 1000);
  }

  #draw(putAway) {
    const { name, number } = this.resident;
    this.status = make("p", { class: "status", role: "status" });
    this.clock = make("p", { class: "clock figures", "aria-hidden": "true" });
    this.conversation = new Conversation(`What ${name} hears and says`, `Dial 3-1-1 to begin. What the line says appears here.`);
    this.documents = new Documents();
    this.element = make(
      "section",
      { class: "telephone", "aria-label": `${name}’s telephone`, onkeydown: (event) => this.#typed(event) },
      make("header", { class: "owner" }, this.#ownerName(name, number), button("Close", () => putAway(this), { class: "plain", "aria-label": `Close ${name}’s telephone` })),
      this.#handset(),
      make("div", { class: "talking" }, this.conversation.element, this.#sayBox()),
      this.documents.element,
    );
  }

  #ownerName(name, number) {
    return make("div", {}, make("h2", {}, name), make("p", { class: "quiet figures" }, readable(number)));
  }

  #handset() {
    this.call = button("Dial 3-1-1", () => this.dial("311"), { class: "go big" });
    this.answerButton = button("Answer", () => this.answer(), { class: "go big" });
    this.hang = button("Hang up", () => this.hangUp(), { class: "stop big" });
    const display = make("div", { class: "display" }, this.status, this.clock);
    const actions = make("div", { class: "actions" }, this.call, this.answerButton, this.hang);
    this.other = this.#otherNumber();
    const withheld = tick("Withhold my number", (checked) => (this.withheld = checked));
    return make("div", { class: "handset" }, make("span", { class: "earpiece", "aria-hidden": "true" }), display, keypad((key) => this.press(key)), actions, this.other, withheld);
  }

  /** Another number than the line's: that of a draft that is on trial. */
  #otherNumber() {
    const number = make("input", { type: "text", inputmode: "tel", autocomplete: "off", "aria-label": "Another number", placeholder: "Another number" });
    const dialIt = (event) => {
      event.preventDefault();
      if (number.value.trim()) this.dial(dialled(number.value));
    };
    return make("form", { class: "other", onsubmit: dialIt }, number, make("button", { type: "submit" }, "Dial"));
  }

  #sayBox() {
    const { name, language, opening } = this.resident;
    this.words = make("input", { type: "text", lang: language, autocomplete: "off", "aria-label": `What ${name} says` });
    this.sayButton = make("button", { type: "submit" }, "Say");
    const sayIt = (event) => {
      event.preventDefault();
      this.say(this.words.value);
      this.words.value = "";
    };
    this.opening = button(`“${opening || ""}”`, () => this.say(opening), { class: "opening", lang: language, title: "Say this" });
    this.opening.hidden = !opening;
    return make("form", { class: "saying", onsubmit: sayIt }, this.opening, this.words, this.sayButton);
  }

  #typed(event) {
    const key = pressedKey(event);
    if (!key) return;
    event.preventDefault();
    this.element.querySelector(`[data-key="${key}"]`).focus();
    this.press(key);
  }
}
