// Reads a protocol's document as the form shows it: its lists, what a finding is about, and where an id is used. A document
// may be faulty in any way; what is not there reads as nothing. Pure.
import { readsOf } from "./conditions.js";

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const NAME = /^[a-z][a-z0-9_]{0,47}$/;
const NOT_A_NAME = "Small letters, figures and _, at most 48, a letter first.";

/** The lists of a protocol, in the order in which they are written. @type {Record<string, {one: string, title: string}>} */
export const LISTS = {
  questions: { one: "question", title: "Questions" },
  rules: { one: "rule", title: "Rules" },
  determinants: { one: "determinant", title: "Determinants" },
  tests: { one: "test", title: "Tests" },
};

/** The orders of keys in which protocols are written. */
export const KEYS = {
  protocol: ["id", "version_note", "title", "approval", "sources", "questions", "rules", "otherwise", "determinants", "tests", "exceptions", "jumps"],
  questions: ["id", "kind", "safety", "ask_if", "text", "note", "unit", "least", "most", "worse", "options"],
  rules: ["id", "when", "determinant"],
  determinants: ["id", "level", "emergency", "priority", "title", "destination", "common_code", "request_code", "script", "advice"],
  tests: ["id", "answers", "determinant"],
  options: ["id", "danger", "text"],
};

/** The items of a list, each a table: what is none reads as an empty one. @returns {object[]} */
export const itemsOf = (document, list) => listOf(document?.[list]).map(mapOf);
export const listOf = (value) => (Array.isArray(value) ? value : []);
export const mapOf = (value) => (isMap(value) ? value : {});
/** A text of the document; "" for anything else. */
export const wordsOf = (value) => (typeof value === "string" ? value : "");

export const idOf = (item) => wordsOf(mapOf(item).id);
export const questionOf = (document, id) => itemsOf(document, "questions").find((one) => idOf(one) === id) ?? null;

/** What is chosen: `questions.3`, or "" for the protocol itself. @returns {{list: string, index: number, item: ?object}} */
export function chosenOf(document, selected) {
  const [list, place] = selected.split(".");
  const item = itemsOf(document, list)[Number(place)] ?? null;
  return item ? { list, index: Number(place), item } : { list: "", index: -1, item: null };
}

/** The place of what a finding names ("rule biting", "question smell, ask_if", "test 4"); "" for the protocol itself. */
export function placeOf(document, where) {
  const [, one, name] = /(?:^|, )(question|rule|determinant|test) ([^\s,]+)/.exec(where ?? "") ?? [];
  const list = Object.keys(LISTS).find((key) => LISTS[key].one === one);
  if (!list) return "";
  const items = itemsOf(document, list);
  const found = items.findIndex((item) => idOf(item) === name);
  const index = found < 0 && /^\d+$/.test(name) ? Number(name) - 1 : found;
  return index in items ? `${list}.${index}` : "";
}

/** Findings by the place that they are about. @returns {Map<string, object[]>} */
export function findingsByPlace(document, list) {
  const found = new Map();
  for (const one of list) {
    const place = placeOf(document, one.where);
    found.set(place, [...(found.get(place) ?? []), one]);
  }
  return found;
}

/** Why an item cannot have this id; "" when it can. */
export function idTrouble(document, list, index, id) {
  if (!NAME.test(id)) return NOT_A_NAME;
  return itemsOf(document, list).some((one, place) => place !== index && idOf(one) === id) ? `Another ${LISTS[list].one} has this id.` : "";
}

/** An id that no item of these has yet. */
export function freeId(items, stem) {
  const taken = new Set(items.map(idOf));
  let number = 1;
  while (taken.has(number === 1 ? stem : `${stem}_${number}`)) number += 1;
  return number === 1 ? stem : `${stem}_${number}`;
}

/** @typedef {{place: string, words: string}} Use  An item that needs another. */

/** The conditions that read a question (or one of its options). @returns {Use[]} */
export function readersOf(document, question, option = null) {
  const reads = (condition) => readsOf(condition).some((one) => one.question === question && (option === null || one.answers.includes(option)));
  return [
    ...uses(document, "questions", ({ ask_if: condition }) => reads(condition)),
    ...uses(document, "rules", ({ when }) => reads(when)),
  ];
}

/** The tests in which a question is answered (so). @returns {Use[]} */
export function testsAnswering(document, question, option = null) {
  return uses(document, "tests", ({ answers }) => question in mapOf(answers) && (option === null || [mapOf(answers)[question]].flat().includes(option)));
}

/** What leads to a determinant. @returns {Use[]} */
export function leadersTo(document, determinant) {
  const leads = (one) => one.determinant === determinant;
  const otherwise = document?.otherwise === determinant ? [{ place: "", words: "otherwise" }] : [];
  return [...uses(document, "rules", leads), ...otherwise, ...uses(document, "tests", leads)];
}

function uses(document, list, isUse) {
  return itemsOf(document, list).map((item, index) => ({ item, place: `${list}.${index}` })).filter(({ item }) => isUse(item)).map(({ item, place }) => ({ place, words: `${LISTS[list].one} ${idOf(item)}` }));
}
