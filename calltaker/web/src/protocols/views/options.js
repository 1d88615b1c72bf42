// The options of a question in the order of their digits: words in both languages, and on a safety question whether each
// means danger.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { LANGUAGES, languageName } from "../../publishing/words.js";
import { idOf, listOf, mapOf, readersOf, testsAnswering, wordsOf } from "../reading.js";
import { fieldId, tick } from "./fields.js";

export function options({ item, index, isSafety, page, acts }) {
  const list = listOf(item.options).map(mapOf);
  return draw("div", { key: "options", class: "field" },
    draw("h3", { class: "field-label", text: item.kind === "many" ? "Options, any number of them" : "Options" }),
    draw("ol", { class: "rows" }, ...list.map((option, place) => draw("li", { key: String(place), class: "option-row" }, ...row({ option, place, many: list.length, item, index, isSafety, page, acts })))),
    draw("p", { class: "hint", text: "“Does not know” and “will not say” are always there." }),
    draw("button", { key: "add", type: "button", class: "small", id: "add-option", text: "Add an option", on: { click: () => acts.addOption(index) } }));
}

function row({ option, place, many, item, index, isSafety, page, acts }) {
  const path = ["questions", index, "options", place];
  const name = `option ${place + 1}`;
  const why = whyNotRemove(page.document, idOf(item), idOf(option));
  return [
    draw("div", { class: "option-top" },
      draw("kbd", { text: String(place + 1) }),
      draw("label", { class: "visually-hidden", for: fieldId([...path, "id"]), text: `Id of ${name}` }),
      // The id is read elsewhere: it is written once the field is left, everywhere at once.
      draw("input", { id: fieldId([...path, "id"]), class: "mono option-id", value: idOf(option), spellcheck: "false", autocomplete: "off", on: { change: ({ target }) => target.value.trim() && acts.renameOption(index, place, target.value.trim()) } }),
      isSafety && tick(fieldId([...path, "danger"]), "Danger", option.danger === "true", (to) => acts.set([...path, "danger"], String(to))),
      draw("span", { class: "option-acts" },
        sign("↑", `Move ${name} up`, () => acts.shift(["questions", index, "options"], place, -1), place === 0),
        sign("↓", `Move ${name} down`, () => acts.shift(["questions", index, "options"], place, 1), place === many - 1),
        sign("✕", why ? `${name} stays: ${why}` : `Remove ${name}`, () => acts.take(["questions", index, "options"], place), Boolean(why)))),
    draw("div", { class: "twin" }, ...LANGUAGES.map((language) => draw("div", { key: language, class: "tongue" },
      draw("label", { for: fieldId([...path, "text", language]), class: "tongue-name" }, languageName(language), draw("span", { class: "visually-hidden", text: `, ${name}` })),
      draw("input", { id: fieldId([...path, "text", language]), lang: language, autocomplete: "off", value: wordsOf(mapOf(option.text)[language]), on: { input: ({ target }) => acts.setWords([...path, "text"], language, target.value) } })))),
  ];
}

/** Why an option stays: what names it would name nothing. */
function whyNotRemove(document, question, option) {
  const uses = option ? [...readersOf(document, question, option), ...testsAnswering(document, question, option)] : [];
  if (!uses.length) return "";
  return `${uses[0].words}${uses.length > 1 ? ` and ${uses.length - 1} more` : ""} ${uses.length > 1 ? "name" : "names"} it`;
}
