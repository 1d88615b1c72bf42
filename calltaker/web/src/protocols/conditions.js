// Conditions as data: what each shape is, what it reads, and how the form builds and changes one. Pure; holds no words for
// a page but the names of shapes and comparisons.

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const WITHHELD = ["unknown", "refused"];
const NUMBERS = ["at_least", "at_most", "more_than", "less_than"];

/** The shapes a condition may have. */
export const SHAPES = { question: "An answer", all: "All of these", any: "Any of these", not: "Not", always: "Always" };

const ANSWERED = ["answered", "was answered"];
const STANDS = ["withheld", "is"];
const COMPARISONS = {
  choice: [["in", "is"], ANSWERED],
  many: [["has", "has any of"], STANDS, ANSWERED],
  number: [["at_least", "is at least"], ["at_most", "is at most"], ["more_than", "is more than"], ["less_than", "is less than"], STANDS, ANSWERED],
};

/** How the answer to a question may be compared: name and words. Words, places, times and people never decide. */
export const comparisonsOf = (kind) => COMPARISONS[kind] ?? [ANSWERED];
/** Whether a comparison takes a number. */
export const takesNumber = (comparison) => NUMBERS.includes(comparison);

/** The shape of a condition; "" for what is none. */
export function shapeOf(condition) {
  if (!isMap(condition)) return "";
  if ("answered" in condition || "question" in condition) return "question";
  return ["all", "any", "not", "always"].find((shape) => shape in condition) ?? "";
}

/** The parts of a group, each with the step that leads to it. @returns {{step: (string|number)[], part: object}[]} */
export function partsOf(condition) {
  const shape = shapeOf(condition);
  if (shape === "not") return [{ step: ["not"], part: condition.not }];
  if (shape !== "all" && shape !== "any") return [];
  return (Array.isArray(condition[shape]) ? condition[shape] : []).map((part, index) => ({ step: [shape, index], part }));
}

/** A comparison, taken apart. @returns {{question: string, comparison: string, values: string[]}} */
export function comparisonOf(condition, kind) {
  if ("answered" in condition) return { question: String(condition.answered), comparison: "answered", values: [] };
  const question = String(condition.question ?? "");
  const word = Object.keys(condition).find((name) => name !== "question") ?? "in";
  const values = [condition[word]].flat().filter((value) => typeof value === "string");
  if (word === "is" || word === "in") return { question, comparison: kind === "choice" || !kind ? "in" : "withheld", values };
  return { question, comparison: word === "has_any" ? "has" : word, values };
}

/** Put a comparison together again, in the shortest words. */
export function comparison({ question, comparison: word, values }) {
  if (word === "answered") return { answered: question };
  if (takesNumber(word)) return { question, [word]: values[0] ?? "" };
  const [one, several] = word === "has" ? ["has", "has_any"] : ["is", "in"];
  return values.length === 1 ? { question, [one]: values[0] } : { question, [several]: values };
}

/** A comparison with a question as it begins: what is dangerous or said first, a number of nothing. */
export function firstComparison(question) {
  if (!question) return { question: "", in: [] };
  const [[word]] = comparisonsOf(question.kind);
  const options = (Array.isArray(question.options) ? question.options : []).map((option) => String(option?.id ?? ""));
  const values = takesNumber(word) ? ["1"] : word === "answered" ? [] : options.slice(0, 1);
  return comparison({ question: String(question.id ?? ""), comparison: word, values });
}

/** The same condition in another shape: a comparison goes into a group, a group of one comes out of it. */
export function reshaped(condition, shape, fresh) {
  const before = shapeOf(condition);
  if (before === shape) return condition;
  const parts = partsOf(condition).map(({ part }) => part);
  const inner = before === "question" ? [condition] : parts;
  if (shape === "always") return { always: "true" };
  if (shape === "question") return inner.find((part) => shapeOf(part) === "question") ?? fresh;
  if (shape === "not") return { not: inner.length > 1 ? { [before]: inner } : (inner[0] ?? fresh) };
  return { [shape]: inner.length ? inner : [fresh] };
}

/** Every comparison of a condition: the question and the answers it names. @returns {{question: string, answers: string[]}[]} */
export function readsOf(condition) {
  if (shapeOf(condition) !== "question") return partsOf(condition).flatMap(({ part }) => readsOf(part));
  const { question, values } = comparisonOf(condition, "choice");
  return [{ question, answers: values }];
}
