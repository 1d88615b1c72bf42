// The dialogs of a menu: those of every document in a menu's words, the trial number, and a new sub-menu.
import { draw } from "../../desk/in_place.js";
import { foot, sheet } from "../../publishing/views/sheets.js";
import { moment, telephone } from "../../publishing/words.js";
import { sideBySide } from "../plain_text.js";

const MENU = {
  sheets: {
    trial: (page, acts) => ["Call the draft", trial(page, acts)],
    "sub-menu": (page, acts) => ["New sub-menu", subMenu(page, acts)],
  },
  words: {
    waits: "A second person looks at it and approves it. Until then it cannot be edited, and callers hear what is live.",
    atOnce: "It goes live at once: the next call hears it, within 5 seconds.",
    rolledBack: "The next call hears it, within 5 seconds. Calls in progress end on the version that they began with.",
    password: "What callers hear is about to change.",
    nothing: "No difference that a caller could hear.",
  },
  compare: (page, theirs) => sideBySide(page.document, theirs.document),
};

export const menuSheet = (page, acts) => sheet(page, acts, MENU);

function trial({ trial: now }, acts) {
  if (!now) return draw("p", { class: "quiet", text: "Asking for the number …" });
  return [
    draw("p", { text: "Call this number, or use the resident's phone. It plays the draft as it is now; nobody else hears it." }),
    draw("p", { class: "trial-number figures", text: telephone(now.number) }),
    draw("p", { class: "quiet", text: `Until ${moment(now.until)}. Press again after a change.` }),
    foot(acts, draw("button", { type: "button", text: "Use the draft as it is now", on: { click: acts.callDraft } })),
  ];
}

function subMenu({ sheet: { problem } }, acts) {
  const submit = (event) => { event.preventDefault(); acts.addSubMenu(event.target.elements.name.value.trim()); };
  return draw("form", { key: "form", class: "sheet-form", on: { submit } },
    draw("label", { for: "sub-name", text: "Name" }), draw("input", { id: "sub-name", name: "name", required: true, autofocus: true, autocomplete: "off", "aria-describedby": "sub-hint", "aria-invalid": problem ? "true" : null }),
    problem && draw("p", { class: "warn", role: "alert", text: problem }), draw("p", { id: "sub-hint", class: "hint", text: "Letters, figures, - and _. Nodes of the kind Sub-menu go through it and come back." }),
    foot(acts, draw("button", { type: "submit", class: "primary", text: "Make it" })));
}
