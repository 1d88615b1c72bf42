// The desk's telephone: Twilio's own softphone, its token, its states in plain words. Connects with an opaque offer id;
// who the call is and where the caller stands is the server's business.
import { Call, Device } from "@twilio/voice-sdk";
import { trouble } from "./telephone_troubles.js";

/** Refresh when this share of a token's life is over. */
const REFRESH_SHARE = 0.8;
/** `connect` may never settle (the SDK's issue 85); the server gives up at 6 s. */
const CONNECT_LIMIT_MS = 8000;
const REGISTER_LIMIT_MS = 8000;
const DEVICES_LIMIT_MS = 2000;
const PREFLIGHT_LIMIT_MS = 30_000;
const MICROPHONE = "old-pueblo.microphone";
const SPEAKER = "old-pueblo.speaker";

/** @typedef {{token: string, identity: string, expires_at: string, signalling: ?string, shim: ?string}} Ticket */

export class Telephone {
  /** @type {?Device} */
  #device = null;
  /** @type {?Call} */
  #call = null;
  #refresh = 0;
  #expected = false;
  #level = null;
  #fetchTicket;
  #changed;
  #failed;

  /**
   * @param {() => Promise<Ticket>} fetchTicket
   * @param {(state: {state: string, muted: boolean, said: string}) => void} changed
   * @param {(problem: {what: string, hears: string, to_do: string}) => void} failed
   */
  constructor(fetchTicket, changed, failed) {
    this.#fetchTicket = fetchTicket;
    this.#changed = changed;
    this.#failed = failed;
  }

  get isInCall() {
    return this.#call !== null;
  }

  get isReady() {
    return this.#device?.state === Device.State.Registered;
  }

  /** Ask for the microphone and register; call it from a click. Resolves to whether the telephone is ready. */
  async ready() {
    this.#say("starting", "Starting your telephone");
    try {
      await askForMicrophone();
      await this.#registered();
      this.#say("ready", "Telephone ready");
    } catch (error) {
      this.#say("failed", "No telephone");
      this.#failed(trouble(error, "idle"));
    }
    return this.isReady;
  }

  /** Register anew, as after a sleep: what the connection says of itself may be old. */
  async again() {
    this.off();
    return this.ready();
  }

  /** The devices there are, `{id, name}`, the chosen ones' ids in `chosen`. */
  get devices() {
    const named = (map) => [...(map ?? new Map()).values()].map(({ deviceId, label }) => ({ id: deviceId, name: label || "Unnamed" }));
    return { inputs: named(this.#device?.audio?.availableInputDevices), outputs: named(this.#device?.audio?.availableOutputDevices) };
  }

  get chosen() {
    return { input: localStorage.getItem(MICROPHONE) ?? "default", output: localStorage.getItem(SPEAKER) ?? "default" };
  }

  /** The SDK learns of the devices a moment after it starts. Resolves to them, or to none after a while. */
  async devicesKnown() {
    for (let waited = 0; waited < DEVICES_LIMIT_MS && !this.devices.inputs.length; waited += 100) await new Promise((resolve) => setTimeout(resolve, 100));
    return this.devices;
  }

  /** Use this microphone from now on, and tell its level (0 to 1) until `stopListening`. */
  async listenTo(id, tell) {
    this.stopListening();
    await this.#device.audio.setInputDevice(id);
    localStorage.setItem(MICROPHONE, id);
    this.#level = tell;
    this.#device.audio.on("inputVolume", tell);
  }

  stopListening() {
    const audio = this.#device?.audio;
    if (this.#level) audio?.off("inputVolume", this.#level);
    this.#level = null;
    // The SDK keeps a chosen microphone open; the computer's own needs no choosing.
    if (audio?.inputDevice && this.chosen.input === "default" && !this.#call) audio.unsetInputDevice().catch(() => {});
  }

  async speakTo(id) {
    await this.#device?.audio?.speakerDevices.set(id);
    localStorage.setItem(SPEAKER, id);
  }

  /** The SDK's own test call. Resolves to its report, rejects with its error. */
  async tryNetwork() {
    const ticket = await this.#fetchTicket();
    const { signalling: chunderw } = ticket;
    const trying = Device.runPreflight(ticket.token, { ...(chunderw ? { chunderw } : {}), signalingTimeoutMs: REGISTER_LIMIT_MS });
    const found = new Promise((resolve, reject) => {
      trying.on("completed", resolve);
      trying.on("failed", reject);
    });
    try {
      return await within(PREFLIGHT_LIMIT_MS, found);
    } catch (error) {
      if (["connecting", "connected"].includes(trying.status)) trying.stop();
      throw error;
    }
  }

  /** Connect to the offer that was accepted. */
  async connect(offerId) {
    this.#expected = false;
    this.#say("connecting", "Connecting your telephone");
    try {
      await this.#registered();
      const connecting = this.#device.connect({ params: { offer: offerId } });
      connecting.catch(() => {}); // a late refusal is reported by the call's own error event
      this.#take(await within(CONNECT_LIMIT_MS, connecting));
    } catch (error) {
      this.#say("failed", "Not connected");
      this.#failed(trouble(error, "joining"));
    }
  }

  toggleMute() {
    if (!this.#call) return;
    this.#call.mute(!this.#call.isMuted());
    this.#say("in_call", "Connected");
  }

  /** Send a key of the telephone into the call; whether there was one to send it into. */
  sendKey(key) {
    if (!this.#call) return false;
    this.#call.sendDigits(key);
    return true;
  }

  /** Another page has the telephone now. */
  off() {
    clearTimeout(this.#refresh);
    this.#device?.destroy();
    this.#device = null;
    this.#say("off", "");
  }

  /** The end is ordered or known: the leg's going is no loss. */
  expectEnd() {
    this.#expected = true;
  }

  /** Put the receiver down here, where the server has ended the call and the leg has stayed. */
  putDown() {
    this.#expected = true;
    this.#device?.disconnectAll();
  }

  #take(call) {
    this.#call = call;
    const here = (then) => (about) => call === this.#call && then(about);
    call.on("accept", here(() => this.#say("in_call", "Connected")));
    call.on("reconnecting", here(() => this.#say("reconnecting", "Sound lost, reconnecting")));
    call.on("reconnected", here(() => this.#say("in_call", "Connected")));
    call.on("disconnect", here(() => this.#gone()));
    call.on("cancel", here(() => this.#gone()));
    call.on("error", here((error) => this.#failed(trouble(error, "talking"))));
    this.#say(call.status() === Call.State.Open ? "in_call" : "connecting", "");
  }

  #gone() {
    const wasExpected = this.#expected;
    this.#call = null;
    this.#expected = false;
    this.#say(this.isReady ? "ready" : "off", "");
    if (!wasExpected) this.#failed(trouble(null, "talking"));
  }

  async #registered() {
    if (this.isReady) return;
    const ticket = await this.#fetchTicket();
    this.#device?.destroy();
    this.#device = new Device(ticket.token, options(ticket));
    this.#listen(this.#device);
    this.#refreshLater(ticket);
    // register() hangs on a refused token (the SDK's issue 231): the error event decides first.
    const refused = new Promise((_, reject) => this.#device.once("error", reject));
    await within(REGISTER_LIMIT_MS, Promise.race([this.#device.register(), refused]));
    await this.#useChosen();
  }

  /** What was chosen here before, where it is still plugged in; otherwise the computer's own. */
  async #useChosen() {
    const { audio } = this.#device;
    const { input, output } = this.chosen;
    try {
      if (input !== "default" && audio.availableInputDevices.has(input)) await audio.setInputDevice(input);
      if (output !== "default" && audio.availableOutputDevices.has(output)) await audio.speakerDevices.set(output);
    } catch {
      // The computer's own devices go on; the check says what is heard.
    }
  }

  #listen(device) {
    device.on("tokenWillExpire", () => this.#renew());
    device.on("error", (error) => this.#call === null && device.state === Device.State.Registered && this.#failed(trouble(error, "idle")));
    device.on("registered", () => this.#call || this.#say("ready", "Telephone ready"));
    device.on("unregistered", () => this.#call || this.#say("failed", "Telephone not connected"));
    // Calls come to a desk by accepting an offer, never by ringing the softphone.
    device.on("incoming", (call) => call.reject());
  }

  #refreshLater(ticket) {
    clearTimeout(this.#refresh);
    const life = Date.parse(ticket.expires_at) - Date.now();
    this.#refresh = setTimeout(() => this.#renew(), Math.max(1000, life * REFRESH_SHARE));
  }

  // tokenWillExpire fires once (the SDK's issue 93), so our own clock asks as well, and asks again after a refusal.
  async #renew() {
    try {
      const ticket = await this.#fetchTicket();
      this.#device?.updateToken(ticket.token);
      this.#refreshLater(ticket);
    } catch {
      clearTimeout(this.#refresh);
      this.#refresh = setTimeout(() => this.#renew(), 5000);
    }
  }

  #say(state, said) {
    this.#changed({ state, said, muted: this.#call?.isMuted() ?? false });
  }
}

function options({ signalling }) {
  const ours = { closeProtection: false, logLevel: "error", appName: "old-pueblo-311-desk" };
  return signalling ? { ...ours, chunderw: signalling } : ours;
}

async function askForMicrophone() {
  if (!navigator.mediaDevices) throw Object.assign(new Error("insecure"), { name: "InsecurePage" });
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  sound.getTracks().forEach((track) => track.stop());
}

function within(limitMs, promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(Object.assign(new Error("no answer"), { code: 31003 })), limitMs));
  return Promise.race([promise, late]);
}
