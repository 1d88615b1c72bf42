// Every change that the form makes to a protocol's text: each takes a text and gives a new one, so that undoing is keeping
// the old one. A new id is written wherever the old one was read. Pure; knows no page and no server.
import { KEYS, freeId, idOf, itemsOf, listOf, mapOf } from "./reading.js";
import { insertItem, moveItem, read, removeItem, rewrite, setIn } from "./yaml_text.js";

export { insertItem, moveItem, removeItem, setIn };

const both = () => ({ en: "", es: "" });
const YES_NO = [["yes", "Yes", "Sí"], ["no", "No", "No"]];
const option = (id, en, es) => ({ id, text: { en, es } });

/** What a question of a kind has beside its id and its words. */
const OF_KIND = {
  choice: () => ({ options: YES_NO.map((one) => option(...one)) }),
  many: () => ({ options: [option("first", "", ""), option("second", "", "")] }),
  number: () => ({ unit: both() }),
};
/** Kinds whose answers may decide, and so may be about safety. */
export const DECIDING = ["choice", "many", "number"];

const BLANK = {
  questions: (id) => ({ id, kind: "choice", text: both(), ...OF_KIND.choice() }),
  rules: (id, document) => ({ id, when: { always: "true" }, determinant: idOf(itemsOf(document, "determinants")[0]) }),
  determinants: (id) => ({ id, level: "routine", emergency: "false", priority: "3", title: both(), destination: { kind: "department", key: "" }, common_code: "", request_code: "none", script: both(), advice: both() }),
  tests: (id, document) => ({ id, answers: {}, determinant: String(document.otherwise ?? "") }),
};

/** Add an empty item to a list, at a place of it. @returns {{text: string, index: number}} */
export function add(text, list, at, item = null) {
  const { value: document } = read(text);
  const items = itemsOf(document, list);
  const index = Math.min(at, items.length);
  const stem = list === "questions" ? "question" : list.slice(0, -1);
  const made = item ?? BLANK[list](freeId(items, stem), document);
  return { text: insertItem(text, [list], index, made), index };
}

/** Take an item away; of a question also its answers in the tests. */
export function remove(text, list, index) {
  const { value: document } = read(text);
  const id = idOf(itemsOf(document, list)[index]);
  const removed = removeItem(text, [list], index);
  if (list !== "questions") return removed;
  const answering = itemsOf(document, "tests").map((test, place) => ({ test, place })).filter(({ test }) => id in mapOf(test.answers));
  return answering.reduce((made, { place }) => setIn(made, ["tests", place, "answers", id], undefined), removed);
}

/** Give an item another id, everywhere. */
export function rename(text, list, index, to) {
  const { value: document } = read(text);
  const from = idOf(itemsOf(document, list)[index]);
  const renamed = setIn(text, [list, index, "id"], to, KEYS[list]);
  const isUse = { questions: isQuestion, determinants: isDeterminant }[list];
  return isUse && from ? rewrite(renamed, (path, words, isKey) => (words === from && isUse(path, isKey) ? to : null)) : renamed;
}

const inCondition = (path) => (path[0] === "rules" && path[2] === "when") || (path[0] === "questions" && path[2] === "ask_if");
const isQuestion = (path, isKey) => (isKey ? path[0] === "tests" && path[2] === "answers" && path.length === 4 : inCondition(path) && ["question", "answered"].includes(path.at(-1)));
const isDeterminant = (path, isKey) => !isKey && (path.at(-1) === "determinant" ? ["rules", "tests"].includes(path[0]) : path.length === 1 && path[0] === "otherwise");

/** Give an option of a question another id, in conditions and tests too. */
export function renameOption(text, question, place, to) {
  const { value: document } = read(text);
  const asked = itemsOf(document, "questions")[question];
  const [id, from] = [idOf(asked), idOf(listOf(asked?.options)[place])];
  const renamed = setIn(text, ["questions", question, "options", place, "id"], to, KEYS.options);
  const reads = (path) => String(mapOf(valueAt(document, holderOf(path))).question) === id;
  const isAnswer = (path) => path[0] === "tests" && path[2] === "answers" && path[3] === id;
  return from ? rewrite(renamed, (path, words, isKey) => (!isKey && words === from && (isAnswer(path) || (inCondition(path) && isValue(path) && reads(path))) ? to : null)) : renamed;
}

const VALUES = ["is", "in", "has", "has_any"];
const isValue = (path) => VALUES.includes(path.at(-1)) || VALUES.includes(path.at(-2));
/** The comparison around a value: {question, is: VALUE}, {question, in: [VALUE]}. */
const holderOf = (path) => path.slice(0, typeof path.at(-1) === "number" ? -2 : -1);
const valueAt = (value, path) => path.reduce((inner, step) => inner?.[step], value);

/** Make another kind of a question: what the new kind has too, it keeps. */
export function changeKind(text, index, kind) {
  const { value: document } = read(text);
  const before = itemsOf(document, "questions")[index] ?? {};
  const fresh = OF_KIND[kind]?.() ?? {};
  const gone = ["options", "unit", "least", "most", "worse", ...(DECIDING.includes(kind) ? [] : ["safety"])].filter((name) => name in before && !(name in fresh));
  const missing = Object.keys(fresh).filter((name) => !(name in before));
  const kept = gone.reduce((made, name) => setIn(made, ["questions", index, name], undefined), setIn(text, ["questions", index, "kind"], kind, KEYS.questions));
  const filled = missing.reduce((made, name) => setIn(made, ["questions", index, name], fresh[name], KEYS.questions), kept);
  return gone.includes("safety") || !("safety" in before) ? filled : asSafety(filled, index, true);
}

/** Make a question one about safety, or not: each of its options then says whether it means danger. */
export function asSafety(text, index, isSafety) {
  const { value: document } = read(text);
  const asked = itemsOf(document, "questions")[index] ?? {};
  const marked = setIn(text, ["questions", index, "safety"], isSafety ? "true" : undefined, KEYS.questions);
  const bare = isSafety || !("worse" in asked) ? marked : setIn(marked, ["questions", index, "worse"], undefined);
  return listOf(asked.options).reduce((made, one, place) => {
    if (isSafety === "danger" in mapOf(one)) return made;
    // Whoever does not say "no" is taken for in danger, until the author says otherwise.
    return setIn(made, ["questions", index, "options", place, "danger"], isSafety ? String(idOf(one) !== "no") : undefined, KEYS.options);
  }, bare);
}

/** Add an option to a question. */
export function addOption(text, index) {
  const { value: document } = read(text);
  const asked = itemsOf(document, "questions")[index] ?? {};
  const id = freeId(listOf(asked.options), "option");
  const made = asked.safety === "true" ? { id, danger: "true", text: both() } : { id, text: both() };
  return insertItem(text, ["questions", index, "options"], listOf(asked.options).length, made);
}

/** Offer another protocol to jump to; the first one makes the list, at its place. */
export function addJump(text, to) {
  const { value: document } = read(text);
  const jumps = listOf(document.jumps);
  const jump = { to, title: both() };
  return jumps.length ? insertItem(text, ["jumps"], jumps.length, jump) : setIn(text, ["jumps"], [jump], KEYS.protocol);
}

/** Set a determinant's level. An emergency goes to 911 and nothing else does, so the three are one decision. */
export function setLevel(text, index, level) {
  const { value: document } = read(text);
  const before = itemsOf(document, "determinants")[index] ?? {};
  const isEmergency = level === "emergency";
  const was911 = mapOf(before.destination).kind === "911";
  const at = ["determinants", index];
  const levelled = setIn(setIn(text, [...at, "level"], level, KEYS.determinants), [...at, "emergency"], String(isEmergency), KEYS.determinants);
  if (isEmergency === was911) return levelled;
  return setIn(levelled, [...at, "destination"], isEmergency ? { kind: "911", key: "by_jurisdiction" } : { kind: "department", key: "" }, KEYS.determinants);
}

/** Set a text in one language; where both are empty and it may be left out, it goes. */
export function setWords(text, path, language, words, { order = [], optional = false } = {}) {
  const { value: document } = read(text);
  const before = mapOf(valueAt(document, path));
  const next = { en: "", es: "", ...before, [language]: words };
  if (optional && !next.en && !next.es) return path.at(-1) in mapOf(valueAt(document, path.slice(0, -1))) ? setIn(text, path, undefined) : text;
  return language in before ? setIn(text, [...path, language], words) : setIn(text, path, next, order);
}

/** Set the agency's word on the content: by whom and when; neither is pending. */
export function setApproval(text, part) {
  const { value: document } = read(text);
  const { by = "", on = "" } = { ...mapOf(document.approval), ...part };
  return setIn(text, ["approval"], by || on ? { by, on } : "pending", KEYS.protocol);
}
