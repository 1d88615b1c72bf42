// In a call: the question to read aloud, its answers by digit, what comes next, and what the answers mean so far.
import { draw } from "../desk/in_place.js";
import { bothLanguages, destinationWords, kbd, levelChip, otherLanguage, titleOf } from "./words.js";
import { WITHHELD, optionButton, optionsOf } from "./option.js";
import { outcome, why } from "./outcome.js";
import { protocolChoice } from "./protocol_choice.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function question(page, acts) {
  const { call } = page.desk;
  if (!call.protocol) return protocolChoice(page, acts);
  const asked = askedNow(page, acts);
  return [transferEnded(call), head(call), asked ? questionCard(asked, call, page, acts) : outcome(call, page), asked && soFar(call), coming(call), answered(call, acts)];
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

function head(call) {
  const { protocol, language } = { ...call.protocol, protocol: call.protocol, language: call.language };
  const { determinant } = protocol;
  return draw("header", { key: "head", class: "protocol-head" },
    draw("h2", { class: "protocol-title" }, titleOf(protocol.title), draw("span", { class: "quiet", lang: otherLanguage("en"), text: language === "es" ? ` ${protocol.title.es}` : "" }), draw("span", { class: "version", text: ` v${protocol.version}` }), protocol.approval === "pending" && draw("span", { class: "tag", text: "not yet approved" })),
    determinant && draw("p", { class: "level-so-far" }, draw("span", { class: "quiet", text: determinant.final ? "level" : "level so far" }), levelChip(determinant.level)));
}

function questionCard(asked, call, page, acts) {
  return draw("article", { key: `question-${asked.id}`, class: "question", "aria-labelledby": "question-text" },
    asked.safety && draw("p", { class: "safety" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), "Safety question: read it word for word"),
    page.reopened && draw("p", { class: "quiet" }, "Answering again. ", draw("button", { type: "button", class: "text-button", text: "Back", on: { click: acts.closeReopened } })),
    draw("div", { id: "question-text" }, ...bothLanguages(asked.text, call.language, "ask")),
    asked.note && draw("p", { class: "note", text: titleOf(asked.note) }),
    asked.kind !== "choice" && typed(asked, acts),
    draw("ol", { class: "options" }, ...optionsOf(asked).map((option, index) => optionButton(option.id, index, option.text, call.language, () => acts.answer(asked, option.id)))));
}

function typed(asked, acts) {
  const isNumber = asked.kind === "number";
  const submit = (event) => {
    event.preventDefault();
    const { value } = event.target.elements.value;
    if (value.trim()) acts.answer(asked, isNumber ? Number(value) : value.trim());
  };
  return draw("form", { class: "typed", on: { submit } },
    draw("label", { for: "typed-answer", text: isNumber ? "A number" : "In the caller's words" }),
    draw("input", { id: "typed-answer", name: "value", key: asked.id, type: isNumber ? "number" : "text", step: "any", autocomplete: "off", required: true }),
    draw("button", { type: "submit", class: "primary" }, "Enter"));
}

function soFar({ protocol: { determinant }, language }) {
  if (!determinant) return null;
  return draw("section", { key: "so-far", class: "so-far", "aria-label": "What the answers mean so far" },
    draw("p", {}, draw("span", { class: "quiet", text: "If nothing else is said: " }), titleOf(determinant.title), determinant.destination && draw("span", { class: "quiet", text: ` → ${destinationWords(determinant.destination)}` })),
    why(determinant),
    determinant.advice && draw("div", { class: "advice" }, draw("h3", { class: "label", text: "Advice for the caller" }), ...bothLanguages(determinant.advice, language, "advise")));
}

function coming({ protocol }) {
  if (!protocol.coming?.length) return null;
  return draw("p", { key: "coming", class: "coming" }, draw("span", { class: "label", text: "Next" }), protocol.coming.map(({ id, text }) => titleOf(text) || titleOf(id)).slice(0, 3).join(" · "));
}

function answered({ protocol, language }, acts) {
  if (!protocol.answered?.length) return null;
  return draw("section", { key: "answered", class: "answered", "aria-labelledby": "answered-title" },
    draw("h3", { id: "answered-title", class: "label", text: "Answered" }),
    draw("ol", {}, ...[...protocol.answered].reverse().map((one) => draw("li", { key: one.question },
      draw("span", { class: "answered-question", lang: language, text: titleOf(one.text, language) }),
      draw("strong", { lang: one.option_text ? language : null, text: one.option_text ? titleOf(one.option_text, language) : withheldWords(one.value) }),
      acts.knownQuestion(one.question) && draw("button", { type: "button", class: "text-button", "aria-label": `Change the answer to: ${titleOf(one.text)}`, text: "Change", on: { click: () => acts.reopen(one.question) } })))));
}

const withheldWords = (value) => WITHHELD.find(({ id }) => id === value)?.text.en ?? titleOf(value);
