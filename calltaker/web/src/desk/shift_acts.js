// What the call-taker can do with their shift and their telephone: breaks, minutes more after a call, which of their pages
// has the telephone, holding with a reason, and the keys of a telephone.
import { announce } from "./announcer.js";
import { THIS_PAGE } from "./this_page.js";
import { emergencyOpen, whyNoHold } from "../views/strip.js";

export const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NO_CALLER = "No caller is affected.";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(name: string, path: string, body?: object, hears?: string) => Promise<boolean>} parts.command  An order.
 * @param {(name: string, path: string, body?: object) => Promise<boolean>} parts.ofCall  An order about the call.
 * @param {import("./telephone.js").Telephone} parts.telephone
 * @param {(id: string) => void} parts.focus
 */
export function shiftActs({ page, changed, command, ofCall, telephone, focus, act }) {
  const call = () => page.desk?.call;

  function open(sheet) {
    Object.assign(page, { sheet, choice: null, heard: null, tab: "question" });
    changed(true);
    focus("centre");
  }

  const acts = {
    takeBreak: ({ key }) => command("presence", "/presence", { state: "break", reason: key }, NO_CALLER),
    oneMoreMinute: () => page.desk?.presence.more_minutes > 0 && command("more", "/presence/more", {}, NO_CALLER),

    /** This page has the telephone from now on; `take_over`: another one gives it up. */
    takePage: (take_over = false) => command("page", "/presence/page", { page: THIS_PAGE, take_over }, NO_CALLER),
    async takeTelephoneHere() {
      if (await acts.takePage(true)) await act.ready();
    },

    /** F4: back at once; into a hold by its reason, pressed again with the first of them. */
    hold() {
      if (!call() || whyNoHold(page, call())) return;
      if (call().on_hold) return ofCall("hold", "hold", { on: false });
      if (page.sheet === "hold") return acts.holdFor(call().hold_reasons[0]);
      open("hold");
    },
    async holdFor({ key }) {
      page.sheet = null;
      changed(true);
      focus("centre");
      await ofCall("hold", "hold", { on: true, reason: key });
    },

    openKeypad() {
      if (!call() || emergencyOpen(page) || page.telephone.state !== "in_call") return;
      Object.assign(page, { pressed: "" });
      open(page.sheet === "keypad" ? null : "keypad");
      focus("keypad");
    },
    pressKey(key) {
      if (!PAD.includes(key) || !telephone.sendKey(key)) return;
      page.pressed = `${page.pressed ?? ""}${key}`.slice(-24);
      announce(key);
      changed();
    },
    /** Keys typed while the pad has focus are the pad's own. */
    typeOnPad(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || !PAD.includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      acts.pressKey(event.key);
    },
  };
  return acts;
}
