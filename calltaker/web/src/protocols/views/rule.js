// A rule: a condition over all answers, and the determinant that it leads to. The order of rules means nothing.
import { draw } from "../../desk/in_place.js";
import { levelChip } from "../../views/words.js";
import { KEYS, idOf, itemsOf, wordsOf } from "../reading.js";
import { condition } from "./condition.js";
import { determinantPicker, idField } from "./fields.js";

export function rule({ index, item }, page, acts) {
  const path = ["rules", index];
  const met = itemsOf(page.document, "determinants").find((one) => idOf(one) === item.determinant);
  return [
    condition({ value: item.when, path: [...path, "when"], page, acts, order: KEYS.rules, readable: itemsOf(page.document, "questions"), label: "When" }),
    draw("div", { key: "then", class: "field" },
      draw("label", { for: "rule-determinant", class: "field-label", text: "Then" }),
      draw("div", { class: "leads" }, draw("span", { "aria-hidden": "true", class: "leads-arrow", text: "→" }), determinantPicker("rule-determinant", item.determinant, page, (to) => acts.set([...path, "determinant"], to, KEYS.rules)), met && levelChip(wordsOf(met.level)), met && draw("button", { type: "button", class: "text-button", "aria-label": `Show determinant ${idOf(met)}`, text: "Show", on: { click: () => acts.go(`determinants.${itemsOf(page.document, "determinants").indexOf(met)}`) } })),
      draw("p", { class: "hint", text: met?.level === "emergency" ? "An answer that is not known is enough for an emergency." : "Of all rules that hold the highest level counts." })),
    idField(page, acts, { list: "rules", index, id: idOf(item) }),
  ];
}
