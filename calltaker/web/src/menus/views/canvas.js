// The left side: the menu as a picture or as a list, the tools above it and the findings below.
import { draw, living } from "../../desk/in_place.js";
import { KINDS } from "../kinds.js";
import { subMenus } from "../reading.js";
import { whyNotEdit } from "../acts.js";
import { moment } from "../../publishing/words.js";
import { findings } from "./findings.js";
import { outline } from "./outline.js";
import { button } from "../../publishing/views/buttons.js";

const TABS = [["picture", "Picture"], ["list", "List"]];
const USAGE = [[0, "Callers: off"], [7, "Callers, 7 days"], [30, "Callers, 30 days"]];

export function canvas(page, acts, frame) {
  return draw("section", { key: "canvas", class: "menu-canvas", "aria-label": "Menu" },
    tools(page, acts),
    draw("div", { key: "picture", id: "panel-picture", class: "panel-picture", role: "tabpanel", "aria-labelledby": "tab-picture", hidden: page.tab !== "picture" }, living(frame), asOf(page)),
    page.tab === "list" && draw("div", { key: "list", id: "panel-list", class: "panel-list", role: "tabpanel", "aria-labelledby": "tab-list" }, outline(page, acts)),
    findings(page, acts));
}

function tools(page, acts) {
  const readOnly = Boolean(whyNotEdit(page));
  return draw("div", { key: "tools", class: "editor-tools" },
    draw("div", { class: "editor-tabs", role: "tablist", "aria-label": "How the menu is shown", on: { keydown: (event) => turnTab(event, page, acts) } },
      ...TABS.map(([name, words]) => draw("button", { key: name, type: "button", id: `tab-${name}`, role: "tab", "aria-selected": String(page.tab === name), "aria-controls": page.tab === name ? `panel-${name}` : null, tabindex: page.tab === name ? "0" : "-1", text: words, on: { click: () => acts.tab(name) } }))),
    draw("form", { class: "menu-adding", on: { submit: (event) => { event.preventDefault(); acts.addNode(); } } },
      draw("label", { class: "visually-hidden", for: "add-kind", text: "Kind of the new node" }),
      draw("select", { id: "add-kind", value: page.adding, disabled: readOnly, on: { change: ({ target }) => acts.addKind(target.value) } }, ...Object.entries(KINDS).filter(([kind]) => kind !== "return" || page.scope).map(([kind, { title }]) => draw("option", { key: kind, value: kind, text: title }))),
      draw("button", { type: "submit", disabled: readOnly, text: "Add node" })),
    page.tab === "picture" && button("Arrange", acts.arrange, { disabled: readOnly, title: "Lay everything out anew" }),
    button("Whole menu", () => acts.select(""), { key: "whole", pressed: page.selected === "" }),
    scopes(page, acts),
    choice("usage", "Callers that took each way", page.usageDays, USAGE, (value) => acts.usage(Number(value))));
}

function scopes(page, acts) {
  const subs = subMenus(page.document);
  if (!subs.length && !page.catalogue) return null;
  const offered = [["", "Main menu"], ...subs.map((name) => [name, `Sub-menu ${name}`]), ...(whyNotEdit(page) ? [] : [["+", "New sub-menu …"]])];
  return choice("scope", "Which menu", page.scope, offered, (value) => (value === "+" ? acts.openSubMenu() : acts.scope(value)));
}

function choice(id, label, value, offered, chosen) {
  return [
    draw("label", { key: `${id}-label`, class: "visually-hidden", for: `tool-${id}`, text: label }),
    draw("select", { key: id, id: `tool-${id}`, value: String(value), on: { change: ({ target }) => chosen(target.value) } }, ...offered.map(([name, words]) => draw("option", { key: `${name}`, value: String(name), text: words }))),
  ];
}

/** Arrow keys go from tab to tab, as screen readers expect. */
function turnTab(event, page, acts) {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const other = page.tab === "picture" ? "list" : "picture";
  acts.tab(other);
  requestAnimationFrame(() => document.getElementById(`tab-${other}`)?.focus());
}

function asOf({ usage, usageDays }) {
  if (!usageDays) return null;
  if (!usage) return draw("p", { class: "usage-note", text: "Counting callers …" });
  return draw("p", { class: "usage-note figures", text: `${usage.callers.toLocaleString("en-US")} callers of the live menu in ${usageDays} days, as of ${moment(usage.as_of)}` });
}
