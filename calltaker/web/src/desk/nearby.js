// Keeps the open requests around the place of the call on the page: asked anew when the place is another one, when the
// call has made a request, and now and then. An answer for a place of before is dropped.
import { ask } from "./staff_door.js";

const AGAIN_MS = 30_000;
const AFTER_LOSS_MS = 5_000;
const LIMIT_MS = 5_000;

export class Nearby {
  #about = "";
  #due = 0;
  #found;

  /** @param {(found: ?{within_metres: number, requests: import("./desk_state.js").NearRequest[]}) => void} found  Null: no place to look around. */
  constructor(found) {
    this.#found = found;
  }

  /** @param {?import("./desk_state.js").Call} call */
  follow(call) {
    const { latitude, longitude, jurisdiction } = call?.place ?? {};
    const about = latitude == null ? "" : [call.call_id, latitude, longitude, jurisdiction, call.service_request?.number].join();
    if (about !== this.#about) this.#turnTo(about);
    if (about && performance.now() >= this.#due) this.#ask(call.call_id, about);
  }

  #turnTo(about) {
    this.#about = about;
    this.#due = 0;
    this.#found(null);
  }

  async #ask(callId, about) {
    this.#due = performance.now() + AGAIN_MS;
    try {
      const found = await ask(`/desk/calls/${callId}/nearby`, { method: "GET" }, LIMIT_MS);
      if (about === this.#about) this.#found(found);
    } catch {
      // What was found before stays; that the server is away is said by the state line.
      if (about === this.#about) this.#due = performance.now() + AFTER_LOSS_MS;
    }
  }
}
