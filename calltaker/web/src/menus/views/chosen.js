// The right side: the chosen node with all its fields and both languages side by side, or the menu itself when no node is
// chosen. One drawing for each type of field; which fields there are says the table of kinds.
import { draw } from "../../desk/in_place.js";
import { pick } from "../../publishing/views/pickers.js";
import { CASES, KINDS, fieldsOf } from "../kinds.js";
import { nameTrouble } from "../edits.js";
import { nodeOf, nodePath, subMenus } from "../reading.js";
import { whyNotEdit } from "../acts.js";
import { LANGUAGES, languageName, seconds } from "../../publishing/words.js";
import { finding } from "./findings.js";
import { greeting, offers, options, cases } from "./lists.js";
import { nodeSelect } from "./pickers.js";
import { reprompts, texts } from "./texts.js";
import { wholeMenu } from "./whole_menu.js";

export function chosen(page, acts) {
  const node = nodeOf(page.document, page.scope, page.selected);
  const why = whyNotEdit(page);
  return draw("section", { key: "chosen", class: "menu-chosen", "aria-labelledby": "chosen-title", tabindex: why ? "0" : null },
    draw("div", { key: `${node ? "node" : "whole"} ${page.visit}`, class: "chosen" },
      why && draw("p", { class: "read-only", text: why }),
      draw("fieldset", { class: "bare", disabled: Boolean(why) }, ...(node ? ofNode(node, page, acts) : wholeMenu(page, acts)))));
}

function ofNode(node, page, acts) {
  const found = page.byNode.get(page.selected) ?? [];
  const path = nodePath(page.scope, page.selected);
  return [
    head(node, page, acts),
    found.length ? draw("ul", { key: "found", class: "findings-list chosen-findings", "aria-label": "Findings of this node" }, ...found.map((one, index) => finding(one, index, acts, true))) : null,
    measured(node, page),
    ...fieldsOf(node).map((field) => draw("div", { key: field.name, class: `field field-${field.type}` }, FIELDS[field.type]({ field, node, value: node[field.name], path: [field.name], whole: [...path, field.name], page, acts }))),
  ];
}

function head(node, page, acts) {
  const typed = page.renaming ?? page.selected;
  const trouble = typed === page.selected ? "" : nameTrouble(page.document, page.scope, typed.trim());
  return draw("div", { key: "head", class: "chosen-head" },
    draw("h2", { id: "chosen-title", tabindex: "-1" }, draw("span", { class: "label", text: KINDS[node.kind]?.title ?? "Unknown kind" }), draw("span", { text: page.selected })),
    draw("p", { class: "quiet", text: KINDS[node.kind]?.about ?? `This page does not know the kind ${node.kind}.` }),
    draw("div", { class: "pair" },
      draw("label", {}, "Name", draw("input", { id: "node-name", value: typed, spellcheck: "false", autocomplete: "off", "aria-describedby": trouble ? "name-trouble" : null, "aria-invalid": trouble ? "true" : null, on: { input: ({ target }) => acts.typeName(target.value), change: acts.rename, keydown: (event) => event.key === "Enter" && acts.rename() } })),
      draw("label", {}, "Kind", pick({ id: "node-kind", value: node.kind, offered: Object.entries(KINDS).filter(([kind]) => kind !== "return" || page.scope).map(([kind, { title }]) => [kind, title]), chosen: acts.changeKind }))),
    trouble && draw("p", { id: "name-trouble", class: "warn", role: "alert", text: trouble }));
}

/** How long each language speaks and how hard it reads, as the gate has measured it. */
function measured(node, { check, selected, scope, lengths }) {
  const told = check.isKnown ? lengths(scope, selected) : null;
  if (!told) return null;
  return draw("div", { key: "measured", class: "twin measured" }, ...LANGUAGES.map((language) => draw("p", { key: language },
    draw("span", { class: "label", text: languageName(language) }), told[language] ? draw("span", { class: "figures", text: ` ${[seconds(told[language].seconds), grade(told[language].grade)].filter(Boolean).join(", ")}` }) : null)));
}

const grade = (figure) => (typeof figure === "number" ? `grade ${figure.toFixed(1)}` : "");

const label = ({ label: words }, id) => draw("label", { for: id, class: "field-label", text: words });
const idOf = ({ path }) => `f-${path.join("-")}`;

const FIELDS = {
  text: texts,
  reprompts,
  options,
  cases,
  greeting,
  offers,
  prompt: (at) => prompt(at),
  node: (at) => [label(at.field, idOf(at)), nodeSelect(at, idOf(at), at.value, (to) => at.acts.connect(at.path, to))],
  choice: (at) => choice(at),
  named: (at) => named(at),
  words: (at) => [label(at.field, idOf(at)), draw("input", { id: idOf(at), value: at.value ?? "", autocomplete: "off", on: { input: ({ target }) => at.acts.set(at.path, target.value || (at.field.optional ? undefined : "")) } }), at.field.hint && draw("p", { class: "hint", text: at.field.hint })],
  number: (at) => [label(at.field, idOf(at)), draw("input", { id: idOf(at), type: "number", min: at.field.least, max: at.field.most, step: "any", value: String(at.value ?? ""), on: { input: ({ target }) => target.value !== "" && at.acts.set(at.path, Number(target.value)) } })],
  date: (at) => [label(at.field, idOf(at)), draw("input", { id: idOf(at), type: "date", value: at.value ?? "", on: { input: ({ target }) => at.acts.set(at.path, target.value || null) } })],
};

function prompt(at) {
  const inner = (name) => ({ ...at, path: [...at.path, name], whole: [...at.whole, name], value: at.value?.[name] });
  const waits = inner("timeout_seconds");
  const hints = inner("hints");
  return [
    draw("div", { key: "text" }, texts({ ...inner("text"), field: { ...at.field, label: "Question" } })),
    draw("div", { key: "again" }, reprompts({ ...inner("reprompts"), field: { ...at.field, label: "When nothing is understood" } })),
    draw("div", { key: "more", class: "pair" },
      draw("label", {}, "Waits, seconds", draw("input", { id: idOf(waits), type: "number", min: 5, max: 10, step: "any", value: String(waits.value ?? 7), on: { input: ({ target }) => target.value !== "" && at.acts.set(waits.path, Number(target.value)) } })),
      draw("label", {}, "Words to expect", draw("input", { id: idOf(hints), value: (hints.value ?? []).join(", "), placeholder: "pothole, bache", on: { input: ({ target }) => at.acts.set(hints.path, list(target.value)) } }))),
  ];
}

/** A name of one's own, or one of those that are there. */
function named(at) {
  const known = at.page.catalogue[at.field.from].map(({ key }) => key);
  return [...FIELDS.words({ ...at, field: { ...at.field, hint: known.length ? `Known: ${known.join(", ")}. A new name makes a new one.` : at.field.hint } })];
}

/** "one, uno" as a list of words; nothing typed is no list. */
const list = (typed) => { const words = typed.split(",").map((word) => word.trim()).filter(Boolean); return words.length ? words : undefined; };

function choice(at) {
  const { field, value, acts, page } = at;
  const change = field.name === "by" ? (by) => acts.branchBy(by, CASES[by] ?? []) : (to) => acts.set(at.path, to || (field.optional ? undefined : ""));
  return [label(field, idOf(at)), pick({ id: idOf(at), value: value ?? "", offered: offered(field, page), chosen: change, empty: field.optional ? "as usual" : "choose …" })];
}

function offered(field, { catalogue, document }) {
  if (field.of) return field.of.map((name) => [name, name.replaceAll("_", " ")]);
  if (field.from === "menus") return subMenus(document).map((name) => [name, name]);
  return (catalogue[field.from] ?? []).map((one) => (typeof one === "string" ? [one, one] : [one.key, one.name?.en ?? one.name ?? one.key]));
}
