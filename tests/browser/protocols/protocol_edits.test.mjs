// The pure parts of the protocols' editor: a text as values, edits of it, conditions, what a finding is about.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import * as edits from "../../../calltaker/web/src/protocols/edits.js";
import { comparison, comparisonOf, comparisonsOf, firstComparison, readsOf, reshaped, shapeOf } from "../../../calltaker/web/src/protocols/conditions.js";
import { LISTS, findingsByPlace, freeId, idOf, idTrouble, itemsOf, leadersTo, placeOf, readersOf, testsAnswering } from "../../../calltaker/web/src/protocols/reading.js";
import { read, rewrite, setIn } from "../../../calltaker/web/src/protocols/yaml_text.js";
import { begunAnswer, confirmed, firstAnswer, playable, ticked, told } from "../../../calltaker/web/src/protocols/author_answers.js";
import { acceptedIn, warningsToAccept } from "../../../calltaker/web/src/protocols/approving.js";
import { sentence } from "../../../calltaker/web/src/protocols/views/replay.js";
import { aligned, aroundDifferences } from "../../../calltaker/web/src/publishing/side_by_side.js";

const FOLDER = process.env.LIBRARY;
const library = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml")).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);
const dog = library.find(([name]) => name === "loose_dog.yaml")[1];

const SMALL = `# Ours, not the vendor's.
id: small
title: {en: Small, es: Pequeño}
questions:
  # The danger first.
  - id: danger_now
    kind: choice
    safety: true
    text:
      en: Danger?  # read it slowly
      es: ¿Peligro?
    options:
      - id: "yes"
        danger: true
        text: {en: "Yes", es: "Sí"}
      - id: "no"
        danger: false
        text: {en: "No", es: "No"}

  - id: how_many
    kind: number
    ask_if: {question: danger_now, is: "no"}
    text:
      en: How many?
      es: ¿Cuántos?

rules:
  - id: danger
    when:
      any:
        - {question: danger_now, in: ["yes", unknown]}
        - {question: how_many, at_least: 3}
    determinant: help
otherwise: advice
determinants:
  - id: help
    level: emergency
    emergency: true
    destination: {kind: "911", key: by_jurisdiction}
  - id: advice
    level: information
    emergency: false
    destination: {kind: department, key: parks}
tests:
  - id: first
    answers: {danger_now: "no", how_many: 2}
    determinant: advice
`;

const linesThatDiffer = (before, after) => aligned(before.split("\n"), after.split("\n")).filter(({ same }) => !same);
const valueOf = (text) => read(text).value;

test("every protocol that ships is written back as it was read, but for one long text in two lines", () => {
  const changed = library.filter(([, text]) => rewrite(text, () => null) !== text).map(([name]) => name);
  assert.ok(library.length >= 40);
  assert.deepEqual(changed, ["loose_dog.yaml"]);
});

test("words that other readers take for true and false stay words", () => {
  const [yes] = valueOf(SMALL).questions[0].options;
  assert.equal(yes.id, "yes");
  assert.equal(yes.danger, "true");
  const made = setIn(SMALL, ["questions", 0, "text", "en"], "no");
  assert.match(made, /en: "no"/);
  assert.match(setIn(SMALL, ["questions", 0, "text", "es"], ""), /es: ""/);
});

test("an edit of one text changes that line alone, and keeps every comment", () => {
  const made = edits.setWords(SMALL, ["questions", 0, "text"], "en", "Is there: danger?");
  const rows = linesThatDiffer(SMALL, made);
  assert.equal(rows.length, 1);
  assert.equal(rows[0].theirs, '      en: "Is there: danger?" # read it slowly');
  for (const comment of ["# Ours, not the vendor's.", "# The danger first."]) assert.ok(made.includes(comment));
});

test("whatever is typed is read again as it was typed", () => {
  const signs = ["", " ", "- a", "a: b", "a #b", "# a", "'", '"', "{", "[a", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "null", "~", "1e3", "0x1", "true", "yes", "Sí, ¿no?", "a\nb", "a\n", " a ", "\ta", "--- a", "...", "?", ": ", "a:", "🐕"];
  for (const words of signs) {
    const made = edits.setWords(SMALL, ["questions", 0, "text"], "en", words);
    const inFlow = setIn(made, ["title", "es"], words);
    read(SMALL); // nothing is remembered of the edit: the text alone is read
    const document = valueOf(inFlow);
    assert.equal(document.questions[0].text.en, words);
    assert.equal(document.title.es, words);
    assert.deepEqual(document.questions[1], valueOf(SMALL).questions[1]);
  }
});

test("what cannot be read says why and where, and gives nothing to edit", () => {
  for (const [text, line] of [["a: [1\nb: {", 2], ["just words", 1], ["- a\n- b", 1]]) {
    const { value, fault } = read(text);
    assert.equal(value, null);
    assert.equal(fault.line, line, fault.message);
  }
  assert.match(read("a: &x [1]\nb: *x").fault.message, /Aliases/);
  assert.match(read("a".repeat(300_001)).fault.message, /too long/);
});

test("a hundred thousand aliases in each other cost nothing", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"].concat([..."bcdefghij"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[at]}`).join(", ")}]`)).join("\n");
  assert.equal(read(bomb).value, null);
});

test("a question that gets another id is read by it everywhere, and nothing else of that name changes", () => {
  const made = edits.rename(SMALL, "questions", 0, "danger_first");
  const document = valueOf(made);
  assert.equal(document.questions[0].id, "danger_first");
  assert.deepEqual(document.questions[1].ask_if, { question: "danger_first", is: "no" });
  assert.deepEqual(readsOf(document.rules[0].when).map(({ question }) => question), ["danger_first", "how_many"]);
  assert.deepEqual(Object.keys(document.tests[0].answers), ["danger_first", "how_many"]);
  assert.ok(!made.includes("danger_now"));
});

test("a rule whose id is also a question's keeps its own", () => {
  const both = SMALL.replace("- id: danger\n", "- id: danger_now\n");
  assert.equal(valueOf(edits.rename(both, "questions", 0, "other")).rules[0].id, "danger_now");
});

test("an option that gets another id keeps its conditions and its tests", () => {
  const document = valueOf(edits.renameOption(SMALL, 0, 1, "none"));
  assert.equal(document.questions[0].options[1].id, "none");
  assert.equal(document.questions[1].ask_if.is, "none");
  assert.equal(document.tests[0].answers.danger_now, "none");
  const yes = valueOf(edits.renameOption(SMALL, 0, 0, "now"));
  assert.deepEqual(yes.rules[0].when.any[0].in, ["now", "unknown"]);
});

test("an option of one question is not that of another", () => {
  const document = valueOf(edits.renameOption(dog, 0, 1, "nobody"));
  assert.equal(document.tests[3].answers.danger_now, "nobody");
  const bite = document.tests.find(({ id }) => id === "pack_at_the_school").answers;
  assert.equal(bite.dog_bite, "no");
});

test("a determinant that gets another id is led to by it", () => {
  const document = valueOf(edits.rename(SMALL, "determinants", 1, "calm"));
  assert.equal(document.otherwise, "calm");
  assert.equal(document.tests[0].determinant, "calm");
  assert.equal(document.rules[0].determinant, "help");
});

test("every question of every protocol that ships can be renamed, and nothing reads the old id", () => {
  for (const [name, text] of library) {
    const document = valueOf(text);
    const place = document.questions.length - 1;
    const id = idOf(document.questions[place]);
    const made = valueOf(edits.rename(text, "questions", place, "renamed_x"));
    const uses = [...readersOf(made, id), ...testsAnswering(made, id)];
    assert.deepEqual(uses, [], name);
    assert.equal(readersOf(made, "renamed_x").length, readersOf(document, id).length, name);
    assert.equal(testsAnswering(made, "renamed_x").length, testsAnswering(document, id).length, name);
  }
});

test("a list grows, shrinks and is put in another order, and comes back by the way it went", () => {
  for (const list of Object.keys(LISTS)) {
    const { text, index } = edits.add(dog, list, 2);
    assert.equal(index, 2);
    assert.equal(itemsOf(valueOf(text), list).length, itemsOf(valueOf(dog), list).length + 1);
    assert.deepEqual(valueOf(edits.removeItem(text, [list], index)), valueOf(dog));
    const moved = edits.moveItem(edits.moveItem(dog, [list], 0, 1), [list], 1, -1);
    assert.deepEqual(valueOf(moved), valueOf(dog));
  }
});

test("a new question stands apart from its neighbours, as they do", () => {
  const { text } = edits.add(dog, "questions", 1);
  assert.match(text, /\n\n {2}- id: question\n/);
  assert.equal(freeId(itemsOf(valueOf(text), "questions"), "question"), "question_2");
});

test("a question that goes takes its answers out of the tests", () => {
  const document = valueOf(edits.remove(SMALL, "questions", 1));
  assert.deepEqual(document.tests[0].answers, { danger_now: "no" });
});

test("a question becomes one about safety with a word for each option, and back", () => {
  const plain = edits.asSafety(SMALL, 0, false);
  assert.ok(!("safety" in valueOf(plain).questions[0]));
  assert.ok(valueOf(plain).questions[0].options.every((option) => !("danger" in option)));
  const [question] = valueOf(edits.asSafety(plain, 0, true)).questions;
  assert.deepEqual([question.safety, ...question.options.map(({ danger }) => danger)], ["true", "true", "false"]);
});

test("another kind of question keeps what it can, and nothing that it cannot have", () => {
  const number = valueOf(edits.changeKind(SMALL, 0, "number")).questions[0];
  assert.deepEqual(Object.keys(number).sort(), ["id", "kind", "safety", "text", "unit"]);
  const words = valueOf(edits.changeKind(SMALL, 0, "text")).questions[0];
  assert.deepEqual(Object.keys(words).sort(), ["id", "kind", "text"]);
  const many = valueOf(edits.changeKind(SMALL, 0, "many")).questions[0];
  assert.equal(many.options.length, 2);
});

test("an emergency goes to 911 and nothing else does", () => {
  const lowered = valueOf(edits.setLevel(SMALL, 0, "urgent")).determinants[0];
  assert.deepEqual([lowered.level, lowered.emergency, lowered.destination.kind], ["urgent", "false", "department"]);
  const raised = valueOf(edits.setLevel(SMALL, 1, "emergency")).determinants[1];
  assert.deepEqual([raised.level, raised.emergency, raised.destination], ["emergency", "true", { kind: "911", key: "by_jurisdiction" }]);
  const kept = valueOf(edits.setLevel(SMALL, 1, "routine")).determinants[1];
  assert.equal(kept.destination.key, "parks");
});

test("jumps stand at the end, as in every protocol that ships, and the next one after the first", () => {
  const one = edits.addJump(SMALL, "dog_bite");
  assert.deepEqual(Object.keys(valueOf(one)).slice(-2), ["tests", "jumps"]);
  const two = valueOf(edits.addJump(one, "noise"));
  assert.deepEqual(two.jumps.map(({ to }) => to), ["dog_bite", "noise"]);
});

test("a note that loses its last word goes", () => {
  const about = { optional: true, order: ["id", "note", "options"] };
  const noted = edits.setWords(SMALL, ["questions", 0, "note"], "es", "Despacio.", about);
  assert.deepEqual(valueOf(noted).questions[0].note, { en: "", es: "Despacio." });
  assert.deepEqual(valueOf(edits.setWords(noted, ["questions", 0, "note"], "es", "", about)), valueOf(SMALL));
  assert.equal(edits.setWords(SMALL, ["questions", 0, "note"], "es", "", about), SMALL);
});

test("a condition goes from shape to shape without losing its parts", () => {
  const one = { question: "danger_now", is: "yes" };
  const all = reshaped(one, "all", {});
  assert.deepEqual(all, { all: [one] });
  assert.deepEqual(reshaped(all, "any", {}), { any: [one] });
  assert.deepEqual(reshaped(reshaped(all, "not", {}), "question", {}), one);
  assert.deepEqual(reshaped({ all: [one, one] }, "not", {}), { not: { all: [one, one] } });
  assert.deepEqual(reshaped({ always: "true" }, "question", one), one);
});

test("every comparison comes apart and together again", () => {
  const kinds = { danger: "choice", many: "number", which: "many", words: "text" };
  const written = [{ question: "danger", is: "yes" }, { question: "danger", in: ["yes", "no"] }, { question: "many", at_least: "3" }, { question: "many", is: "unknown" }, { question: "which", has: "fire" }, { question: "which", has_any: ["fire", "gas"] }, { question: "which", in: ["unknown", "refused"] }, { answered: "words" }];
  for (const one of written) {
    assert.equal(shapeOf(one), "question");
    assert.deepEqual(comparison(comparisonOf(one, kinds[one.question ?? one.answered])), one);
  }
  for (const [id, kind] of Object.entries(kinds)) {
    const first = firstComparison({ id, kind, options: [{ id: "fire" }] });
    assert.ok(comparisonsOf(kind).some(([word]) => word === comparisonOf(first, kind).comparison), kind);
  }
});

test("a finding is about what it names, also where an id is missing", () => {
  const document = valueOf(dog);
  const cases = [["rule bite", "rules.2"], ["question dog_bite, option yes", "questions.2"], ["line 40, question dog_pack, ask_if", "questions.4"], ["test bitten_today", "tests.7"], ["determinant dog_visit", "determinants.5"], ["question 3", "questions.2"], ["approval", ""], ["rule nobody_knows", ""], ["", ""]];
  for (const [where, place] of cases) assert.equal(placeOf(document, where), place, where);
  assert.equal(findingsByPlace(document, [{ where: "rule bite" }, { where: "rule bite" }]).get("rules.2").length, 2);
});

test("an id is small letters, and one that another has is refused", () => {
  const document = valueOf(SMALL);
  for (const [id, isFine] of [["danger_now", true], ["how_many", false], ["How", false], ["", false], ["é", false], ["ok_1", true]]) {
    assert.equal(idTrouble(document, "questions", 0, id) === "", isFine, id);
  }
  assert.deepEqual(leadersTo(document, "advice").map(({ words }) => words), ["otherwise", "test first"]);
});

test("no document, however faulty, breaks what reads it", () => {
  for (const document of [{}, { questions: "none" }, { questions: [null, 3, []], rules: [{ when: [] }], tests: [{ answers: "x" }] }, { rules: [{ when: { all: "x" } }, { when: { not: null } }] }]) {
    for (const list of Object.keys(LISTS)) itemsOf(document, list);
    assert.deepEqual(readersOf(document, "a"), []);
    assert.deepEqual(testsAnswering(document, "a"), []);
    placeOf(document, "question a");
  }
});

test("the recorded calls are told in one sentence, the lost ones by number", () => {
  assert.equal(sentence({ sessions: 4310, changed: 12, lost_911: 1, gained_911: 0, illegal: 0 }), "12 of 4,310 calls change; 1 went to 911 and would not.");
  assert.equal(sentence({ sessions: 1, changed: 0, lost_911: 0, gained_911: 0, illegal: 0 }), "The one recorded call does not change.");
  assert.equal(sentence({ sessions: 4310, changed: 0, lost_911: 0, gained_911: 0, illegal: 0 }), "None of 4,310 recorded calls changes.");
  assert.match(sentence({ sessions: 9, changed: 1, lost_911: 0, gained_911: 1, illegal: 2 }), /none that went to 911 is lost; 1 would now go to 911; 2 with answers/);
});

test("every warning is accepted by name; calls that lose 911 are the approver's own", () => {
  const list = [{ id: "a", severity: "error" }, { id: "b", severity: "warning" }];
  const page = { check: { list }, sheet: { name: "propose", unaccepted: [{ id: "c", severity: "warning" }] } };
  assert.deepEqual(warningsToAccept(page).map(({ id }) => id), ["b", "c"]);
  const form = { elements: { "accept-b": { value: " known " }, "accept-c": { value: "" } } };
  assert.deepEqual(acceptedIn(page, form), [{ finding: "b", reason: "known" }, { finding: "c", reason: "" }]);
  const approving = { check: { list }, sheet: { name: "approve", replay: { lost_911: 2 }, unaccepted: [{ id: "R01" }] } };
  assert.deepEqual(warningsToAccept(approving).map(({ id }) => id), ["R01"]);
  approving.sheet.unaccepted = [];
  assert.deepEqual(warningsToAccept(approving).map(({ id }) => id), ["R01"]);
});

test("two long texts with one change are compared at once, and shown around it", () => {
  const mine = Array.from({ length: 20_000 }, (_, line) => `line ${line}`);
  const theirs = mine.with ? mine.with(10_000, "other") : mine.map((line, at) => (at === 10_000 ? "other" : line));
  const shown = aroundDifferences(aligned(mine, theirs));
  assert.equal(shown.filter(({ same }) => !same).length, 1);
  assert.ok(shown.length < 10);
  assert.equal(aligned(mine, [...theirs].reverse()).length >= 20_000, true);
});

const KINDS = { questions: [{ id: "seen", kind: "many", options: [{ id: "smoke" }, { id: "fire" }, { id: "wires" }] }, { id: "where", kind: "place" }, { id: "when", kind: "time" }, { id: "who", kind: "person" }, { id: "how_many", kind: "number" }] };
const [SEEN, WHERE, WHEN, WHO] = KINDS.questions;

test("an answer of several is ticked in the list's order, and none of them is an answer too", () => {
  assert.equal(firstAnswer(SEEN), "unknown");
  assert.deepEqual(ticked(SEEN, ["wires"], "smoke", true), ["smoke", "wires"]);
  assert.deepEqual(ticked(SEEN, ["wires"], "wires", false), []);
  assert.deepEqual(ticked(SEEN, begunAnswer(SEEN), "fire", true), ["fire"]);
});

test("a place, a time and a person are told part by part, and what is needed is never dropped unseen", () => {
  const place = told(WHERE, begunAnswer(WHERE), "text", "Stone and Speedway");
  assert.deepEqual(place, { text: "Stone and Speedway", confirmed: "true" });
  const doubted = confirmed(place, false);
  assert.deepEqual(doubted, { text: "Stone and Speedway", confirmed: "false", unverified_reason: "" });
  assert.deepEqual(told(WHERE, doubted, "text", ""), { text: "", confirmed: "false", unverified_reason: "" });
  assert.deepEqual(confirmed(told(WHERE, doubted, "unverified_reason", "no map"), true), place);
  assert.deepEqual(told(WHEN, { text: "last night", at: "2026-07-04T21:30" }, "at", ""), { text: "last night" });
  assert.deepEqual(told(WHO, { name: "Ana", phone: "555" }, "name", ""), { phone: "555" });
  assert.deepEqual(told(WHO, { phone: "555" }, "phone", ""), { name: "" });
});

test("a test is played with numbers and truths as the engine takes them", () => {
  const answers = { where: { text: "A", latitude: "32.2", longitude: "-110.9", confirmed: "true" }, how_many: "3", seen: ["fire"], who: "refused" };
  assert.deepEqual(playable(answers, KINDS), [["where", { text: "A", latitude: 32.2, longitude: -110.9, confirmed: true }], ["how_many", 3], ["seen", ["fire"]], ["who", "refused"]]);
  assert.deepEqual(playable({ where: { text: "A", confirmed: "false", unverified_reason: "no map" } }, KINDS)[0][1].confirmed, false);
});

test("every answer that the form makes is written and read again as it is", () => {
  const made = setIn(SMALL, ["tests", 0, "answers", "where"], confirmed({ text: "sí: A" }, false));
  assert.deepEqual(itemsOf(read(made).value, "tests")[0].answers.where, { text: "sí: A", confirmed: "false", unverified_reason: "" });
  const none = setIn(made, ["tests", 0, "answers", "where"], []);
  assert.deepEqual(itemsOf(read(none).value, "tests")[0].answers.where, []);
  assert.deepEqual(itemsOf(read(setIn(none, ["tests", 0, "answers", "where"], "refused")).value, "tests")[0].answers.where, "refused");
});
