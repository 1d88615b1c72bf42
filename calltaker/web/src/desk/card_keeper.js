// Keeps what stands beside a call and seldom changes: earlier contacts from its number, and the tags to choose from. Asked
// once a call, and again after a loss. An answer for a call of before is dropped.
import { ask } from "./staff_door.js";

const AFTER_LOSS_MS = 5_000;
const LIMIT_MS = 5_000;

export class CardKeeper {
  #callId = null;
  #due = Infinity;
  #found;

  /** @param {(card: ?import("./desk_state.js").Card) => void} found  Null: no call, or not known yet. */
  constructor(found) {
    this.#found = found;
  }

  /** @param {?string} callId  The call that is shown or wrapped up. */
  follow(callId) {
    if (callId !== this.#callId) {
      this.#callId = callId;
      this.#due = callId ? 0 : Infinity;
      this.#found(null);
    }
    if (performance.now() >= this.#due) this.#ask(callId);
  }

  async #ask(callId) {
    this.#due = Infinity;
    try {
      const card = await ask(`/desk/calls/${callId}/card`, { method: "GET" }, LIMIT_MS);
      if (callId === this.#callId) this.#found(card);
    } catch {
      // That the server is away is said by the state line; here only the suggestions and the list are late.
      if (callId === this.#callId) this.#due = performance.now() + AFTER_LOSS_MS;
    }
  }
}
