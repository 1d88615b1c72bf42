// The red button: the escalation's id is made here, the order is posted with a limit of one second and posted again,
// with the same id, until the server has confirmed it. A reload goes on where it was. Nothing here takes a dial back.
import { order } from "./staff_door.js";

const KEPT = "old-pueblo.red-button";
const LIMIT_MS = 1000;
const PAUSE_MS = 250;

/** @typedef {{call_id: string, escalation_id: string, pressed_at: number, tries: number, confirmed: boolean, said: string}} Pressed */

export class RedButton {
  #changed;
  #pressed = null;

  /** @param {(pressed: ?Pressed, desk: any) => void} changed  Told after each try; `desk` is the new state once confirmed. */
  constructor(changed) {
    this.#changed = changed;
  }

  get pressed() {
    return this.#pressed;
  }

  /** Dial 911 for this call. A second press while the first is under way is the same press. */
  press(callId) {
    if (this.#pressed?.call_id === callId && !this.#pressed.confirmed) return;
    const escalation_id = crypto.randomUUID().replaceAll("-", "");
    this.#begin({ call_id: callId, escalation_id, pressed_at: Date.now(), tries: 0, confirmed: false, said: "" });
  }

  /** After a reload: an order that was not confirmed yet is posted again. */
  resume(callId) {
    const kept = read();
    if (kept && kept.call_id === callId && !this.#pressed) this.#begin(kept);
    else if (kept && kept.call_id !== callId) localStorage.removeItem(KEPT);
  }

  /** The newest state shows which escalation the server knows; the end of the call settles every order. */
  seen(call) {
    const known = this.#pressed && call?.escalation?.escalation_id === this.#pressed.escalation_id;
    if (known || (this.#pressed && call?.call_id !== this.#pressed.call_id)) this.#settle();
  }

  #begin(pressed) {
    this.#pressed = pressed;
    localStorage.setItem(KEPT, JSON.stringify(pressed));
    this.#changed(pressed, null);
    this.#post(pressed);
  }

  async #post(pressed) {
    while (this.#pressed === pressed && !pressed.confirmed) {
      pressed.tries += 1;
      try {
        const desk = await order(`/calls/${pressed.call_id}/emergency`, { escalation_id: pressed.escalation_id }, LIMIT_MS, { keepalive: true, priority: "high" });
        if (this.#pressed === pressed) this.#settle(desk);
        return;
      } catch (error) {
        pressed.said = error.problem ?? String(error);
        if (error.dialled && this.#pressed === pressed) return this.#settle();
        this.#changed(pressed, null);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #settle(desk = null) {
    this.#pressed.confirmed = true;
    const settled = this.#pressed;
    this.#pressed = null;
    localStorage.removeItem(KEPT);
    this.#changed({ ...settled }, desk);
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}
