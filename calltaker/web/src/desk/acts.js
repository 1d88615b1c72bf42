// Everything the call-taker can do, by mouse or key: each act is an order to the staff door, the telephone, or a change of
// the page. Refusals become words that stay until they are read.
import { DoorError, order } from "./staff_door.js";
import { isTyping, setSingleKeys } from "./keys.js";
import { protocolActs } from "./protocol_acts.js";
import { cardActs } from "./card_acts.js";
import { placeActs } from "./place_acts.js";
import { referralActs } from "./referral_acts.js";
import { taskActs } from "./task_acts.js";
import { openSheet } from "../views/question.js";
import { shiftActs } from "./shift_acts.js";
import { emergencyOpen, isUnderWay } from "../views/strip.js";

const HEARS = {
  accept: "The caller stays in the line.",
  call: "The caller hears you as before.",
  none: "",
};
/** Enter or Space meant for something else must not accept a call that has just taken the focus. */
const JUST_RANG_MS = 400;
/** How long a confirmed order may stay without its record before the button asks anew. */
const ASKED_MS = 30_000;

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(desk: any) => void} parts.take  Use a new state.
 */
export function acts({ page, changed, take, telephone, check, ringer, red, map }) {
  const underWay = new Set();
  const call = () => page.desk?.call;
  const focus = (id) => document.getElementById(id)?.focus();
  /** After an order that took its time somebody may be typing already: the focus is theirs. */
  const focusLater = (id) => isTyping(document.activeElement) || focus(id);

  /** One order a name at a time: a second press of the same button asks nothing; `id` names an order among its like. */
  async function command(name, path, body, hears = HEARS.call, id = name) {
    if (underWay.has(id)) return false;
    underWay.add(id);
    page.busy = name;
    changed();
    try {
      const desk = await order(path, body);
      act.read(name);
      if (desk.now) take(desk);
      return true;
    } catch (error) {
      act.fail(name, error, hears);
      return false;
    } finally {
      underWay.delete(id);
      if (page.busy === name) page.busy = null;
      changed();
    }
  }

  const ofCall = (name, path, body = {}, id = name) => call() && command(name, `/calls/${call().call_id}/${path}`, body, HEARS.call, id);

  const act = {
    fail(id, error, hears = "") {
      if (error instanceof DoorError && error.status === 401) return act.signedOut();
      act.report({ id, what: error.problem ?? String(error), hears, to_do: error.whatToDo ?? "" });
    },
    report(problem) {
      page.problems = [...page.problems.filter(({ id }) => id !== problem.id), problem];
      changed();
    },
    read(id) {
      page.problems = page.problems.filter((problem) => problem.id !== id);
      changed();
    },
    signedOut() {
      page.signed_out = true;
      act.report({ id: "signed-out", what: "You are signed out.", hears: call() ? "The caller hears you as before: your telephone goes on." : "", to_do: "Sign in again in the window that opens, then come back here. Notes are kept in this browser.", sign_in: true });
    },

    async ready() {
      ringer.unlock();
      if (!(await act.takePage())) return;
      if (!check.isSettled) check.close("went_on");
      if (!telephone.isReady && !telephone.isInCall && !(await telephone.ready())) return;
      act.read("telephone");
      act.read("taken");
      act.read("leg");
      if (["offline", "break"].includes(page.desk?.presence.state)) await act.presence("available");
    },
    presence: (state) => command("presence", "/presence", { state }, HEARS.none),
    volume: () => ringer.volume,
    setVolume(share) {
      ringer.volume = share;
    },

    async accept(offer = page.desk?.offers[0], event) {
      if (!offer || call()) return;
      const fromFocus = event?.detail === 0 && performance.now() - (page.rang_at ?? 0) < JUST_RANG_MS;
      if (fromFocus) return;
      ringer.unlock();
      if (page.check.open) check.close("went_on");
      if (!(await command("accept", `/offers/${offer.offer_id}/accept`, {}, HEARS.accept))) return;
      focusLater("centre");
      await telephone.connect(offer.offer_id);
    },
    decline: (offer) => command("decline", `/offers/${offer.offer_id}/decline`, {}, HEARS.accept),

    /** 911's dispatcher has left the caller alone with us, or is on their line again. */
    dispatcher: () => call()?.from_911 && ofCall("dispatcher", "dispatcher", { is_there: call().from_911.dispatcher === "alone" }),
    mute: () => telephone.toggleMute(),
    async hangUp() {
      if (!call() || emergencyOpen(page) || (call().escalation && !call().escalation.accepted_at && !call().may_leave)) return;
      telephone.expectEnd();
      await ofCall("hang_up", "hang-up");
    },
    async leave() {
      if (!call()?.may_leave) return;
      telephone.expectEnd();
      await ofCall("leave", "leave");
    },
    red() {
      if (!call()) return;
      const asked = page.red?.call_id === call().call_id && Date.now() - page.red.pressed_at < ASKED_MS;
      page.sheet = null;
      if (!asked && !isUnderWay(call().escalation)) red.press(call().call_id);
    },
    theyHaveIt() {
      const escalation = call()?.escalation;
      if (escalation && ["ringing", "answered"].includes(escalation.state)) return ofCall("they_have_it", "they-have-it", { escalation_id: escalation.escalation_id });
      act.theyHaveTheCaller();
    },
    theyDecline() {
      const escalation = call()?.escalation;
      if (escalation?.state === "answered") return ofCall("they_decline", "they-decline", { escalation_id: escalation.escalation_id });
    },

    correctIntent: (intent) => ofCall("intent", "intent", { intent }),
    judgeReading: (judgement) => ofCall("reading", "reading", { judgement }),

    async saveBetterNumber(event) {
      event.preventDefault();
      const field = document.getElementById("better-number");
      if (!(await ofCall("better_number", "better-number", { number: field.value.trim() }))) return;
      page.better_open = false;
      changed();
    },

    wrapUp: (disposition) => page.desk?.wrap_up && command("wrap_up", `/calls/${page.desk.wrap_up.call_id}/wrap-up`, { disposition }, HEARS.none),

    /** A message was heard and dealt with, or somebody was called back: say what came of it. */
    async finishTask(event, { kind, task_id }) {
      event.preventDefault();
      const field = document.getElementById(`note-${task_id}`);
      const note = field.value.trim();
      if (!note) return;
      if (!(await command("task", `/tasks/${kind}/${task_id}/done`, { note }, HEARS.none, `task ${task_id}`))) return;
      document.getElementById("tasks-title")?.closest("[tabindex]")?.focus();
    },

    toggleKeys() {
      page.keys_shown = !page.keys_shown;
      changed();
    },
    singleKeys(on) {
      setSingleKeys(on);
      changed();
    },
    tab(name) {
      page.tab = name;
      changed();
    },
    pages: () => JSON.parse(document.getElementById("desk").dataset.pages ?? "[]"),
    phoneAddress: () => document.getElementById("desk").dataset.phone ?? "",

    /** What a key of the map does; asked without one, all that keys can do. */
    key({ does, digit }) {
      const byKey = {
        red: act.red, they_have_it: act.theyHaveIt, accept: () => act.accept(), hold: act.hold, dispatcher: act.dispatcher, mute: act.mute, leave: act.leave, hang_up: act.hangUp,
        question: act.escape, notes: () => act.toColumn("caller", "notes"), said: () => act.toColumn("caller", "alternatives"),
        place: () => act.toPlace(act.toColumn), find: () => (call()?.protocol ? act.openProtocols() : act.toColumn("question", "find-protocol")), keys: act.toggleKeys, digit: () => act.digit(digit),
        call_back: () => act.callTask(), transfer: act.openDirectory, keypad: act.openKeypad, more: act.oneMoreMinute, telephone: act.changeTelephone, let_go: () => act.letGo(),
        red_flags: act.openFlags, back: act.back, choose: act.openChoices, confirm: act.confirm,
        ...act.keysOfCard(),
      };
      return does ? byKey[does]() : Object.keys(byKey);
    },
    /** What lies on top closes first; a field keeps its words. */
    escape() {
      if (page.keys_shown) return act.toggleKeys();
      if (call() && page.sheet === "earlier" && page.contact) return act.closeContact();
      if (call() && openSheet(page)) return act.closeSheet();
      act.toColumn("question", "centre");
    },
    toColumn(tab, id) {
      page.tab = tab;
      changed(true);
      const goal = document.getElementById(id);
      (goal?.matches("ul, .judging, .tasks") ? goal.querySelector("button, input") : goal)?.focus();
    },
  };
  Object.assign(act, placeActs({ page, ofCall, map }));
  Object.assign(act, cardActs({ page, changed, command, focus, act }));
  Object.assign(act, shiftActs({ page, changed, command, ofCall, telephone, check, focus, act }));
  Object.assign(act, taskActs({ page, command, telephone, ringer, focusLater, report: (problem) => act.report(problem) }));
  Object.assign(act, referralActs({ page, changed, ofCall, focus }));
  return Object.assign(act, protocolActs({ page, changed, ofCall, red, focus, focusLater, act }));
}
