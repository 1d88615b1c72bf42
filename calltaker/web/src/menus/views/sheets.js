// What is decided in a dialog: the difference, proposing, approving, rolling back, the trial number, a conflict.
import { draw } from "../../desk/in_place.js";
import { sideBySide } from "../plain_text.js";
import { counted, moment, telephone, zone } from "../words.js";
import { whyNotEdit } from "../acts.js";
import { button } from "./version_bar.js";
import { history } from "./versions.js";

const SHEETS = {
  difference: (page) => ["Difference", [draw("p", { class: "quiet", text: `From ${named(page.sheet.from)} to ${named(page.sheet.to)}` }), difference(page.sheet.lines)]],
  history: (page, acts) => ["History", history(page, acts)],
  propose: (page, acts) => ["Propose this draft", propose(page, acts)],
  approve: (page, acts) => [`Approve what ${page.draft.proposed_by} proposed`, approve(page, acts)],
  decline: (page, acts) => ["Decline", reasonForm("Why not? The author reads it.", "Decline", (reason) => acts.decline(reason), acts)],
  "roll-back": (page, acts) => [`Roll back to v${page.sheet.version}`, [draw("p", { text: "The next call hears it, within 5 seconds. Calls in progress end on the version that they began with." }), difference(page.sheet.lines), reasonForm("Why?", "Roll back", (reason) => acts.rollBack(page.sheet.version, reason), acts, "danger")]],
  cancel: (page, acts) => [`Call off v${page.sheet.version}`, [draw("p", { text: "It will not go live. What is live stays." }), reasonForm("Why?", "Call it off", (reason) => acts.cancel(page.sheet.version, reason), acts, "danger")]],
  password: (page, acts) => ["Your password, once more", password(page, acts)],
  discard: (page, acts) => ["Discard the draft", [draw("p", { text: "Everything in the draft that is not live is thrown away." }), foot(acts, draw("button", { type: "button", class: "danger", text: "Discard it", on: { click: acts.discard } }))]],
  trial: (page, acts) => ["Call the draft", trial(page, acts)],
  "sub-menu": (page, acts) => ["New sub-menu", subMenu(page, acts)],
  conflict: (page, acts) => ["Two people have edited this draft", conflict(page, acts)],
};

/** The dialog that is open, or none. */
export function sheet(page, acts) {
  const shown = page.conflict ? { name: "conflict" } : page.sheet;
  if (!shown) return null;
  const [title, inside] = SHEETS[shown.name](page, acts);
  const mayClose = shown.name !== "conflict";
  return draw("dialog", { key: `sheet-${shown.name}`, id: "sheet", class: `menu-sheet sheet-${shown.name}`, "aria-labelledby": "sheet-title", on: { cancel: (event) => { event.preventDefault(); if (mayClose) acts.close(); } } },
    draw("div", { class: "sheet-head" }, draw("h2", { id: "sheet-title", tabindex: "-1", text: title }), mayClose && button("Close", acts.close, { key: "close" })),
    draw("div", { class: "sheet-body" }, ...[inside].flat()));
}

const named = (version) => (typeof version === "number" ? `v${version}` : version === "live" ? "what is live" : "the draft");

/** The difference in plain lines. */
function difference(lines) {
  if (!lines) return draw("p", { class: "quiet", text: "Comparing …" });
  if (!lines.length) return draw("p", { class: "empty", text: "No difference that a caller could hear." });
  return draw("div", { key: "difference", class: "table-frame", tabindex: "0", role: "region", "aria-label": "Difference" }, draw("table", { class: "table difference" },
    draw("thead", {}, draw("tr", {}, ...["Where", "What", "Before", "After"].map((words) => draw("th", { scope: "col", key: words, text: words })))),
    draw("tbody", {}, ...lines.map(({ where, what, before, after }, index) => draw("tr", { key: String(index) }, draw("th", { scope: "row", text: where }), draw("td", { text: what }), draw("td", {}, before ? draw("del", { text: before }) : "–"), draw("td", {}, after ? draw("ins", { text: after }) : "–"))))));
}

function propose(page, acts) {
  const { warnings } = page.check;
  const submit = (event) => {
    event.preventDefault();
    const { reason, at } = event.target.elements;
    acts.propose(reason.value.trim(), page.sheet.later && at.value ? new Date(at.value).toISOString() : null);
  };
  return [
    draw("p", { text: "A second person looks at it and approves it. Until then it cannot be edited, and callers hear what is live." }),
    warnings ? draw("p", { class: "quiet", text: `${counted(warnings, "warning stays", "warnings stay")}; the second person is told too.` }) : null,
    difference(page.sheet.lines),
    draw("form", { key: "form", class: "sheet-form", on: { submit } },
      draw("label", { for: "reason", text: "What does it change, and why?" }), draw("textarea", { id: "reason", name: "reason", rows: 2, required: true, maxlength: 500 }),
      draw("fieldset", { class: "when" }, draw("legend", { text: "When it goes live" }), when("now", "As soon as it is approved", !page.sheet.later, () => acts.later(false)), when("later", "At a set time, once approved", page.sheet.later, () => acts.later(true)),
        page.sheet.later && draw("label", { class: "when-at" }, `Date and time (${zone()})`, draw("input", { type: "datetime-local", name: "at", required: true }))),
      foot(acts, draw("button", { type: "submit", class: "primary", text: "Propose" }))),
  ];
}

const when = (value, words, isChosen, chosen) => draw("label", { key: value, class: "tick" }, draw("input", { type: "radio", name: "when", value, ticked: isChosen, on: { change: chosen } }), words);

function approve(page, acts) {
  return [
    draw("p", {}, draw("q", { text: page.draft.reason ?? "" }), page.draft.publish_at ? ` To go live ${moment(page.draft.publish_at)}.` : " It goes live at once: the next call hears it, within 5 seconds."),
    difference(page.sheet.lines),
    foot(acts, draw("button", { type: "button", class: "primary", text: page.draft.publish_at ? "Approve" : "Approve and publish", on: { click: acts.approve } })),
  ];
}

function reasonForm(question, verb, done, acts, tone = "primary") {
  const submit = (event) => { event.preventDefault(); done(event.target.elements.reason.value.trim()); };
  return draw("form", { key: "form", class: "sheet-form", on: { submit } },
    draw("label", { for: "reason", text: question }), draw("textarea", { id: "reason", name: "reason", rows: 2, required: true, maxlength: 500 }),
    foot(acts, draw("button", { type: "submit", class: tone, text: verb })));
}

/** What cannot be taken lightly asks for the password again; it counts for a quarter of an hour. */
function password({ sheet: { problem } }, acts) {
  const submit = (event) => { event.preventDefault(); acts.confirm(event.target.elements.password.value); };
  return draw("form", { key: "form", class: "sheet-form", on: { submit } },
    draw("p", { text: "What callers hear is about to change. The password counts for 15 minutes." }),
    problem && draw("p", { class: "fault", role: "alert", text: problem }),
    draw("label", { for: "password", text: "Password" }), draw("input", { id: "password", name: "password", type: "password", required: true, autofocus: true, autocomplete: "current-password" }),
    foot(acts, draw("button", { type: "submit", class: "primary", text: "Go on" })));
}

const foot = (acts, act) => draw("div", { key: "foot", class: "sheet-foot" }, button("Cancel", acts.close, { key: "cancel" }), act);

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

/** Both texts side by side; nothing is lost before somebody has chosen, and the other one stays one step of undo away. */
function conflict(page, acts) {
  const { theirs } = page.conflict;
  const parts = sideBySide(page.document, theirs.document);
  return [
    draw("p", {}, draw("strong", { text: `${theirs.saved_by ?? "Somebody"} saved this draft ${moment(theirs.saved_at)}` }), ", after you had opened it. Nothing of yours is lost: choose one. The other stays one Undo away."),
    parts.length ? draw("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Both texts" }, draw("table", { class: "table both" },
      draw("thead", {}, draw("tr", {}, draw("th", { scope: "col", text: "Yours" }), draw("th", { scope: "col", text: `${theirs.saved_by ?? "Theirs"}` }))),
      ...parts.map(({ where, rows }) => draw("tbody", { key: where }, draw("tr", {}, draw("th", { scope: "colgroup", colspan: 2, text: where })), ...rows.map(bothLines))))) : draw("p", { class: "empty", text: "Both texts say the same." }),
    draw("div", { key: "foot", class: "sheet-foot" },
      draw("button", { type: "button", text: "Take theirs", on: { click: acts.takeTheirs } }),
      draw("button", { type: "button", class: "primary", "aria-disabled": whyNotEdit(page) ? "true" : null, text: "Keep mine", on: { click: acts.keepMine } })),
  ];
}

function bothLines({ mine, theirs, same, skipped }, index) {
  if (skipped) return draw("tr", { key: String(index), class: "skipped" }, draw("td", { colspan: 2, text: `${counted(skipped, "line")} the same` }));
  return draw("tr", { key: String(index), class: same ? "same" : "differs" }, draw("td", {}, draw("code", { text: mine ?? " " })), draw("td", {}, draw("code", { text: theirs ?? " " })));
}

/** Open what is drawn and not open yet; called after every drawing. */
export function openSheet() {
  const dialog = document.getElementById("sheet");
  if (dialog && !dialog.open) dialog.showModal();
}
