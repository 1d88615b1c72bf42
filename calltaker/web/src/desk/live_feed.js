// Live events for every tab of this browser over one stream. The tab that holds a lock reads the stream and tells the
// others; when it goes, the next in line takes over. Without locks or channels each tab reads a stream of its own.
import { readStream } from "./event_stream.js";

const NAME = "old-pueblo-desk-events";
/** A follower believes a silent leader for this long: two keep-alives and a margin. */
const LEADER_SILENCE_MS = 12000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

export class LiveFeed {
  #told;
  #after = 0;
  #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
  #follow = 0;
  #leads = false;
  #isLive = null;

  /** @param {{event: (id: number) => void, live: (isLive: boolean) => void}} told */
  constructor(told) {
    this.#told = told;
  }

  /** Start at event `after`; never ends while the page lives. */
  start(after) {
    this.#after = after;
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
    // A page kept in the back/forward cache must not hold the others' stream.
    if (navigator.locks && this.#channel) navigator.locks.request(NAME, () => this.#lead());
    else this.#lead();
    this.#channel?.postMessage({ kind: "hello" });
  }

  /** Events up to here are known (from a state that was read). */
  reached(id) {
    this.#after = Math.max(this.#after, id);
  }

  #hear(message) {
    if (message.kind === "hello" && this.#leads) this.#channel.postMessage({ kind: this.#isLive ? "alive" : "lost", id: this.#after });
    if (this.#leads || message.kind === "hello") return;
    clearTimeout(this.#follow);
    this.#follow = setTimeout(() => this.#say(false), LEADER_SILENCE_MS);
    this.#say(message.kind !== "lost");
    if (message.kind === "event") this.#event(message.id);
  }

  async #lead() {
    this.#leads = true;
    clearTimeout(this.#follow);
    const forever = new AbortController();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const opened = await this.#readOnce(forever.signal);
      if (opened.worked) pauseMs = FIRST_PAUSE_MS;
      this.#lost();
      await new Promise((resolve) => setTimeout(resolve, Math.max(pauseMs, opened.retryMs)));
    }
  }

  async #readOnce(signal) {
    const outcome = { worked: false, retryMs: 0 };
    const opened = () => {
      outcome.worked = true;
      this.#alive();
    };
    try {
      const seconds = await readStream({ after: () => this.#after, signal, opened, alive: () => this.#alive(), heard: (message) => this.#tell(message) });
      outcome.retryMs = seconds * 1000;
    } catch {
      // Every loss has the same answer: say so, and try again.
    }
    return outcome;
  }

  #alive() {
    this.#channel?.postMessage({ kind: "alive" });
    this.#say(true);
  }

  #lost() {
    this.#channel?.postMessage({ kind: "lost" });
    this.#say(false);
  }

  #tell(message) {
    const id = Number(message.id);
    if (!Number.isInteger(id) || id <= 0) return;
    this.#channel?.postMessage({ kind: "event", id });
    this.#event(id);
  }

  #event(id) {
    this.#after = Math.max(this.#after, id);
    this.#told.event(id);
  }

  #say(isLive) {
    if (isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.#told.live(isLive);
  }
}
