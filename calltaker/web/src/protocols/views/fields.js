// The fields of the form: a text in both languages side by side, a line, a number, a choice, an id. Every field is found by
// the path of what it writes.
import { draw } from "../../desk/in_place.js";
import { pick } from "../../publishing/views/pickers.js";
import { LANGUAGES, languageName } from "../../publishing/words.js";
import { idOf, idTrouble, itemsOf, mapOf, wordsOf } from "../reading.js";

export const fieldId = (path) => `f-${path.join("-")}`;

/** A text in both languages. @param {{label: string, value: any, path: (string|number)[], acts: object, hint?: string, order?: string[], optional?: boolean, rows?: number}} about */
export function bothTexts({ label, value, path, acts, hint, order, optional = false, rows = 2 }) {
  return draw("div", { key: path.join("."), class: "field" },
    draw("h3", { class: "field-label", text: label }),
    draw("div", { class: "twin" }, ...LANGUAGES.map((language) => tongue({ label, value, path, acts, order, optional, rows }, language))),
    hint && draw("p", { class: "hint", text: hint }));
}

function tongue({ label, value, path, acts, order, optional, rows }, language) {
  const id = fieldId([...path, language]);
  const write = ({ target }) => acts.setWords(path, language, target.value, { order, optional });
  return draw("div", { key: language, class: "tongue" },
    draw("label", { for: id, class: "tongue-name" }, languageName(language), draw("span", { class: "visually-hidden", text: `: ${label}` })),
    draw(rows > 1 ? "textarea" : "input", { id, lang: language, rows: rows > 1 ? rows : null, spellcheck: "true", autocomplete: "off", value: wordsOf(mapOf(value)[language]), on: { input: write } }));
}

/** One line of text. */
export function line({ label, value, path, acts, hint, order, type = "text", optional = true, about = {} }) {
  const id = fieldId(path);
  const write = ({ target }) => acts.set(path, target.value || !optional ? target.value : undefined, order);
  return draw("div", { key: path.join("."), class: "field field-words" },
    draw("label", { for: id, class: "field-label", text: label }),
    draw("input", { id, type, autocomplete: "off", value: wordsOf(value), on: { input: write }, ...about }),
    hint && draw("p", { class: "hint", text: hint }));
}

/** A label and what it labels. */
export const labelled = (label, id, inside, hint = "") => draw("div", { key: id, class: "field field-choice" }, draw("label", { for: id, class: "field-label", text: label }), inside, hint && draw("p", { class: "hint", text: hint }));

export const tick = (id, label, isTicked, change) => draw("label", { key: id, class: "tick", for: id }, draw("input", { id, type: "checkbox", ticked: isTicked, on: { change: ({ target }) => change(target.checked) } }), label);

/** The id of the chosen item: written everywhere once it is left, and never to one that another has. */
export function idField(page, acts, { list, index, id }) {
  const typed = page.renaming ?? id;
  const trouble = typed === id ? "" : idTrouble(page.document, list, index, typed.trim());
  const on = { input: ({ target }) => acts.typeId(target.value), change: acts.rename, keydown: (event) => event.key === "Enter" && acts.rename() };
  return draw("div", { key: "id", class: "field field-words" },
    draw("label", { for: "item-id", class: "field-label", text: "Id" }),
    draw("input", { id: "item-id", class: "mono", value: typed, spellcheck: "false", autocomplete: "off", "aria-describedby": trouble ? "id-trouble" : "id-hint", "aria-invalid": trouble ? "true" : null, on }),
    trouble ? draw("p", { id: "id-trouble", class: "warn hint", role: "alert", text: trouble }) : draw("p", { id: "id-hint", class: "hint", text: "Another id is written everywhere that this one is read." }));
}

/** Items that need this one, each leading there. */
export function usedBy(label, uses, acts, none) {
  return draw("div", { key: label, class: "field" },
    draw("h3", { class: "field-label", text: label }),
    uses.length ? draw("p", { class: "uses" }, ...uses.map(({ place, words }) => draw("button", { key: place || words, type: "button", class: "text-button", text: words, on: { click: () => acts.go(place) } }))) : draw("p", { class: "hint", text: none }));
}


/** A select of the protocol's determinants. */
export function determinantPicker(id, value, page, chosen) {
  const offered = itemsOf(page.document, "determinants").map((one) => [idOf(one), `${idOf(one)}: ${wordsOf(mapOf(one.title).en)}`]);
  return pick({ id, value: wordsOf(value), offered, chosen });
}
