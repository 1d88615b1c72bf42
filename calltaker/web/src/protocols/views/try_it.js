// The drawer in which the draft is played as a call: the question as the desk shows it, answers by number keys, the path so
// far, and where it leads with why.
import { draw } from "../../desk/in_place.js";
import { button } from "../../publishing/views/buttons.js";
import { LANGUAGES, languageName } from "../../publishing/words.js";
import { bothLanguages, titleOf } from "../../views/words.js";
import { questionOf } from "../reading.js";
import { answering } from "./answering.js";
import { answerWords } from "./findings.js";
import { outcomeSoFar } from "./try_outcome.js";

export function tryIt(page, acts) {
  const { call } = page;
  if (!call.is_open) return null;
  return draw("aside", { key: "try", class: "protocol-try", "aria-labelledby": "try-title" },
    draw("div", { key: "head", class: "try-head" },
      draw("h2", { id: "try-title", tabindex: "-1", text: "Try it" }),
      draw("div", { class: "try-languages", role: "group", "aria-label": "The caller speaks" }, ...LANGUAGES.map((language) => draw("button", { key: language, type: "button", "aria-pressed": String(call.language === language), text: languageName(language), on: { click: () => acts.speakLanguage(language) } }))),
      button("Begin again", acts.beginTry, { key: "again" }),
      button("Close", acts.closeTry, { key: "close" })),
    draw("div", { key: "body", class: "try-body" }, ...body(page, acts)));
}

function body(page, acts) {
  const { call } = page;
  if (call.findings) return [draw("p", { key: "not", class: "empty", text: "This text cannot be played yet: mend what stands under Findings, and the call goes on with the same answers." })];
  if (!call.run) return [draw("p", { key: "busy", class: "quiet", text: "…" })];
  const asked = askedNow(page);
  return [
    call.why && draw("p", { key: "why", class: "try-why", text: call.why }),
    ...call.faults.map((fault, index) => draw("p", { key: `fault-${index}`, class: "warn", text: typeof fault === "string" ? fault : (fault.message ?? String(fault)) })),
    asked ? card(asked, call, acts) : draw("p", { key: "end", class: "try-end" }, draw("strong", { text: call.isGone ? "The caller is gone." : "No more questions." })),
    asked && draw("p", { key: "gone" }, button("The caller hangs up", acts.hangUp, { id: "hang-up", tone: "small" })),
    outcomeSoFar(page, acts),
    coming(call.run),
    path(call, acts),
  ];
}

/** The question that is asked now: one taken up again, or the protocol's next. */
export function askedNow({ call, document }) {
  const again = call.reopened && questionOf(document, call.reopened);
  return again ? { ...again, safety: again.safety === "true" } : (call.run?.question ?? null);
}

function card(asked, call, acts) {
  return draw("article", { key: `question-${asked.id}`, class: "question", "aria-labelledby": "try-question" },
    asked.safety && draw("p", { class: "safety" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), "Safety question"),
    call.reopened && draw("p", { class: "quiet" }, "Answering again. ", draw("button", { type: "button", class: "text-button", text: "Back", on: { click: acts.closeReopened } })),
    draw("div", { id: "try-question", "aria-live": "polite" }, ...bothLanguages(asked.text, call.language, "ask")),
    asked.note && draw("p", { class: "note", text: titleOf(asked.note) }),
    answering(asked, call, acts));
}

function coming({ coming: next }) {
  if (!next?.length) return null;
  return draw("p", { key: "coming", class: "coming" }, draw("span", { class: "label", text: "Next" }), next.slice(0, 2).map(({ text, id }) => titleOf(text) || id).join(" · "));
}

function path({ run, offPath, language }, acts) {
  if (!run.answered.length) return null;
  return draw("section", { key: "path", class: "answered", "aria-labelledby": "path-title" },
    draw("h3", { id: "path-title", class: "label", text: "Answered" }),
    draw("ol", {}, ...run.answered.map((one) => draw("li", { key: one.question },
      draw("span", { class: "answered-question", lang: language, text: titleOf(one.text, language) }),
      draw("strong", { lang: one.option_text ? language : null, text: one.option_text ? titleOf(one.option_text, language) : answerWords(one.value) }),
      draw("button", { type: "button", class: "text-button", "aria-label": `Change the answer to: ${titleOf(one.text)}`, text: "Change", on: { click: () => acts.reopen(one.question) } })))),
    offPath.length ? draw("p", { class: "hint", text: `Off the path, not counted: ${offPath.map((id) => titleOf(id)).join(", ")}` }) : null);
}
