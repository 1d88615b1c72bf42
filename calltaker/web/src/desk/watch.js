// What happens to the page itself, and what that means: another page has taken the telephone, the computer has slept, the
// page is closed, a hold is about to end. Each has one outcome, and it is said.
import { announce } from "./announcer.js";
import { wallTime } from "./clock.js";
import { THIS_PAGE } from "./this_page.js";
import { holdLeft } from "../views/strip.js";

/** A page behind others is let live once a minute; longer than this only a computer sleeps. */
const ASLEEP_MS = 120_000;

export class Watch {
  #page;
  #telephone;
  #acts;
  #order;
  #last = Date.now();
  #hadIt = false;
  #warned = null;

  constructor({ page, telephone, acts, order }) {
    this.#page = page;
    this.#telephone = telephone;
    this.#acts = acts;
    this.#order = order;
  }

  /** A new state of the desk has come. */
  seen() {
    const holder = this.#page.desk?.presence.page ?? null;
    if (holder && holder !== THIS_PAGE && this.#telephone.isReady && !this.#telephone.isInCall) this.#taken();
    this.#hadIt = holder === THIS_PAGE;
    this.#change();
  }

  /** A second has passed, or a night. */
  tick(now = Date.now()) {
    if (now - this.#last > ASLEEP_MS) this.#woke(this.#last, now);
    this.#last = now;
    this.#warnOfHold();
  }

  /** The page is being closed: nobody is offered to an empty chair. A call goes on by the server's rules. */
  closed() {
    if (!this.#hadIt) return;
    this.#order("/presence/page/closed", { page: THIS_PAGE }, 4000, { keepalive: true }).catch(() => {}); // no one is left to read of a failure
  }

  /** Over to the desk telephone: the softphone that leaves is no loss, and is put down here too. */
  #change() {
    const now = this.#page.desk?.call?.telephone;
    if (now?.switch?.device !== "desk_telephone" || !["coming", "taken"].includes(now.switch.state)) return;
    this.#acts.read("leg");
    if (!this.#telephone.isInCall) return;
    if (now.device === "desk_telephone" && now.switch.state === "taken") this.#telephone.putDown();
    else this.#telephone.expectEnd();
  }

  #taken() {
    this.#telephone.off();
    this.#acts.report({ id: "taken", what: "Your telephone was taken to another window.", hears: "No caller is affected.", to_do: "Work on there. “Take the telephone here” at the top brings it back." });
  }

  #woke(from, to) {
    const times = `from ${wallTime(from)} to ${wallTime(to)}`;
    const wasReady = this.#telephone.isReady;
    this.#acts.report({ id: "slept", what: `This computer slept ${times}.`, hears: "Calls that were offered to you went to others; a caller who was with you went to the front of the line.", to_do: wasReady ? "Your telephone starts again by itself. Look at the top left whether you are ready." : "Look at the top left whether you are ready." });
    if (wasReady && !this.#telephone.isInCall) this.#telephone.again();
  }

  #warnOfHold() {
    const call = this.#page.desk?.call;
    const left = holdLeft(call);
    if (left === null || left > call.hold_warning_seconds || this.#warned === call.hold_since) return;
    this.#warned = call.hold_since;
    announce(`The hold ends in ${Math.max(0, left)} seconds, and the caller hears you again.`, "assertive");
  }
}
