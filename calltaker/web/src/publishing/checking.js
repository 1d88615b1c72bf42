// Asks the gate while somebody types: after a pause, one request at a time, numbered, so that an old answer never
// stands over a newer document.

const PAUSE_MS = 250;
const RETRY_MS = 4000;

export class Checking {
  #check; #told;
  #timer = 0;
  #wanted = 0;
  #asking = false;
  #document = null; // a menu's, or a protocol's text

  /**
   * @param {(document: object) => Promise<object>} check
   * @param {(state: {state: "checking"|"checked"|"failed", answer?: object, why?: string}) => void} told
   */
  constructor(check, told) {
    this.#check = check;
    this.#told = told;
  }

  /** This is the document now. */
  look(document) {
    this.#document = document;
    this.#wanted += 1;
    this.#told({ state: "checking" });
    this.#after(PAUSE_MS);
  }

  #after(pauseMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), pauseMs);
  }

  async #ask() {
    if (this.#asking) return;
    const number = this.#wanted;
    this.#asking = true;
    try {
      const answer = await this.#check(this.#document);
      if (number === this.#wanted) this.#told({ state: "checked", answer });
    } catch (refused) {
      if (number === this.#wanted) this.#failed(refused);
    } finally {
      this.#asking = false;
      if (number !== this.#wanted) this.#after(0);
    }
  }

  #failed(refused) {
    this.#told({ state: "failed", why: refused.problem ?? String(refused) });
    this.#after(RETRY_MS);
  }
}
