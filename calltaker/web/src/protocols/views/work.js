// The middle of the page: one draft as a form, as text, or as the table that it makes; tools above, findings below.
import { draw, living } from "../../desk/in_place.js";
import { sheetAddress } from "../protocols_door.js";
import { findings } from "./findings.js";
import { item } from "./item.js";
import { outline } from "./outline.js";
import { contentApproval } from "./protocol_bar.js";
import { decisionTable } from "./table.js";

const TABS = [["form", "Form"], ["text", "Text"], ["table", "Decision table"]];

export function work(page, acts, pane) {
  return draw("section", { key: "work", class: "protocol-work", "aria-label": "Protocol" },
    tools(page, acts),
    page.tab === "form" && panel("form", outline(page, acts), item(page, acts)),
    page.tab === "text" && panel("text", draw("div", { key: "pane", class: "text-frame" }, living(pane.element)), lineState(page)),
    page.tab === "table" && panel("table", decisionTable(page, acts)),
    findings(page, acts));
}

const panel = (name, ...inside) => draw("div", { key: name, id: `panel-${name}`, class: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}` }, ...inside);

function tools(page, acts) {
  const version = page.live && page.draft.state === "none" ? "live" : "draft";
  const link = (what, words) => draw("a", { key: what, href: sheetAddress(page.key, what, version), text: words, target: what === "print" ? "_blank" : null });
  return draw("div", { key: "tools", class: "editor-tools" },
    draw("div", { class: "editor-tabs", role: "tablist", "aria-label": "How the protocol is shown", on: { keydown: (event) => turnTab(event, page, acts) } },
      ...TABS.map(([name, words]) => draw("button", { key: name, type: "button", id: `tab-${name}`, role: "tab", "aria-selected": String(page.tab === name), "aria-controls": page.tab === name ? `panel-${name}` : null, tabindex: page.tab === name ? "0" : "-1", text: words, on: { click: () => acts.tab(name) } }))),
    contentApproval(page),
    draw("div", { class: "tool-links" }, link("print", "Print sheet"), link("export", "Export"), draw("a", { key: "import", href: "/protocols/import", text: "Import" })));
}

/** Arrow keys go from tab to tab, as screen readers expect. */
function turnTab(event, page, acts) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const names = TABS.map(([name]) => name);
  const to = names[(names.indexOf(page.tab) + by + names.length) % names.length];
  acts.tab(to);
  requestAnimationFrame(() => document.getElementById(`tab-${to}`)?.focus());
}

/** Where the cursor stands, and what is wrong there. */
function lineState({ line, check, text }) {
  const here = check.list.filter((one) => one.line === line);
  const count = text.split("\n").length;
  return draw("p", { key: "line", id: "text-line", class: here.length ? "text-line text-line-found" : "text-line" },
    draw("span", { class: "figures quiet", text: `Line ${Math.min(line, count)} of ${count}` }), here.length ? draw("span", { text: here.map(({ code, message }) => `${code} ${message}`).join(" · ") }) : null);
}
