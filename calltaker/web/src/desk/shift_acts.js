// What the call-taker can do with their shift and their telephone: breaks, minutes more after a call, which of their pages
// has the telephone, holding with a reason, and the keys of a telephone.
import { announce } from "./announcer.js";
import { THIS_PAGE } from "./this_page.js";
import { emergencyOpen, whyNoHold } from "../views/strip.js";
import { otherDevice } from "../views/telephone_line.js";

export const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const newId = () => crypto.randomUUID().replaceAll("-", "");
const NO_CALLER = "No caller is affected.";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(name: string, path: string, body?: object, hears?: string) => Promise<boolean>} parts.command  An order.
 * @param {(name: string, path: string, body?: object) => Promise<boolean>} parts.ofCall  An order about the call.
 * @param {import("./telephone.js").Telephone} parts.telephone
 * @param {import("./device_check.js").DeviceCheck} parts.check
 * @param {(id: string) => void} parts.focus
 */
export function shiftActs({ page, changed, command, ofCall, telephone, check, focus, act }) {
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

    /** The desk telephone rings for an accepted call; the 1 pressed there takes it. */
    ringFor: (offer) => command("telephone", `/offers/${offer.offer_id}/desk-telephone`, { switch_id: newId() }, "The caller waits in the line, at their place."),
    async acceptOnDeskTelephone(offer = page.desk?.offers[0]) {
      if (!offer || call() || !page.desk.desk_telephone?.is_approved) return;
      if (await command("accept", `/offers/${offer.offer_id}/accept`, {}, "The caller stays in the line.")) await acts.ringFor(offer);
    },
    /** Over to the other telephone; nobody leaves before the other one is there. */
    async changeTelephone() {
      if (!call() && page.desk?.offers.length) return acts.acceptOnDeskTelephone();
      const device = otherDevice(page);
      if (!call() || !device) return;
      const switch_id = newId();
      if (device === "softphone" && !(await telephone.ready())) return;
      if (!(await ofCall("telephone", "telephone", { device, switch_id }))) return;
      if (device === "softphone") await telephone.connect(switch_id);
    },
    stopRinging() {
      const way = call()?.telephone?.switch;
      if (way?.is_open) return command("telephone", `/telephone/${way.switch_id}/cancel`);
    },
    async registerDeskTelephone(event) {
      event.preventDefault();
      await command("desk_telephone", "/desk-telephone", { number: document.getElementById("desk-number").value.trim() }, NO_CALLER);
    },

    async openCheck() {
      if (await acts.takePage()) await check.open();
    },
    finishCheck() {
      check.close(["microphone", "speaker", "network"].every((step) => page.check[step].state === "good") ? "" : "went_on");
      return act.ready();
    },
    skipCheck(why) {
      check.close(why);
      return act.ready();
    },
    voiceLevel: () => check.level,
    chooseMicrophone: (id) => check.chooseMicrophone(id),
    chooseSpeaker: (id) => check.chooseSpeaker(id),
    playTone: () => check.playTone(),
    heardTone: (isHeard) => check.heardTone(isHeard),
    tryNetwork: () => check.tryNetwork(),

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
