// What belongs to the menu and to no node: where it starts, the sentences that every menu needs, who has read it.
import { draw } from "../../desk/in_place.js";
import { subMenuTrouble, usesOf } from "../edits.js";
import { menuOf, scopePath, startOf, valueAt } from "../reading.js";
import { LANGUAGES, languageName } from "../../publishing/words.js";
import { nodeSelect } from "./pickers.js";
import { texts } from "./texts.js";

const SENTENCES = [
  ["escalation_confirm", "Before 911, when emergency words were heard"],
  ["danger_question", "When the words may be an emergency"],
  ["connecting_911", "While 911 is dialled"],
  ["to_a_person", "On the way to a person"],
  ["text_sent", "After sending a text"],
  ["text_not_sent", "When a text cannot be sent"],
  ["two_wishes", "Between two wishes ({first}, {second})"],
  ["not_a_corner", "Two streets that do not cross ({one_street}, {other_street})"],
];

export function wholeMenu(page, acts) {
  const { scope, document } = page;
  const at = (path) => ({ page, path, whole: path, value: valueAt(document, path), acts: { ...acts, set: acts.setWhole } });
  const start = [...scopePath(scope), "start"];
  return [
    draw("div", { key: "head", class: "chosen-head" },
      draw("h2", { id: "chosen-title", tabindex: "-1" }, draw("span", { class: "label", text: scope ? "Sub-menu" : "Whole menu" }), draw("span", { text: scope || page.key })),
      draw("p", { class: "quiet", text: "Choose a node to change what callers hear there." })),
    draw("div", { key: "start", class: "field" }, draw("label", { for: "menu-start", class: "field-label", text: "A call begins at" }), nodeSelect({ page, acts }, "menu-start", startOf(document, scope), (to) => acts.setWhole(start, to))),
    ...(scope ? ofSub(page, acts) : ofMain(at, menuOf(document, ""), acts)),
  ];
}

/** What a sub-menu has beside its nodes: its name, who goes through it, and its end. */
function ofSub(page, acts) {
  const { scope, document } = page;
  const typed = page.renaming ?? scope;
  const trouble = typed === scope ? "" : subMenuTrouble(document, typed.trim());
  const uses = usesOf(document, scope);
  const show = ({ scope: menu, id }) => acts.find(menu ? `menu ${menu}, node ${id}` : id);
  return [
    draw("div", { key: "name", class: "field" },
      draw("label", { for: "sub-menu-name", class: "field-label", text: "Name" }),
      draw("input", { id: "sub-menu-name", value: typed, spellcheck: "false", autocomplete: "off", "aria-describedby": trouble ? "sub-menu-trouble" : null, "aria-invalid": trouble ? "true" : null, on: { input: ({ target }) => acts.typeName(target.value), change: acts.renameSubMenu, keydown: (event) => event.key === "Enter" && acts.renameSubMenu() } }),
      trouble && draw("p", { id: "sub-menu-trouble", class: "warn", role: "alert", text: trouble })),
    draw("div", { key: "uses", class: "field" }, draw("h3", { class: "field-label", text: "Nodes that go through it" }),
      uses.length ? draw("p", { class: "sub-menu-uses" }, ...uses.map((use) => draw("button", { key: `${use.scope}/${use.id}`, type: "button", class: "text-button", text: use.scope ? `${use.scope}/${use.id}` : use.id, on: { click: () => show(use) } }))) : draw("p", { class: "hint", text: "None yet." })),
    draw("div", { key: "end", class: "field" },
      draw("button", { id: "sub-menu-delete", type: "button", class: "danger", text: "Delete this sub-menu", on: { click: acts.removeSubMenu } }),
      uses.length > 0 && draw("p", { class: "hint", text: "The nodes above then go through none, and the check asks for one." })),
  ];
}

function ofMain(at, { changed_on: changedOn, reviewed }, acts) {
  return [
    draw("div", { key: "changed", class: "field" },
      draw("label", { for: "menu-changed", class: "field-label", text: "Changed on" }),
      draw("input", { id: "menu-changed", type: "date", value: changedOn ?? "", on: { input: ({ target }) => acts.setWhole(["changed_on"], target.value || null) } }),
      draw("p", { class: "hint", text: "Callers are not told of it. “Our menu has changed”, where you write it, is news for 30 days from then; later the check asks to take it out." })),
    draw("div", { key: "reviewed", class: "field" }, draw("h3", { class: "field-label", text: "Read and approved by a speaker" }),
      draw("div", { class: "twin" }, ...LANGUAGES.map((language) => draw("div", { key: language, class: "tongue" }, ...review(language, reviewed?.[language], acts))))),
    ...SENTENCES.map(([name, label]) => draw("div", { key: name, class: "field" }, ...texts({ ...at(["sentences", name]), field: { label } }))),
  ];
}

function review(language, stamp, acts) {
  const set = (part) => {
    const next = { by: stamp?.by ?? "", on: stamp?.on ?? "", ...part };
    acts.setWhole(["reviewed", language], next.by || next.on ? next : null);
  };
  return [
    draw("p", { class: "tongue-name", text: `${languageName(language)}${stamp ? "" : ", not yet"}` }),
    draw("input", { id: `reviewed-${language}-by`, "aria-label": `${languageName(language)}, read by`, placeholder: "Name", value: stamp?.by ?? "", on: { input: ({ target }) => set({ by: target.value }) } }),
    draw("input", { id: `reviewed-${language}-on`, type: "date", "aria-label": `${languageName(language)}, read on`, value: stamp?.on ?? "", on: { input: ({ target }) => set({ on: target.value }) } }),
  ];
}
