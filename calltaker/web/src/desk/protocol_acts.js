// What the call-taker can do with the questions: answer, go back, choose a danger or another outcome, go to another protocol.
import { forgetTyped, typedText } from "./typed_keeper.js";
import { answersOf, chosenOf } from "../views/answering.js";
import { openChoices, REASON } from "../views/choosing.js";
import { isWithheld } from "../views/option.js";
import { dispositionsOf, toRead } from "../views/outcome.js";
import { choosable } from "../views/protocol_choice.js";
import { askedNow, openSheet } from "../views/question.js";
import { emergencyOpen } from "../views/strip.js";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(name: string, path: string, body?: object, id?: string) => Promise<boolean>} parts.ofCall  An order about the call.
 * @param {import("./red_button.js").RedButton} parts.red
 * @param {(id: string) => void} parts.focus
 * @param {(id: string) => void} parts.focusLater  Unless somebody is typing.
 */
export function protocolActs({ page, changed, ofCall, red, focus, focusLater, act }) {
  const call = () => page.desk?.call;
  const nth = (list, digit) => list?.[digit - 1];
  const mayAsk = () => call() && !emergencyOpen(page);
  /** The order under which one choice is posted, however often. */
  let chosenOrder = null;

  function open(sheet) {
    Object.assign(page, { sheet, wanted: "", choice: null, heard: null, tab: "question" });
    changed(true);
    focus("centre");
  }

  /** Free words that sound like a danger open the panel: the call-taker decides. */
  function soundsLikeDanger(id) {
    const heard = mayAsk() && call().protocol?.danger_words?.find(({ question }) => question === id);
    if (!heard) return false;
    open("red_flags");
    page.heard = heard.text;
    changed();
    return true;
  }

  const acts = {
    find(words) {
      page.wanted = words;
      changed();
    },
    async startProtocol(protocol) {
      if (!(await ofCall("protocol", "protocol", { protocol }))) return;
      Object.assign(page, { sheet: null, wanted: "", reopened: null, chosen: null });
      changed();
      focusLater("centre");
    },
    async answer(question, value) {
      const place = { session_id: call().protocol.session_id, question: question.id };
      // The next question may be shown by an event before the answer to the last has come back: it can be answered at once.
      if (await ofCall("answer", "answers", { question: question.id, value }, `answer ${question.id}`)) {
        if (page.reopened === question.id) page.reopened = null;
        if (page.chosen?.question === question.id) page.chosen = null;
        forgetTyped(place);
        if (soundsLikeDanger(question.id)) return;
      }
      changed();
      if (document.activeElement === document.body) focus("centre");
    },
    /** An option by digit or mouse: the answer itself, or one more of several. */
    take(question, option) {
      if (question.kind !== "many" || isWithheld(option.id)) return acts.answer(question, option.value ?? option.id);
      const before = chosenOf(question, page, call());
      const ids = before.includes(option.id) ? before.filter((id) => id !== option.id) : [...before, option.id];
      page.chosen = { question: question.id, ids };
      changed();
    },
    /** Several answers are chosen: all of them, in the question's order, are the answer. */
    confirm() {
      if (!mayAsk() || openSheet(page) || !call().protocol) return;
      const asked = askedNow(page, act);
      if (asked?.kind !== "many") return;
      const ids = chosenOf(asked, page, call());
      acts.answer(asked, asked.options.filter(({ id }) => ids.includes(id)).map(({ id }) => id));
    },
    knownQuestion: (id) => call()?.protocol?.answered.find(({ question }) => question === id)?.asked ?? null,
    reopen(id) {
      Object.assign(page, { reopened: id, chosen: null, sheet: null });
      changed(true);
      focus("centre");
    },
    closeReopened() {
      Object.assign(page, { reopened: null, chosen: null });
      changed(true);
      focus("centre");
    },
    /** The last answered question once more; pressed again the one before it. */
    back() {
      if (!mayAsk() || !call().protocol || openSheet(page)) return;
      const ids = call().protocol.answered.map(({ question }) => question);
      const last = page.reopened ? ids[ids.indexOf(page.reopened) - 1] : ids.at(-1);
      if (last) acts.reopen(last);
    },

    openFlags: () => mayAsk() && open("red_flags"),
    openProtocols() {
      if (!mayAsk() || !call().protocol) return;
      open("protocols");
      focus("find-protocol");
    },
    openChoices: () => mayAsk() && call().protocol && !call().protocol.ended && open("choose"),
    closeSheet() {
      open(null);
    },
    /** 911 is dialled by the same order as the red button's: at once, and again until it is confirmed. */
    raiseFlag({ id }) {
      page.sheet = null;
      red.press(call().call_id, { path: "red-flag", body: { flag: id } });
    },
    pickOutcome(choice) {
      if (choice.why_not) return;
      page.choice = { determinant: choice.id, kind: page.choice?.kind ?? "retriage" };
      chosenOrder = crypto.randomUUID().replaceAll("-", "");
      changed(true);
      focus(REASON);
    },
    choiceKind(kind) {
      page.choice = { ...page.choice, kind };
      changed();
    },
    async confirmOutcome(event, chosen) {
      event.preventDefault();
      const place = { session_id: call().protocol.session_id, question: REASON };
      const body = { kind: page.choice.kind, determinant: chosen.id, reason: typedText(place, chosen.id).trim() };
      if (chosen.emergency) {
        page.sheet = null;
        return red.press(call().call_id, { path: "determinant", body });
      }
      if (!(await ofCall("choose", "determinant", { ...body, escalation_id: chosenOrder }))) return;
      forgetTyped(place);
      open(null);
    },
    async leaveEarly() {
      if (await ofCall("leave_early", "protocol/leave")) open(null);
    },
    /** Advice or closing words were read as they stand, or were not after all. */
    readAloud(what) {
      const wasRead = call().protocol.read_aloud?.[what] === true;
      return ofCall("read_aloud", "read-aloud", { what, was_read: !wasRead }, `read ${what}`);
    },

    digit(digit) {
      if (page.desk?.wrap_up && !call()) return nth(dispositionsOf(page.desk), digit) && act.wrapUp(nth(dispositionsOf(page.desk), digit).key);
      if (page.correcting && page.desk?.last_contact && !call()) return nth(dispositionsOf(page.desk), digit) && act.correctDisposition(nth(dispositionsOf(page.desk), digit).key);
      if (!mayAsk()) return;
      const meanings = {
        earlier: () => act.earlierByDigit(digit),
        directory: () => nth(call().directory, digit) && act.callIn(nth(call().directory, digit)),
        red_flags: () => nth(call().red_flags, digit) && acts.raiseFlag(nth(call().red_flags, digit)),
        hold: () => nth(call().hold_reasons, digit) && act.holdFor(nth(call().hold_reasons, digit)),
        keypad: () => act.pressKey(String(digit)),
        protocols: () => nth(choosable(page), digit) && acts.startProtocol(nth(choosable(page), digit).protocol),
        choose: () => nth(openChoices(call().protocol), digit) && acts.pickOutcome(nth(openChoices(call().protocol), digit)),
      };
      const sheet = openSheet(page) ?? (call().protocol ? null : "protocols");
      if (sheet) return meanings[sheet]();
      const asked = askedNow(page, act);
      const taken = asked && nth(answersOf(asked, call()), digit);
      if (taken) return acts.take(asked, taken);
      const part = !asked && !call().protocol.ended && nth(toRead(call()), digit);
      if (part) acts.readAloud(part.what);
    },
  };
  return acts;
}
