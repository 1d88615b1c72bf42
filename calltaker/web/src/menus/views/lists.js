// Fields that hold several things of one sort: the keys of a question, the cases of a branch, the greeting's sentences,
// the languages that are offered.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { pick } from "../../publishing/views/pickers.js";
import { CASES, OPTION_KEYS } from "../kinds.js";
import { LANGUAGES, languageName } from "../../publishing/words.js";
import { nodeSelect } from "./pickers.js";
import { spokenField } from "./texts.js";

const DOES = { repeat: "say it again", text_me: "send it as a text", call_back: "promise the call-back" };

/** The keys of a question, each with what a caller may say instead, and where it leads. */
export function options(at) {
  const list = Array.isArray(at.value) ? at.value : [];
  return [
    draw("h3", { class: "field-label", text: at.field.label }),
    draw("ol", { class: "rows" }, ...list.map((option, index) => draw("li", { key: String(index), class: "option-row" }, ...optionRow(at, option ?? {}, index, list.length)))),
    draw("button", { key: "add", type: "button", class: "small", id: "add-option", text: "Add a key", on: { click: at.acts.addOption } }),
  ];
}

function optionRow(at, option, index, many) {
  const { acts, page } = at;
  const path = [...at.path, index];
  const id = `f-${path.join("-")}`;
  const name = `key ${option.key || "?"}`;
  return [
    draw("div", { class: "option-top" },
      pick({ id: `${id}-key`, label: `Key ${index + 1}`, value: String(option.key ?? ""), offered: OPTION_KEYS.map((key) => [key, key]), chosen: (key) => acts.set([...path, "key"], key) }),
      ...leads(at, option, path, id, name),
      draw("span", { class: "option-acts" },
        sign("↑", `Move ${name} up`, () => acts.moveOption(at.path, index, -1), index === 0),
        sign("↓", `Move ${name} down`, () => acts.moveOption(at.path, index, 1), index === many - 1),
        sign("✕", `Remove ${name}`, () => acts.set(path, undefined)))),
    draw("div", { class: "twin" }, ...LANGUAGES.map((language) => draw("div", { key: language, class: "tongue" },
      draw("label", { for: `${id}-words-${language}`, class: "tongue-name" }, "Or says", draw("span", { class: "visually-hidden", text: `, ${languageName(language)}, ${name}` })),
      wordList(`${id}-words-${language}`, option.words?.[language], language, (words) => acts.set([...path, "words", language], words))))),
    at.field.intents && draw("label", { class: "option-intent" }, "Means", pick({ id: `${id}-intent`, value: option.intent ?? "", offered: page.catalogue.intents.map(({ slug, title }) => [slug, title]), empty: "nothing by itself", chosen: (intent) => acts.set([...path, "intent"], intent || undefined) })),
  ];
}

function leads(at, option, path, id, name) {
  const { acts, field } = at;
  const does = option.does ?? "";
  const change = (to) => acts.set(path, to ? { ...without(option, "next"), does: to } : { ...without(option, "does"), next: option.next ?? "" });
  return [
    field.does && pick({ id: `${id}-does`, label: `What ${name} does`, value: does, offered: [["", "leads on"], ...field.does.map((one) => [one, DOES[one]])], chosen: change }),
    !does && nodeSelect(at, `${id}-next`, option.next ?? "", (to) => acts.connect([...path, "next"], to), `Where ${name} leads`),
  ];
}

const without = (option, name) => Object.fromEntries(Object.entries(option).filter(([one]) => one !== name));

function wordList(id, words, language, change) {
  const shown = Array.isArray(words) ? words.join(", ") : "";
  return draw("input", { id, lang: language, autocomplete: "off", value: shown, on: { input: ({ target }) => change(target.value.split(",").map((word) => word.trim()).filter(Boolean)) } });
}

/** The cases of a branch: fixed ones, or names that the author writes or picks. */
export function cases(at) {
  const { node, acts, page } = at;
  const entries = Object.entries(at.value ?? {});
  const fixed = CASES[node.by] && node.by !== "line_length";
  return [
    draw("h3", { class: "field-label", text: at.field.label }),
    draw("ol", { class: "rows" }, ...entries.map(([name, target], index) => draw("li", { key: String(index), class: "case-row" },
      fixed ? draw("strong", { class: "case-name", text: name }) : caseName(name, index, node, acts, page, entries),
      nodeSelect(at, `f-cases-${index}`, target, (to) => acts.connect([...at.path, name], to), `Where ${name} leads`),
      sign("✕", `Remove case ${name}`, () => acts.set([...at.path, name], undefined))))),
    ...missing(node, entries).map((name) => draw("button", { key: `add-${name}`, type: "button", class: "small", text: name ? `Add case ${name}` : "Add a case", on: { click: () => acts.set([...at.path, name || freeCase(node, entries, page)], "") } })),
  ];
}

const missing = ({ by }, entries) => (CASES[by] ? [...CASES[by].filter((name) => !entries.some(([one]) => one === name)), ...(by === "line_length" ? [""] : [])] : [""]);

function known({ by }, { catalogue }) {
  if (by === "intent") return catalogue.intents.map(({ slug, title }) => [slug, title]);
  return by === "jurisdiction" ? catalogue.jurisdictions.map((one) => [one.key ?? one, one.name ?? one]) : [];
}

function freeCase(node, entries, page) {
  const used = entries.map(([name]) => name);
  return known(node, page).map(([name]) => name).find((name) => !used.includes(name)) ?? ["10+", "20+", "30+", "40+"].find((name) => !used.includes(name)) ?? `case ${used.length + 1}`;
}

function caseName(name, index, node, acts, page, entries) {
  const rename = (to) => to && !entries.some(([one]) => one === to) && acts.renameCase(name, to);
  const offered = known(node, page);
  if (!offered.length) return draw("input", { id: `f-case-name-${index}`, "aria-label": `Case ${index + 1}`, value: name, on: { change: ({ target }) => rename(target.value.trim()) } });
  const free = offered.filter(([one]) => one === name || !entries.some(([used]) => used === one));
  return pick({ id: `f-case-name-${index}`, label: `Case ${index + 1}`, value: name, offered: free, chosen: rename });
}

/** What is said before any language is chosen, in order. */
export function greeting(at) {
  const list = Array.isArray(at.value) ? at.value : [];
  return [draw("h3", { class: "field-label", text: at.field.label }), draw("div", { class: "twin" }, ...list.map((said, index) => draw("div", { key: String(index), class: "tongue" },
    ...spokenField({ ...at, path: [...at.path, index, "text"] }, said.language, said.text, at.field.label))))];
}

/** The languages that are offered, each in itself. */
export function offers(at) {
  const list = Array.isArray(at.value) ? at.value : [];
  return [draw("h3", { class: "field-label", text: at.field.label }), draw("div", { class: "twin" }, ...list.map((offer, index) => draw("div", { key: String(index), class: "tongue" }, ...offerFields(at, offer, index))))];
}

function offerFields(at, offer, index) {
  const path = [...at.path, index];
  const id = `f-${path.join("-")}`;
  const name = languageName(offer.language);
  return [
    ...spokenField({ ...at, path: [...path, "text"] }, offer.language, offer.text, "its offer"),
    draw("div", { class: "pair" },
      draw("label", {}, "Key", pick({ id: `${id}-key`, label: `Key for ${name}`, value: String(offer.key ?? ""), offered: OPTION_KEYS.map((key) => [key, key]), chosen: (key) => at.acts.set([...path, "key"], key) })),
      draw("label", {}, "Or says", wordList(`${id}-words`, offer.words, offer.language, (words) => at.acts.set([...path, "words"], words)))),
  ];
}
