// A question: its words in both languages side by side, when it is asked, and what may be answered.
import { draw } from "../../desk/in_place.js";
import { pick } from "../../publishing/views/pickers.js";
import { firstComparison } from "../conditions.js";
import { DECIDING } from "../edits.js";
import { KEYS, idOf, itemsOf, leadersTo, readersOf, testsAnswering, wordsOf } from "../reading.js";
import { condition } from "./condition.js";
import { bothTexts, idField, labelled, line, tick, usedBy } from "./fields.js";
import { options } from "./options.js";

const KINDS = { choice: "One of several", many: "Several of a list", number: "A number", text: "Free words", place: "A place", time: "A time", person: "A person" };
const WORSE = [["higher", "the higher, the worse"], ["lower", "the lower, the worse"]];

export function question({ index, item }, page, acts) {
  const path = ["questions", index];
  const order = KEYS.questions;
  const id = idOf(item);
  const kind = wordsOf(item.kind);
  const decides = DECIDING.includes(kind);
  const isSafety = item.safety === "true";
  const tests = testsAnswering(page.document, id);
  return [
    bothTexts({ label: "Question, read word for word", value: item.text, path: [...path, "text"], acts, order }),
    bothTexts({ label: "Note for the call-taker", value: item.note, path: [...path, "note"], acts, order, optional: true, hint: "What to probe for, what counts as yes. Not read aloud." }),
    draw("div", { key: "what", class: "pair" },
      labelled("Answer", "question-kind", pick({ id: "question-kind", value: kind, offered: Object.entries(KINDS), chosen: (to) => acts.changeKind(index, to) })),
      decides ? tick("question-safety", "Safety question: unknown or refused counts as danger", isSafety, (to) => acts.asSafety(index, to)) : draw("p", { key: "free", class: "hint", text: "What is said here never decides; a rule may only ask whether it was answered." })),
    kind === "number" && number(item, path, acts, order, isSafety),
    (kind === "choice" || kind === "many") && options({ item, index, isSafety, page, acts }),
    askIf({ index, item }, page, acts),
    usedBy("Read by", readersOf(page.document, id), acts, "No rule and no other question reads it."),
    tests.length > 0 && draw("p", { key: "tests", class: "hint", text: `Answered in ${tests.length} of the tests.` }),
    idField(page, acts, { list: "questions", index, id }),
  ];
}

function number(item, path, acts, order, isSafety) {
  const about = { inputmode: "decimal" };
  return [
    bothTexts({ label: "Counts", value: item.unit, path: [...path, "unit"], acts, order, optional: true, rows: 1, hint: "People, feet, minutes …" }),
    draw("div", { key: "limits", class: "pair" },
      line({ label: "Least", value: item.least, path: [...path, "least"], acts, order, about }),
      line({ label: "Most", value: item.most, path: [...path, "most"], acts, order, about })),
    isSafety && labelled("Danger grows", "question-worse", pick({ id: "question-worse", value: wordsOf(item.worse), offered: WORSE, empty: "either way", chosen: (to) => acts.set([...path, "worse"], to || undefined, order) })),
  ];
}

/** A question may hang on those before it. */
function askIf({ index, item }, page, acts) {
  const path = ["questions", index, "ask_if"];
  const readable = itemsOf(page.document, "questions").slice(0, index);
  if (!("ask_if" in item)) {
    return draw("div", { key: "ask-if", class: "field" }, draw("h3", { class: "field-label", text: "Asked" }),
      draw("p", { class: "asked-always" }, "always, when the call comes here. ", readable.length > 0 && draw("button", { type: "button", class: "small", id: "add-ask-if", text: "Only if …", on: { click: () => acts.set(path, firstComparison(readable.at(-1)), KEYS.questions) } })));
  }
  return draw("div", { key: "ask-if", class: "field" },
    condition({ value: item.ask_if, path, page, acts, order: KEYS.questions, readable, label: "Asked only if" }),
    draw("button", { type: "button", class: "small", id: "remove-ask-if", text: "Ask always", on: { click: () => acts.set(path, undefined) } }));
}

/** Why an item cannot be deleted; "" when it can. What reads it would read nothing. */
export function whyNotRemove(document, list, item) {
  const uses = { questions: () => readersOf(document, idOf(item)), determinants: () => leadersTo(document, idOf(item)) }[list]?.() ?? [];
  if (!uses.length || !idOf(item)) return "";
  const [first, ...rest] = uses.map(({ words }) => words);
  return `${first}${rest.length ? ` and ${rest.length} more` : ""} ${rest.length ? "need" : "needs"} it.`;
}
