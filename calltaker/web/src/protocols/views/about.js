// What belongs to the protocol and to none of its parts: its title, the agency's approval, sources, likely jumps, and the
// determinant when no rule holds.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { pick } from "../../publishing/views/pickers.js";
import { KEYS, listOf, mapOf, wordsOf } from "../reading.js";
import { bothTexts, determinantPicker, fieldId, line } from "./fields.js";

const EXEMPTIBLE = [["E18", "E18: emergency decided later than the third question"], ["W02", "W02: danger is not asked first"]];

export function about(page, acts) {
  const { document } = page;
  const order = KEYS.protocol;
  return [
    bothTexts({ label: "Title", value: document.title, path: ["title"], acts, order, rows: 1 }),
    line({ label: "What this version changes", value: document.version_note, path: ["version_note"], acts, order, optional: false }),
    draw("div", { key: "otherwise", class: "field field-choice" }, draw("label", { for: "protocol-otherwise", class: "field-label", text: "When no rule holds" }), determinantPicker("protocol-otherwise", document.otherwise, page, (to) => acts.set(["otherwise"], to, order))),
    approval(document.approval, acts),
    sources(listOf(document.sources), acts),
    jumps(listOf(document.jumps).map(mapOf), page, acts),
    exceptions(listOf(document.exceptions).map(mapOf), acts),
  ];
}

function approval(value, acts) {
  const { by, on } = mapOf(value);
  return draw("div", { key: "approval", class: "field" },
    draw("h3", { class: "field-label" }, "Approved by the public-safety agency", !by && draw("span", { class: "tag", text: "pending" })),
    draw("div", { class: "pair" },
      draw("label", {}, "By", draw("input", { id: "approval-by", value: wordsOf(by), autocomplete: "off", on: { input: ({ target }) => acts.setApproval({ by: target.value }) } })),
      draw("label", {}, "On", draw("input", { id: "approval-on", type: "date", value: wordsOf(on), on: { input: ({ target }) => acts.setApproval({ on: target.value }) } }))));
}

function sources(list, acts) {
  return draw("div", { key: "sources", class: "field" },
    draw("h3", { class: "field-label", text: "Sources" }),
    draw("ol", { class: "rows" }, ...list.map((source, index) => draw("li", { key: String(index), class: "line-row" },
      draw("textarea", { id: fieldId(["sources", index]), "aria-label": `Source ${index + 1}`, rows: 2, value: wordsOf(source), on: { input: ({ target }) => acts.set(["sources", index], target.value) } }),
      sign("✕", `Remove source ${index + 1}`, () => acts.take(["sources"], index), list.length === 1)))),
    draw("button", { type: "button", class: "small", id: "add-source", text: "Add a source", on: { click: () => acts.insert(["sources"], list.length, "") } }));
}

function jumps(list, page, acts) {
  const others = listOf(page.catalogue.protocols).filter(({ id }) => id !== page.key && !list.some(({ to }) => to === id)).map(({ id, title }) => [id, title?.en ?? id]);
  return draw("div", { key: "jumps", class: "field" },
    draw("h3", { class: "field-label", text: "Protocols that a call often turns into" }),
    draw("ol", { class: "rows" }, ...list.map((jump, index) => draw("li", { key: wordsOf(jump.to) || String(index), class: "option-row" },
      draw("div", { class: "option-top" }, draw("span", { class: "mono", text: wordsOf(jump.to) }), draw("span", { class: "option-acts" }, sign("✕", `Remove the jump to ${jump.to}`, () => (list.length === 1 ? acts.set(["jumps"], undefined) : acts.take(["jumps"], index))))),
      bothTexts({ label: "Offered as", value: jump.title, path: ["jumps", index, "title"], acts, rows: 1 })))),
    pick({ id: "add-jump", label: "Add a jump to", value: "", offered: others, empty: "add a protocol …", chosen: (to) => to && acts.addJump(to) }));
}

/** The author's word that a rule about the order of questions does not fit here; it becomes a warning with this reason. */
function exceptions(list, acts) {
  const free = EXEMPTIBLE.filter(([code]) => !list.some(({ rule }) => rule === code));
  return draw("div", { key: "exceptions", class: "field" },
    draw("h3", { class: "field-label", text: "Exceptions from the order of questions" }),
    draw("ol", { class: "rows" }, ...list.map((one, index) => draw("li", { key: wordsOf(one.rule), class: "line-row" },
      draw("label", { for: fieldId(["exceptions", index]), class: "mono", text: wordsOf(one.rule) }),
      draw("textarea", { id: fieldId(["exceptions", index]), rows: 2, placeholder: "Why it does not fit here", value: wordsOf(one.reason), on: { input: ({ target }) => acts.set(["exceptions", index, "reason"], target.value) } }),
      sign("✕", `Remove the exception ${one.rule}`, () => (list.length === 1 ? acts.set(["exceptions"], undefined) : acts.take(["exceptions"], index)))))),
    free.length > 0 && pick({ id: "add-exception", label: "Add an exception", value: "", offered: free, empty: "add an exception …", chosen: (rule) => rule && acts.insert(["exceptions"], list.length, { rule, reason: "" }) }));
}
