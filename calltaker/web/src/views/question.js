// In a call: the question to read aloud, its answers by digit, what comes next, and what the answers mean so far; or what
// is open in its place: the dangers, another protocol, another outcome.
import { draw } from "../desk/in_place.js";
import { answering } from "./answering.js";
import { choosing } from "./choosing.js";
import { bothLanguages, destinationWords, kbd, levelChip, otherLanguage, titleOf } from "./words.js";
import { isWithheld, WITHHELD } from "./option.js";
import { changesInTime, chosenByHand, outcome, protocolLost, why } from "./outcome.js";
import { otherProtocol, protocolChoice } from "./protocol_choice.js";
import { dangerButton, redFlags } from "./red_flags.js";
import { earlierContacts } from "./earlier.js";
import { directory, referrals } from "./referrals.js";
import { holding, keypad } from "./telephone_sheets.js";

/** How many of the questions that may follow are shown. */
const AHEAD = 3;
const SHEETS = { red_flags: redFlags, directory, earlier: earlierContacts, hold: holding, keypad, protocols: otherProtocol, choose: choosing };

/** @param {import("../desk/desk_state.js").Page} page */
export function question(page, acts) {
  const { call } = page.desk;
  const sheet = openSheet(page);
  if (sheet) return SHEETS[sheet](page, acts);
  if (!call.protocol) return [transferEnded(call), ...referrals(page, acts), protocolLost(call.protocol_lost), ...protocolChoice(page, acts)];
  const asked = askedNow(page, acts);
  return [transferEnded(call), ...referrals(page, acts), head(call, acts), asked ? questionCard(asked, call, page, acts) : outcome(call, acts), asked && soFar(call), coming(call), ways(call, acts), answered(call, acts)];
}

/** What is open in place of the question; without a protocol only what needs none can be. */
export function openSheet(page) {
  const { call } = page.desk;
  return ["red_flags", "directory", "earlier", "hold", "keypad"].includes(page.sheet) || call.protocol ? page.sheet : null;
}

function transferEnded({ escalation }) {
  if (escalation?.state !== "ended") return null;
  return draw("p", { key: "ended", class: "safety" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), "The 911 call has ended; the caller is with you. ", kbd("F9"), " dials 911 again.");
}

/** The question on the screen: one opened again, or the protocol's next; null when it has come to its end. */
export function askedNow(page, acts) {
  const { protocol } = page.desk.call;
  return (page.reopened && acts.knownQuestion(page.reopened)) || protocol?.question || null;
}

function head(call, acts) {
  const { protocol, language } = { ...call.protocol, protocol: call.protocol, language: call.language };
  const { determinant } = protocol;
  return draw("header", { key: "head", class: "protocol-head" },
    draw("h2", { class: "protocol-title" }, titleOf(protocol.title), draw("span", { class: "quiet", lang: otherLanguage("en"), text: language === "es" ? ` ${protocol.title.es}` : "" }), draw("span", { class: "version", text: ` v${protocol.version}` }), protocol.approval === "pending" && draw("span", { class: "tag", text: "not yet approved" })),
    draw("p", { class: "level-so-far" }, draw("span", { class: "quiet", text: determinant?.final ? "level" : "so far" }), determinant ? levelChip(determinant.level) : draw("span", { class: "quiet", text: "none yet" }), dangerButton(acts)));
}

function questionCard(asked, call, page, acts) {
  return draw("article", { key: `question-${asked.id}`, class: "question", "aria-labelledby": "question-text" },
    asked.safety && draw("p", { class: "safety" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), "Safety question: read it word for word"),
    page.reopened && draw("p", { class: "quiet" }, "Answering again; the old answer stays in the record. ", draw("button", { type: "button", class: "text-button", text: "Leave it", on: { click: acts.closeReopened } })),
    draw("div", { id: "question-text" }, ...bothLanguages(asked.text, call.language, "ask")),
    asked.note && draw("p", { class: "note", text: titleOf(asked.note) }),
    ...answering(asked, call, page, acts));
}

function soFar({ protocol, language }) {
  const { determinant } = protocol;
  if (!determinant) return draw("p", { key: "so-far", class: "so-far quiet", text: "No rule holds yet: nothing is decided by the answers so far." });
  return draw("section", { key: "so-far", class: "so-far", "aria-label": "What the answers mean so far" },
    draw("p", {}, draw("span", { class: "quiet", text: "If nothing else is said: " }), titleOf(determinant.title), determinant.destination && draw("span", { class: "quiet", text: ` → ${destinationWords(determinant.destination)}` })),
    chosenByHand(protocol),
    why(determinant, protocol),
    changesInTime(protocol),
    determinant.advice && draw("div", { class: "advice" }, draw("h3", { class: "label", text: "Advice for the caller" }), ...bothLanguages(determinant.advice, language, "advise")));
}

function coming({ protocol, language }) {
  if (!protocol.coming?.length) return null;
  const [first, second] = [language, otherLanguage(language)];
  return draw("section", { key: "coming", class: "coming", "aria-labelledby": "coming-title" },
    draw("h3", { id: "coming-title", class: "label", text: "Next" }),
    draw("ol", {}, ...protocol.coming.slice(0, AHEAD).map(({ id, text }) => draw("li", { key: id },
      draw("span", { lang: first, text: titleOf(text, first) }), " ", draw("span", { class: "option-other", lang: second, text: titleOf(text, second) })))));
}

/** What else can be done in a protocol, with its keys. */
function ways({ protocol }, acts) {
  const way = (words, key, act) => draw("button", { key: words, type: "button", class: "text-button", "aria-keyshortcuts": key, on: { click: act } }, words, " ", kbd(key));
  return draw("p", { key: "ways", class: "ways" },
    protocol.answered.length > 0 && way("Back", "Alt+B", acts.back), way("Other protocol", "F3", acts.openProtocols), !protocol.ended && way("Other outcome", "Alt+O", acts.openChoices));
}

function answered({ protocol, language }, acts) {
  if (!protocol.answered?.length) return null;
  return draw("section", { key: "answered", class: "answered", "aria-labelledby": "answered-title" },
    draw("h3", { id: "answered-title", class: "label", text: "Answered" }),
    draw("ol", {}, ...[...protocol.answered].reverse().map((one) => draw("li", { key: one.question },
      draw("span", { class: "answered-question", lang: language, text: titleOf(one.text, language) }),
      draw("strong", { lang: one.option_text ? language : null, text: answerWords(one, language) }),
      acts.knownQuestion(one.question) && draw("button", { type: "button", class: "text-button", "aria-label": `Change the answer to: ${titleOf(one.text)}`, text: "Change", on: { click: () => acts.reopen(one.question) } })))));
}

/** An answer in a line: in the caller's language where it was chosen, in their words where it was said. */
export function answerWords({ option_text, value, told }, language = "en") {
  if (option_text) return titleOf(option_text, language);
  if (isWithheld(value)) return WITHHELD.find(({ id }) => id === value).text.en;
  return told || String(value);
}
