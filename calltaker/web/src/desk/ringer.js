// The sound of a ringing call, the page's title and its icon: how the desk calls somebody who looks elsewhere.
import idleIcon from "../images/favicon.svg";
import ringingIcon from "../images/favicon-ringing.svg";
import emergencyIcon from "../images/favicon-emergency.svg";

const ICONS = { idle: idleIcon, ringing: ringingIcon, emergency: emergencyIcon };
const VOLUME_KEY = "old-pueblo.ring-volume";
/** The sound can be turned down, never off. */
export const QUIETEST = 0.1;
const TITLE = "Desk · Old Pueblo 311";
/** Two notes, then silence; hertz and seconds from the start of a ring. */
const NOTES = [{ hertz: 587, from: 0 }, { hertz: 784, from: 0.22 }];
const URGENT_NOTES = [0, 0.18, 0.36].map((from) => ({ hertz: 880, from }));
const RING_EVERY_MS = 2000;

export class Ringer {
  /** @type {?AudioContext} */
  #audio = null;
  #timer = 0;
  #state = "idle";

  /** Must be called from a click or a key: browsers stay silent before one. */
  async unlock() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    return this.isUnlocked;
  }

  get isUnlocked() {
    return this.#audio?.state === "running";
  }

  get volume() {
    return Math.max(QUIETEST, Number(localStorage.getItem(VOLUME_KEY) ?? 0.6));
  }

  set volume(share) {
    localStorage.setItem(VOLUME_KEY, String(Math.max(QUIETEST, Math.min(1, share))));
    this.#play(NOTES);
  }

  /** @param {"idle"|"ringing"|"emergency"} state @param {boolean} sounds @param {string} title */
  show(state, sounds, title) {
    document.title = title ? `${title} · ${TITLE}` : TITLE;
    if (state !== this.#state) icon().href = new URL(ICONS[state], import.meta.url).href;
    this.#state = state;
    if (sounds && !this.#timer) this.#start(state === "emergency" ? URGENT_NOTES : NOTES);
    if (!sounds) this.#stop();
  }

  #start(notes) {
    this.#play(notes);
    this.#timer = setInterval(() => this.#play(notes), RING_EVERY_MS);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #play(notes) {
    if (!this.isUnlocked) return;
    for (const { hertz, from } of notes) this.#note(hertz, this.#audio.currentTime + from);
  }

  #note(hertz, at) {
    const tone = new OscillatorNode(this.#audio, { type: "triangle", frequency: hertz });
    const loudness = new GainNode(this.#audio, { gain: 0 });
    loudness.gain.setTargetAtTime(this.volume, at, 0.01);
    loudness.gain.setTargetAtTime(0, at + 0.18, 0.06);
    tone.connect(loudness).connect(this.#audio.destination);
    tone.start(at);
    tone.stop(at + 0.6);
  }
}

function icon() {
  const found = document.querySelector('link[rel="icon"]');
  if (found) return found;
  const made = Object.assign(document.createElement("link"), { rel: "icon", type: "image/svg+xml" });
  document.head.append(made);
  return made;
}
