// The pure parts of the editor: edits, history, reading, two texts side by side, the picture's layout.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as edits from "../../../calltaker/web/src/menus/edits.js";
import { begin, change, redo, undo } from "../../../calltaker/web/src/publishing/history.js";
import { KINDS, blankNode } from "../../../calltaker/web/src/menus/kinds.js";
import { findingsByNode, idsOfPath, usageOfScope } from "../../../calltaker/web/src/menus/page.js";
import { pictureOf } from "../../../calltaker/web/src/menus/picture.js";
import { lines, sideBySide } from "../../../calltaker/web/src/menus/plain_text.js";
import { exampleStep } from "../../../calltaker/web/src/menus/trying.js";
import { asReached, exitsOf, locate, nodeOf } from "../../../calltaker/web/src/menus/reading.js";

const frozen = (value) => { if (value && typeof value === "object") { Object.values(value).forEach(frozen); Object.freeze(value); } return value; };
const menu = () => frozen({
  key: "menu", start: "need",
  nodes: {
    need: { kind: "choose", prompt: {}, options: [{ key: "1", words: { en: ["trash"], es: [] }, next: "trash" }, { key: "2", words: {}, next: "person" }] },
    trash: { kind: "information", text: { en: "Carts.", es: "Botes." }, prompt: {}, options: [{ key: "1", does: "repeat" }, { key: "2", next: "need" }] },
    person: { kind: "line", text: {} },
    storm: { kind: "menu", menu: "weather", next: "person" },
    alone: { kind: "goodbye", text: {} },
  },
  menus: { weather: { start: "rain", nodes: { rain: { kind: "say", text: { en: "Rain." }, next: "back" }, back: { kind: "return" } } } },
});

test("every kind of node can be added, and has the ways out that its fields say", () => {
  for (const kind of Object.keys(KINDS)) {
    const made = edits.addNode({ key: "menu", nodes: {} }, "", "first", kind);
    assert.equal(made.start, "first");
    assert.equal(made.nodes.first.kind, kind);
    for (const { target } of exitsOf(made.nodes.first)) assert.equal(target, "");
  }
});

test("no edit touches the document that it was given", () => {
  const document = menu();
  const changed = [
    edits.addNode(document, "", "new", "say"), edits.renameNode(document, "", "trash", "bins"), edits.removeNode(document, "", "person"), edits.connect(document, "", "need", ["options", 0, "next"], "alone"),
    edits.addOption(document, "", "need"), edits.moveNode(document, "", "person", -1), edits.place(document, "", { need: [1.4, 2] }), edits.changeKind(document, "", "alone", "line"), edits.addSubMenu(document, "heat"), edits.renameSubMenu(document, "weather", "sky"), edits.removeSubMenu(document, "weather"),
  ];
  for (const one of changed) assert.notEqual(JSON.stringify(one), JSON.stringify(document));
});

test("a node that gets another name is still led to, from its own menu alone", () => {
  const renamed = edits.renameNode(edits.place(menu(), "", { need: [5, 6] }), "", "need", "question");
  assert.equal(renamed.start, "question");
  assert.equal(renamed.nodes.trash.options[1].next, "question");
  assert.deepEqual(renamed.layout, { question: [5, 6] });
  assert.deepEqual(Object.keys(renamed.nodes)[0], "question");
  assert.deepEqual(renamed.menus, menu().menus);
});

test("whatever led to a removed node leads nowhere, and says so", () => {
  const left = edits.removeNode(menu(), "", "person");
  assert.equal(nodeOf(left, "", "person"), null);
  assert.equal(left.nodes.need.options[1].next, "");
  assert.equal(left.nodes.storm.next, "");
});

test("a sub-menu is renamed with whatever goes through it, and taken away without a trace", () => {
  const used = edits.setIn(menu(), ["menus", "heat"], { start: "use", nodes: { use: { kind: "menu", menu: "weather", next: "back" }, back: { kind: "return" } } });
  const renamed = edits.renameSubMenu(used, "weather", "sky");
  assert.deepEqual(Object.keys(renamed.menus), ["sky", "heat"]);
  assert.deepEqual([renamed.nodes.storm.menu, renamed.menus.heat.nodes.use.menu], ["sky", "sky"]);
  assert.deepEqual(edits.usesOf(renamed, "sky"), [{ scope: "", id: "storm" }, { scope: "heat", id: "use" }]);
  const removed = edits.removeSubMenu(used, "weather");
  assert.deepEqual(Object.keys(removed.menus), ["heat"]);
  assert.deepEqual([removed.nodes.storm.menu, removed.menus.heat.nodes.use.menu], ["", ""]);
  assert.deepEqual(edits.usesOf(used, "nothing"), []);
});

test("a sub-menu's name is one that no other has", () => {
  assert.equal(edits.subMenuTrouble(menu(), "heat"), "");
  for (const name of ["", "weather", "he at", "-x"]) assert.notEqual(edits.subMenuTrouble(menu(), name), "");
});

test("a new key takes the lowest number that is free", () => {
  const without = edits.setIn(menu(), ["nodes", "need", "options", 0], undefined);
  assert.deepEqual(edits.addOption(without, "", "need", "alone").nodes.need.options.map(({ key, next }) => [key, next]), [["2", "person"], ["1", "alone"]]);
  const full = edits.setIn(menu(), ["nodes", "need", "options"], [1, 2, 3, 4, 5, 6, 7, 8].map((key) => ({ key: String(key) })));
  assert.equal(edits.addOption(full, "", "need").nodes.need.options.at(-1).key, "");
});

test("another kind keeps what both kinds have", () => {
  const line = edits.changeKind(menu(), "", "trash", "goodbye").nodes.trash;
  assert.deepEqual(line, { kind: "goodbye", text: { en: "Carts.", es: "Botes." } });
});

test("a branch that looks at something else gets its cases and loses the old ones", () => {
  const document = edits.addNode(menu(), "", "fork", "branch");
  const led = edits.connect(document, "", "fork", ["cases", "open"], "need");
  const by = edits.branchBy(led, "", "fork", "switch", ["on", "off"]);
  assert.deepEqual(by.nodes.fork.cases, { on: "", off: "" });
});

test("names that cannot be are refused with a reason", () => {
  assert.equal(edits.nameTrouble(menu(), "", "trash_2"), "");
  for (const name of ["", "trash", "tra sh", "-x", "x".repeat(61), "<b>"]) assert.notEqual(edits.nameTrouble(menu(), "", name), "");
});

test("undo and redo give back the very documents, and typing in one field is one step", () => {
  const [a, b, c, d] = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }];
  let history = change(change(begin(a), b, "text", 1000), c, "text", 1500);
  history = change(history, d, "other", 1600);
  history = undo(history);
  assert.equal(history.now, c);
  history = undo(history);
  assert.equal(history.now, a);
  assert.equal(undo(history), history);
  assert.equal(redo(redo(history)).now, d);
  assert.deepEqual(change(undo(redo(history)), b, "", 0).future, []);
});

test("typing that rests begins a new step", () => {
  const history = change(change(begin({ n: 1 }), { n: 2 }, "text", 0), { n: 3 }, "text", 10000);
  assert.equal(undo(history).now.n, 2);
});

test("callers' order is depth first, and what nobody reaches comes last", () => {
  assert.deepEqual(asReached(menu(), "").map(({ id, depth, reached }) => [id, depth, reached]), [["need", 0, true], ["trash", 1, true], ["person", 1, true], ["storm", 0, false], ["alone", 0, false]]);
  assert.deepEqual(asReached({ nodes: "rubbish" }, ""), []);
});

test("a finding finds its node, however its place is written", () => {
  const places = { need: ["", "need"], "node need": ["", "need"], "node need: prompt (es)": ["", "need"], "node need, option 1": ["", "need"], "storm/rain": ["weather", "rain"], "menu weather, node rain: text (en)": ["weather", "rain"], "menu weather: start": ["weather", ""], sentences: ["", ""], "": ["", ""] };
  for (const [where, [scope, id]] of Object.entries(places)) assert.deepEqual(locate(menu(), where), { scope, id }, where);
});

test("the call's way, usage and findings are those of the menu that is shown", () => {
  const call = { is_open: true, path: ["need", "storm", "storm/rain"], here: "storm/rain" };
  assert.deepEqual([...idsOfPath(menu(), "weather", call).lit], ["rain"]);
  assert.ok(idsOfPath(menu(), "", call).steps.has("need>storm"));
  assert.deepEqual([...findingsByNode(menu(), "weather", [{ where: "storm/rain" }, { where: "need" }]).keys()], ["rain"]);
  const usage = { nodes: { need: { callers: 4 }, "storm/rain": { callers: 3, to_person: 1 } }, edges: [{ from: "need", to: "trash", callers: 2 }] };
  assert.deepEqual(usageOfScope({ usage, document: menu(), scope: "weather" }).nodes, { rain: { callers: 3, to_person: 1, hung_up: 0 } });
  assert.deepEqual(usageOfScope({ usage, document: menu(), scope: "" }).edges, [{ from: "need", to: "trash", callers: 2 }]);
});

test("two documents side by side show the lines that differ and leave out what is the same", () => {
  const mine = edits.setIn(menu(), ["nodes", "trash", "text", "en"], "Out by six.");
  const [part, ...others] = sideBySide(mine, menu());
  assert.deepEqual([part.where, others], ["trash", []]);
  assert.deepEqual(part.rows.filter(({ same }) => !same), [{ mine: "  en: Out by six.", theirs: "  en: Carts.", same: false }]);
  assert.ok(part.rows.some(({ skipped }) => skipped > 0));
  assert.deepEqual(sideBySide(menu(), menu()), []);
  assert.deepEqual(sideBySide({ ...menu(), layout: { need: [1, 2] } }, menu()), []);
});

test("lines are written as the city's files are", () => {
  assert.deepEqual(lines({ a: { en: "x" }, b: [1, { c: null }], d: {} }), ["a:", "  en: x", "b:", "  - 1", "  -", "    c: –", "d: {}"]);
});

test("boxes laid out by themselves do not lie on each other, and arranged ones stay", () => {
  const about = { findings: new Map(), usage: null, lit: new Set(), steps: new Set(), here: "" };
  const { boxes, lines: edges } = pictureOf(edits.place(menu(), "", { alone: [900, 900] }), "", about);
  assert.deepEqual(boxes.find(({ id }) => id === "alone").at, [900, 900]);
  assert.deepEqual(edges.map(({ from, to }) => `${from}>${to}`), ["need>trash", "need>person", "trash>need", "storm>person"]);
  apart(boxes);
});

test("the shipped menu is arranged: every node has its place, and none lies on another", () => {
  const shipped = JSON.parse(readFileSync(process.env.SHIPPED_MENU, "utf8"));
  assert.deepEqual(Object.keys(shipped.layout).sort(), Object.keys(shipped.nodes).sort());
  apart(pictureOf(shipped, "", { findings: new Map(), usage: { nodes: {}, edges: [] }, lit: new Set(), steps: new Set(), here: "" }).boxes);
});

function apart(boxes) {
  for (const one of boxes) for (const other of boxes) {
    const apart = one === other || Math.abs(one.at[0] - other.at[0]) >= 224 || one.at[1] + one.height <= other.at[1] || other.at[1] + other.height <= one.at[1];
    assert.ok(apart, `${one.id} on ${other.id}`);
  }
}

test("lines into a node where many ways lead are marked, so that the others can be followed", () => {
  const about = { findings: new Map(), usage: null, lit: new Set(), steps: new Set(), here: "" };
  const ways = Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [`way_${number}`, { kind: "say", next: "person" }]));
  const { lines: edges } = pictureOf({ ...menu(), nodes: { ...menu().nodes, ...ways } }, "", about);
  for (const { to, isOneOfMany } of edges) assert.equal(isOneOfMany, to === "person");
});

test("a finding's example is played with the facts that it names, and with none that it does not", () => {
  assert.deepEqual(exampleStep("silence"), { verb: "", what: "", facts: { is_open: true, holiday: false, switches: {}, line_length: 0, seen_before: false, withheld: false } });
  assert.deepEqual(exampleStep("press 2 (main closed for a holiday, storm on, 5 in line)"), { verb: "press", what: "2", facts: { is_open: false, holiday: true, switches: { storm: true }, line_length: 5, seen_before: false, withheld: false } });
  assert.deepEqual(exampleStep("say a place in tucson (called before, number withheld)").facts, { is_open: true, holiday: false, switches: {}, line_length: 0, seen_before: true, withheld: true });
});

test("a document of any shape is drawn, never an error", () => {
  const about = { findings: new Map(), usage: null, lit: new Set(), steps: new Set(), here: "" };
  const strange = { nodes: { a: null, b: "x", c: { kind: "nothing" }, d: { kind: "choose", options: "no" }, e: { kind: "branch", cases: [1] }, f: { kind: "choose", options: [null, { key: 4, next: 7 }] } } };
  assert.deepEqual(pictureOf(strange, "", about).boxes.map(({ id }) => id), ["c", "d", "e", "f"]);
  assert.deepEqual(Object.keys(blankNode("line")), ["kind", "text", "priority", "skill"]);
});
