// The menu as a list: every node in one order, its ways out as links to where they lead. With the node's fields beside it
// this does by keyboard and screen reader whatever the picture does by mouse.
import { draw } from "../../desk/in_place.js";
import { KINDS } from "../kinds.js";
import { asReached, exitsOf, firstWords, gist, nodeOf, nodesOf, startOf } from "../reading.js";
import { counted } from "../../publishing/words.js";
import { whyNotEdit } from "../acts.js";
import { button } from "../../publishing/views/buttons.js";

const ORDERS = [["reached", "as a caller reaches them"], ["written", "as they are written"]];
const DEEPEST = 8;

export function outline(page, acts) {
  const rows = page.order === "reached" ? asReached(page.document, page.scope) : Object.keys(nodesOf(page.document, page.scope)).map((id) => ({ id, depth: 0, reached: true }));
  return [
    draw("div", { key: "order", class: "outline-order" },
      draw("label", { for: "outline-order", text: `${counted(rows.length, "node")},` }),
      draw("select", { id: "outline-order", value: page.order, on: { change: ({ target }) => acts.order(target.value) } }, ...ORDERS.map(([name, words]) => draw("option", { key: name, value: name, text: words })))),
    rows.length ? draw("ol", { key: "rows", class: "outline", on: { keydown: (event) => walk(event, page, acts) } }, ...rows.map((row) => line(row, page, acts))) : draw("p", { key: "none", class: "empty", text: "No node yet. Choose a kind above and press Add node: the first one is where a call begins." }),
  ];
}

function line({ id, depth, reached }, page, acts) {
  const node = nodeOf(page.document, page.scope, id);
  if (!node) return null;
  const isChosen = page.selected === id;
  const tone = [isChosen && "row-chosen", page.call.is_open && page.lit.has(id) && "row-lit", page.call.is_open && page.here === id && "row-here"].filter(Boolean).join(" ");
  return draw("li", { key: id, class: `row ${tone}`, "data-depth": String(Math.min(depth, DEEPEST)) },
    draw("button", { type: "button", class: "row-node", "aria-current": isChosen ? "true" : null, "data-node": id, on: { click: () => acts.select(id) } },
      draw("span", { class: "row-id", text: id }), draw("span", { class: "label", text: KINDS[node.kind]?.title ?? String(node.kind) }),
      startOf(page.document, page.scope) === id && draw("span", { class: "tag", text: "start" }),
      !reached && draw("span", { class: "tag", text: "nobody gets here" }),
      page.here === id && page.call.is_open && draw("span", { class: "chip tone-connected", text: "the caller is here" }),
      badge(page.byNode.get(id)), usage(page, id),
      draw("span", { class: "row-words", lang: firstWords(node) ? "en" : null, text: firstWords(node) || gist(node) })),
    exits(node, page, acts),
    isChosen && !whyNotEdit(page) && rowActs(page, acts));
}

function badge(found = []) {
  const errors = found.filter(({ severity }) => severity === "error").length;
  if (errors) return draw("span", { class: "badge badge-error" }, draw("span", { "aria-hidden": "true", text: "▲" }), counted(errors, "error"));
  return found.length ? draw("span", { class: "badge badge-warning" }, draw("span", { "aria-hidden": "true", text: "◆" }), counted(found.length, "warning")) : null;
}

function usage({ usage: counts }, id) {
  if (!counts) return null;
  const { callers = 0, to_person: toPerson = 0, hung_up: hungUp = 0 } = counts.nodes[id] ?? {};
  return draw("span", { class: "quiet figures", text: `${counted(callers, "caller")}${toPerson ? `, ${toPerson} pressed 0` : ""}${hungUp ? `, ${hungUp} hung up` : ""}` });
}

function exits(node, page, acts) {
  const found = exitsOf(node);
  if (!found.length) return null;
  return draw("ul", { class: "row-exits" }, ...found.map(({ key, label, target, path }) => draw("li", { key: path.join("."), class: target ? null : "nowhere" },
    key && draw("kbd", { text: key }), label && draw("span", { text: label }), draw("span", { "aria-hidden": "true", text: "→" }), draw("span", { class: "visually-hidden", text: "leads to" }),
    target ? draw("button", { type: "button", class: "text-button", text: target, on: { click: () => go(target, acts) } }) : draw("strong", { text: "nowhere" }))));
}

function rowActs(page, acts) {
  return draw("div", { class: "row-acts" },
    button("Edit", () => document.getElementById("chosen-title")?.focus(), { tone: "small" }),
    page.order === "written" && button("Move up", () => moveAndStay(page, acts, -1), { tone: "small" }),
    page.order === "written" && button("Move down", () => moveAndStay(page, acts, 1), { tone: "small" }),
    button("Delete", () => removeAndStay(page, acts), { tone: "small danger" }));
}

function go(id, acts) {
  acts.select(id);
  requestAnimationFrame(() => rowOf(id)?.focus());
}

const rowOf = (id) => document.querySelector(`.row-node[data-node="${CSS.escape(id)}"]`);

function moveAndStay(page, acts, by) {
  const { activeElement } = document;
  acts.move(by);
  requestAnimationFrame(() => activeElement?.isConnected && activeElement.focus());
}

function removeAndStay(page, acts) {
  const rows = [...document.querySelectorAll(".row-node")];
  const index = rows.findIndex(({ dataset }) => dataset.node === page.selected);
  const next = (rows[index + 1] ?? rows[index - 1])?.dataset.node;
  acts.remove();
  requestAnimationFrame(() => (next ? rowOf(next) : document.getElementById("add-kind"))?.focus());
}

/** Up and down go from node to node, Delete takes the chosen one away. */
function walk(event, page, acts) {
  if (!event.target.matches?.(".row-node")) return;
  const rows = [...event.currentTarget.querySelectorAll(".row-node")];
  const index = rows.indexOf(event.target);
  const next = { ArrowDown: rows[index + 1], ArrowUp: rows[index - 1], Home: rows[0], End: rows.at(-1) }[event.key];
  if (next) { event.preventDefault(); next.focus(); }
  if (event.key === "Delete" && !whyNotEdit(page)) { acts.select(event.target.dataset.node); removeAndStay(page, acts); }
}
