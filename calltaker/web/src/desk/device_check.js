// The check before a shift: is the microphone heard, does the speaker sound, does the network carry a call. Uses the
// softphone's own devices and its own test call; knows nothing of how it is drawn.
import { failed, microphoneHeard, networkFound, toneHeard, UNTRIED } from "./check_words.js";
import { trouble } from "./telephone_troubles.js";

const DONE = "old-pueblo.telephone-check";
const HEARD = 0.04;
const TONE_SECONDS = 1.2;

/** @returns {import("./desk_state.js").Check} */
export const firstCheck = () => ({ open: false, skipped: sessionStorage.getItem(DONE), microphone: UNTRIED, speaker: UNTRIED, network: UNTRIED, inputs: [], outputs: [], input: "", output: "" });

export class DeviceCheck {
  #telephone;
  #changed;
  #check;
  #listening = 0;

  /**
   * @param {import("./telephone.js").Telephone} telephone
   * @param {() => void} changed  Draw again.
   * @param {import("./desk_state.js").Check} check  What is shown; changed in place.
   */
  constructor(telephone, changed, check) {
    this.#telephone = telephone;
    this.#changed = changed;
    this.#check = check;
    this.level = Object.assign(document.createElement("meter"), { id: "voice-level", min: 0, max: 1, value: 0 });
    this.level.setAttribute("aria-label", "Level of your voice");
  }

  /** Open it: the telephone starts, the devices are listed, the microphone is listened to. */
  async open() {
    Object.assign(this.#check, { ...firstCheck(), open: true });
    this.#say("microphone", { ...UNTRIED, state: "running", words: "Starting your telephone." });
    if (!(await this.#telephone.ready())) return this.#say("microphone", failed({ what: "Your telephone did not start.", to_do: "Read why below, mend it, and check again." }));
    const { inputs, outputs } = await this.#telephone.devicesKnown();
    const here = (devices, id) => (devices.some((one) => one.id === id) ? id : (devices[0]?.id ?? ""));
    const { input, output } = this.#telephone.chosen;
    Object.assign(this.#check, { inputs, outputs, output: here(outputs, output) });
    await this.chooseMicrophone(here(inputs, input));
  }

  /** Close it; `why` it was not done, if it was not, is said on the page. */
  close(why = "") {
    clearInterval(this.#listening);
    this.#telephone.stopListening();
    Object.assign(this.#check, { open: false, skipped: why });
    sessionStorage.setItem(DONE, why);
    this.#changed();
  }

  /** Whether this browser session has had its check, or has gone on without. */
  get isSettled() {
    return sessionStorage.getItem(DONE) !== null;
  }

  async chooseMicrophone(id) {
    clearInterval(this.#listening);
    this.#peak = 0;
    try {
      await this.#telephone.listenTo(id, (level) => this.#hears(level));
    } catch (error) {
      return this.#say("microphone", failed(trouble(error, "idle")));
    }
    this.#check.input = id;
    let seconds = 0;
    this.#say("microphone", microphoneHeard(false, 0));
    this.#listening = setInterval(() => {
      seconds += 1;
      this.#say("microphone", microphoneHeard(this.#peak > HEARD, seconds));
    }, 1000);
  }

  async chooseSpeaker(id) {
    await this.#telephone.speakTo(id);
    this.#check.output = id;
    this.#say("speaker", UNTRIED);
  }

  /** A tone on the chosen speaker; whether it was heard only the person can say. */
  async playTone() {
    const audio = new AudioContext();
    if (this.#check.output && this.#check.output !== "default") await audio.setSinkId?.(this.#check.output);
    const tone = new OscillatorNode(audio, { type: "sine", frequency: 587 });
    tone.connect(new GainNode(audio, { gain: 0.3 })).connect(audio.destination);
    tone.onended = () => audio.close();
    tone.start();
    tone.stop(audio.currentTime + TONE_SECONDS);
    this.#say("speaker", { state: "running", words: "Do you hear the tone?", to_do: "" });
  }

  heardTone(isHeard) {
    this.#say("speaker", toneHeard(isHeard));
  }

  async tryNetwork() {
    this.#say("network", { state: "running", words: "A test call is made; it takes about ten seconds.", to_do: "" });
    try {
      this.#say("network", networkFound(await this.#telephone.tryNetwork()));
    } catch (error) {
      this.#say("network", failed(trouble(error, "idle")));
    }
  }

  #peak = 0;
  #hears(level) {
    this.level.value = level;
    this.#peak = Math.max(this.#peak, level);
  }

  #say(step, found) {
    this.#check[step] = found;
    this.#changed();
  }
}
