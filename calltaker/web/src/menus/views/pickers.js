// Choosing where a way out of a node leads.
import { draw } from "../../desk/in_place.js";
import { pick } from "../../publishing/views/pickers.js";
import { exitsOf, nodesOf } from "../reading.js";

/** A select of the nodes that a way out can lead to, with a way to go there. */
export function nodeSelect({ page, acts, field }, id, target, chosen, label = null) {
  const names = Object.keys(nodesOf(page.document, page.scope));
  const isThere = names.includes(target);
  return draw("div", { class: "leads" },
    draw("span", { "aria-hidden": "true", class: "leads-arrow", text: "→" }),
    pick({ id, label, value: target ?? "", offered: names.map((name) => [name, name]), chosen, empty: field?.optional ? "ends here" : "nowhere" }),
    isThere && draw("button", { type: "button", class: "text-button", "aria-label": `Show ${target}`, text: "Show", on: { click: () => acts.find(target) } }));
}

/** Which nodes lead to this one. */
export function ledFrom(document, scope, id) {
  return Object.entries(nodesOf(document, scope)).filter(([, node]) => node && exitsOf(node).some(({ target }) => target === id)).map(([name]) => name);
}
