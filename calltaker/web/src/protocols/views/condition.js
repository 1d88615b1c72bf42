// A condition built from pickers: a comparison with the answer to one question, or a group of conditions in each other.
// There is nothing to type but a number, so nothing to misspell.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { pick } from "../../publishing/views/pickers.js";
import { SHAPES, WITHHELD, comparison, comparisonOf, comparisonsOf, firstComparison, partsOf, reshaped, shapeOf, takesNumber } from "../conditions.js";
import { idOf, listOf, mapOf, questionOf, wordsOf } from "../reading.js";
import { fieldId, tick } from "./fields.js";

const WITHHELD_WORDS = { unknown: "does not know", refused: "will not say" };
const DEEPEST_DRAWN = 6;

/**
 * @param {{value: any, path: (string|number)[], page: object, acts: object, order: string[], readable: object[], label: string}} about
 *   `readable` are the questions that may be read here.
 */
export function condition(about) {
  return draw("fieldset", { key: about.path.join("."), class: "field condition" }, draw("legend", { class: "field-label", text: about.label }), one(about, 0));
}

function one(about, depth) {
  const shape = shapeOf(about.value);
  const isGroup = shape === "all" || shape === "any" || shape === "not";
  if (depth > DEEPEST_DRAWN) return draw("p", { class: "hint", text: "More conditions in each other: edit them under Text." });
  return draw("div", { key: String(about.path.at(-1)), class: `cond cond-${shape || "none"}` },
    draw("div", { class: "cond-top" },
      shapePicker(about, shape),
      shape === "question" && compared(about),
      about.removed && sign("✕", "Remove this condition", about.removed)),
    shape === "question" && answers(about),
    isGroup && parts(about, shape, depth));
}

function shapePicker({ value, path, acts, order, readable }, shape) {
  const change = (to) => acts.set(path, reshaped(value, to, firstComparison(readable.at(-1))), order);
  return pick({ id: fieldId([...path, "shape"]), label: "Kind of condition", value: shape, offered: Object.entries(SHAPES), chosen: change, empty: shape ? "" : "choose …" });
}

function parts({ value, path, ...about }, shape, depth) {
  const inner = partsOf(value);
  const { acts, readable } = about;
  return draw("div", { class: "cond-parts" },
    ...inner.map(({ step, part }, index) => one({ ...about, value: part, path: [...path, ...step], removed: shape !== "not" && inner.length > 1 ? () => acts.take([...path, shape], index) : null }, depth + 1)),
    shape !== "not" && draw("button", { key: "add", type: "button", class: "small", text: "Add a condition", on: { click: () => acts.insert([...path, shape], inner.length, firstComparison(readable.at(-1))) } }));
}

function compared({ value, path, page, acts, order, readable }) {
  const now = partsOfComparison(value, page);
  const { kind } = now.asked;
  const toQuestion = (id) => acts.set(path, firstComparison(readable.find((question) => idOf(question) === id) ?? { id }), order);
  const toComparison = (word) => acts.set(path, comparison({ ...now, comparison: word, values: firstValues(word, now.asked) }), order);
  return [
    pick({ id: fieldId([...path, "question"]), label: "Question", value: now.question, offered: readable.map((question) => [idOf(question), `${idOf(question)}: ${wordsOf(mapOf(question.text).en)}`]), chosen: toQuestion }),
    pick({ id: fieldId([...path, "comparison"]), label: "How it is compared", value: now.comparison, offered: comparisonsOf(kind), chosen: toComparison }),
    takesNumber(now.comparison) && draw("input", { key: "number", id: fieldId([...path, "number"]), class: "cond-number", "aria-label": "Number", inputmode: "decimal", value: now.values[0] ?? "", on: { input: ({ target }) => acts.set(path, comparison({ ...now, values: [target.value.trim()] }), order) } }),
  ];
}

function partsOfComparison(value, page) {
  const question = String(value.question ?? value.answered ?? "");
  const asked = questionOf(page.document, question) ?? {};
  return { ...comparisonOf(value, asked.kind), asked };
}

function firstValues(word, { options }) {
  if (takesNumber(word)) return ["1"];
  if (word === "withheld") return ["unknown"];
  return word === "answered" ? [] : [idOf(listOf(options)[0])];
}

/** The answers that count, ticked; two of them are always there: not knowing and not saying. */
function answers({ value, path, page, acts, order }) {
  const now = partsOfComparison(value, page);
  if (takesNumber(now.comparison) || now.comparison === "answered") return null;
  const options = now.comparison === "withheld" ? [] : listOf(now.asked.options).map((option) => [idOf(option), wordsOf(mapOf(mapOf(option).text).en) || idOf(option)]);
  const withheld = now.comparison === "has" ? [] : WITHHELD.map((name) => [name, WITHHELD_WORDS[name]]);
  const offered = [...options, ...withheld];
  const strange = now.values.filter((one) => !offered.some(([id]) => id === one)).map((one) => [one, `${one} (not known)`]);
  const all = [...offered, ...strange];
  const change = (id, isTicked) => acts.set(path, comparison({ ...now, values: all.map(([one]) => one).filter((one) => (one === id ? isTicked : now.values.includes(one))) }), order);
  return draw("div", { key: "answers", class: "cond-answers", role: "group", "aria-label": `Answers to ${now.question}` },
    ...all.map(([id, words]) => tick(fieldId([...path, "answer", id]), words, now.values.includes(id), (isTicked) => change(id, isTicked))),
    now.values.length > 1 && draw("span", { class: "hint", text: "one of these" }));
}
