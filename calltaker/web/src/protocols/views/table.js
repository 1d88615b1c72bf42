// The decision table: every determinant, the most urgent first, with the conditions that meet it in words and the tests
// that cover them. The server writes it, so that it says what the engine does.
import { draw } from "../../desk/in_place.js";
import { capital, levelChip, plain, titleOf } from "../../views/words.js";
import { idOf, itemsOf } from "../reading.js";

const HEADS = ["Determinant", "Level", "Met when", "Tests", "Goes to", "Codes"];

export function decisionTable(page, acts) {
  const table = page.check.answer?.table;
  if (!page.check.isKnown) return draw("p", { key: "table", class: "empty", text: page.me.may.edit ? "Reading the protocol …" : "The table is on the printed sheet." });
  if (!table) return draw("p", { key: "table", class: "empty", text: "There is no table while the text cannot be read as a protocol. The findings below say what to mend." });
  return draw("div", { key: "table", class: "table-frame decision-frame", tabindex: "0", role: "region", "aria-label": "Decision table" }, draw("table", { class: "table decision" },
    draw("caption", { text: "The highest level that is met counts; within a level the priority. The order of rules means nothing." }),
    draw("thead", {}, draw("tr", {}, ...HEADS.map((words) => draw("th", { scope: "col", key: words, text: words })))),
    draw("tbody", {}, ...table.rows.map((row) => tableRow(row, page, acts)))));
}

function tableRow({ determinant, title, level, priority, destination, common_code: common, request_code: request, rules, otherwise, tests }, page, acts) {
  const index = itemsOf(page.document, "determinants").findIndex((one) => idOf(one) === determinant);
  return draw("tr", { key: determinant },
    draw("th", { scope: "row" }, draw("button", { type: "button", class: "text-button", text: titleOf(title), on: { click: () => acts.go(`determinants.${index}`) } }), draw("span", { class: "outline-id", lang: "es", text: title.es })),
    draw("td", {}, levelChip(level), draw("span", { class: "quiet figures priority", text: ` ${priority}` })),
    draw("td", {}, draw("ul", { class: "met-when" }, ...rules.map((rule) => draw("li", { key: rule.rule }, draw("button", { type: "button", class: "text-button mono", text: rule.rule, on: { click: () => acts.go(`rules.${itemsOf(page.document, "rules").findIndex((one) => idOf(one) === rule.rule)}`) } }), ` ${rule.words}`, rule.in_doubt && draw("span", { class: "quiet", text: ", or not known" }))), otherwise && draw("li", { key: "otherwise" }, draw("em", { text: "when no rule holds" })))),
    draw("td", { class: "figures" }, tests.length ? draw("span", { title: tests.join(", "), text: String(tests.length) }) : draw("span", { class: "warn", text: "none" })),
    draw("td", { text: destination.kind === "911" ? "911, by the caller's place" : capital(plain(destination.key)) }),
    draw("td", { class: "mono" }, common, request && request !== "none" ? draw("span", { class: "outline-id", text: request }) : null));
}
