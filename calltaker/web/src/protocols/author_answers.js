// An answer in a test of the author's: as the text of a document says it (every scalar is a word), how the form begins and
// changes one, and as the engine takes it. Pure.
import { WITHHELD } from "./conditions.js";
import { idOf, listOf, mapOf, questionOf, wordsOf } from "./reading.js";

/** What a place, a time and a person are told in, in the order in which it is written. */
export const PARTS = {
  place: [["text", "The place"], ["unverified_reason", "Not verified, because"]],
  time: [["text", "In the caller's words"], ["at", "Local minute, such as 2026-07-04T21:30"]],
  person: [["name", "Name"], ["phone", "Telephone"], ["relation", "Who they are to the caller"], ["description", "What they look like"]],
};

const BEGUN = { many: () => [], place: () => ({ text: "", confirmed: "true" }), time: () => ({ text: "" }), person: () => ({ name: "" }) };

/** Kinds whose answers are more than one word. */
export const isDetailed = (question) => wordsOf(question?.kind) in BEGUN;
export const isWithheld = (value) => WITHHELD.includes(value);

/** What is answered when nothing was said yet. */
export const firstAnswer = (question) => (question?.kind === "choice" ? idOf(listOf(question.options)[0]) : "unknown");
/** An answer of a kind that has to be filled in. */
export const begunAnswer = ({ kind }) => BEGUN[kind]();

/** Several of a list, with one more or less, in the list's order. */
export function ticked({ options }, value, option, isTicked) {
  return listOf(options).map(idOf).filter((one) => (one === option ? isTicked : listOf(value).includes(one)));
}

/** One part told otherwise. What has no words is no part; what an answer cannot do without stays, and the check asks for it. */
export function told({ kind }, value, name, words) {
  const [[first]] = PARTS[kind];
  const needed = kind === "person" ? [] : [first, "unverified_reason"];
  const left = Object.entries({ ...mapOf(value), [name]: words }).filter(([part, one]) => one !== "" || needed.includes(part));
  return left.length ? Object.fromEntries(left) : { [first]: "" };
}

/** A place that was read back and agreed, or not: then it needs a reason. */
export function confirmed(value, isConfirmed) {
  const { unverified_reason: reason = "", ...place } = mapOf(value);
  return isConfirmed ? { ...place, confirmed: "true" } : { ...place, confirmed: "false", unverified_reason: reason };
}

/** Answers as the engine takes them: numbers and truths are none in the text of a document. @returns {[string, any][]} */
export function playable(answers, document) {
  return Object.entries(answers).map(([id, value]) => [id, isWithheld(value) ? value : taken(questionOf(document, id)?.kind, value)]);
}

function taken(kind, value) {
  if (kind === "number") return Number(value);
  if (kind !== "place") return value;
  const { confirmed: truth, ...place } = mapOf(value);
  const degrees = ["latitude", "longitude"].filter((name) => name in place).map((name) => [name, Number(place[name])]);
  return { ...place, ...Object.fromEntries(degrees), confirmed: truth === "true" };
}
