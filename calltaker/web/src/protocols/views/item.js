// The chosen part of the protocol with all its fields: a question, a rule, a determinant, a test, or the protocol itself.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { whyNotEdit } from "../page.js";
import { LISTS, chosenOf, idOf, itemsOf } from "../reading.js";
import { about } from "./about.js";
import { determinant } from "./determinant.js";
import { authorTest } from "./author_test.js";
import { finding } from "./findings.js";
import { question, whyNotRemove } from "./question.js";
import { rule } from "./rule.js";

const FORMS = { questions: question, rules: rule, determinants: determinant, tests: authorTest };

export function item(page, acts) {
  const chosen = chosenOf(page.document, page.selected);
  const why = whyNotEdit(page);
  return draw("section", { key: "item", class: "item", "aria-labelledby": "item-title", tabindex: why ? "0" : null },
    draw("div", { key: `${chosen.list}.${page.visit}`, class: "chosen" },
      why && draw("p", { class: "read-only", text: why }),
      page.fault && unreadable(page, acts),
      draw("fieldset", { class: "bare", disabled: Boolean(why || page.fault) },
        head(chosen, page, acts),
        !page.fault && found(page, acts),
        ...(isEmpty(page.document) ? [] : chosen.item ? FORMS[chosen.list](chosen, page, acts) : about(page, acts)))));
}

const isEmpty = (document) => Object.keys(document).length === 0;

/** The text has a fault of writing: the form shows what it last could, and leads to the line. */
function unreadable({ fault, document }, acts) {
  return draw("div", { key: "fault", class: "fault", role: "alert" },
    draw("p", { text: `The text cannot be read${fault.line ? ` in line ${fault.line}` : ""}: ${fault.message}` }),
    draw("p", { class: "sheet-to-do", text: isEmpty(document) ? "Mend the text, then go on here." : "The form shows it as it last could be read. Mend the text, then go on here." }),
    draw("button", { type: "button", text: fault.line ? `Show line ${fault.line}` : "Show the text", on: { click: () => acts.goToLine(fault.line ?? 1) } }));
}

function head({ list, index, item: chosen }, page, acts) {
  if (!chosen) return draw("div", { key: "head", class: "chosen-head" }, draw("h2", { id: "item-title", tabindex: "-1" }, draw("span", { class: "label", text: "The protocol itself" }), draw("span", { text: page.key })));
  const { one } = LISTS[list];
  const many = itemsOf(page.document, list).length;
  const why = whyNotRemove(page.document, list, chosen);
  return draw("div", { key: "head", class: "chosen-head" },
    draw("h2", { id: "item-title", tabindex: "-1" }, draw("span", { class: "label", text: one }), draw("span", { class: "mono", text: idOf(chosen) || "no id" })),
    draw("div", { class: "item-acts" },
      sign("↑", `Move this ${one} up`, () => acts.move(-1), index === 0),
      sign("↓", `Move this ${one} down`, () => acts.move(1), index === many - 1),
      draw("button", { key: "delete", type: "button", class: "small danger", id: "item-delete", "aria-disabled": why ? "true" : null, "aria-describedby": why ? "why-not-remove" : null, text: "Delete", on: { click: () => !why && acts.remove() } }),
      why && draw("span", { id: "why-not-remove", class: "why", text: why })));
}

function found(page, acts) {
  const list = page.byPlace.get(page.selected) ?? [];
  if (!list.length) return null;
  return draw("ul", { key: "found", class: "findings-list chosen-findings", "aria-label": "Findings here" }, ...list.map((one, index) => finding(one, index, acts, true)));
}
