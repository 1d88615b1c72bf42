// The red button, and every other order that dials 911: the escalation's id is made here, the order is posted with a limit
// of one second and posted again, with the same id, until the server has confirmed it. A reload goes on where it was.
// Nothing here takes a dial back.
import { order } from "./staff_door.js";

const KEPT = "old-pueblo.red-button";
const LIMIT_MS = 1000;
const PAUSE_MS = 250;

/** Refusals of the order itself: asking again would change nothing. */
const REFUSED = [403, 404, 409, 422];

/** @typedef {{path: string, body: object}} Order  What the call is told, below its address; the id is added. */
/** @typedef {{call_id: string, escalation_id: string, order: Order, pressed_at: number, tries: number, confirmed: boolean, said: string}} Pressed */
const RED = { path: "emergency", body: {} };

export class RedButton {
  #changed;
  #refused;
  #pressed = null;

  /**
   * @param {(pressed: ?Pressed, desk: any) => void} changed  Told after each try; `desk` is the new state once confirmed.
   * @param {(error: Error) => void} refused  Told of an order that cannot be; the button itself is never given up.
   */
  constructor(changed, refused = () => {}) {
    this.#changed = changed;
    this.#refused = refused;
  }

  get pressed() {
    return this.#pressed;
  }

  /** Dial 911 for this call, with what else the order says. A second press while the first is under way is the same press. */
  press(callId, order = RED) {
    if (this.#pressed?.call_id === callId && !this.#pressed.confirmed) return;
    const escalation_id = crypto.randomUUID().replaceAll("-", "");
    this.#begin({ call_id: callId, escalation_id, order, pressed_at: Date.now(), tries: 0, confirmed: false, said: "" });
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
      const { path, body } = pressed.order ?? RED;
      try {
        const desk = await order(`/calls/${pressed.call_id}/${path}`, { ...body, escalation_id: pressed.escalation_id }, LIMIT_MS, { keepalive: true, priority: "high" });
        if (this.#pressed === pressed) this.#settle(desk);
        return;
      } catch (error) {
        pressed.said = error.problem ?? String(error);
        if (error.dialled && this.#pressed === pressed) return this.#settle();
        if (path === "determinant" && REFUSED.includes(error.status)) return this.#giveUp(pressed, error);
        this.#changed(pressed, null);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** A choice that the rules do not allow: nothing was dialled, and the call-taker reads why. */
  #giveUp(pressed, error) {
    if (this.#pressed !== pressed) return;
    this.#pressed = null;
    localStorage.removeItem(KEPT);
    this.#changed(null, null);
    this.#refused(error);
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
