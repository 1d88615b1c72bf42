// What is decided in a dialog about any document: the difference, proposing, approving, rolling back, a conflict. What
// one kind of document needs beside that, it brings along.
import { draw } from "../../desk/in_place.js";
import { counted, moment, zone } from "../words.js";
import { button } from "./buttons.js";
import { history } from "./versions.js";

/**
 * What one kind of document brings: dialogs of its own, its words, how two of its texts stand side by side, what is
 * asked beside a reason before it is proposed or approved, and that form's answer as a part of the order.
 * @typedef {{
 *   sheets: Record<string, (page: object, acts: object) => [string, any]>,
 *   words: {waits: string, atOnce: string, rolledBack: string, password: string, nothing: string},
 *   compare: (page: object, theirs: object) => {where: string, rows: object[]}[],
 *   asked?: Record<"propose"|"approve", (page: object, acts: object) => any>,
 *   told?: Record<"propose"|"approve", (page: object, form: HTMLFormElement) => object>,
 * }} Kind
 */

const SHEETS = {
  difference: (page, acts, kind) => ["Difference", [draw("p", { class: "quiet", text: `From ${named(page.sheet.from)} to ${named(page.sheet.to)}` }), difference(page.sheet, kind)]],
  history: (page, acts) => ["History", history(page, acts)],
  propose: (page, acts, kind) => ["Propose this draft", propose(page, acts, kind)],
  approve: (page, acts, kind) => [`Approve what ${page.draft.proposed_by} proposed`, approve(page, acts, kind)],
  decline: (page, acts) => ["Decline", reasonForm("Why not? The author reads it.", "Decline", (reason) => acts.decline(reason), acts)],
  "roll-back": (page, acts, kind) => [`Roll back to v${page.sheet.version}`, [draw("p", { text: kind.words.rolledBack }), difference(page.sheet, kind), reasonForm("Why?", "Roll back", (reason) => acts.rollBack(page.sheet.version, reason), acts, "danger")]],
  cancel: (page, acts) => [`Call off v${page.sheet.version}`, [draw("p", { text: "It will not go live. What is live stays." }), reasonForm("Why?", "Call it off", (reason) => acts.cancel(page.sheet.version, reason), acts, "danger")]],
  password: (page, acts, kind) => ["Your password, once more", password(page, acts, kind)],
  discard: (page, acts) => ["Discard the draft", [draw("p", { text: "Everything in the draft that is not live is thrown away." }), foot(acts, draw("button", { type: "button", class: "danger", text: "Discard it", on: { click: acts.discard } }))]],
  conflict: (page, acts, kind) => ["Two people have edited this draft", conflict(page, acts, kind)],
};

/** The dialog that is open, or none. @param {Kind} kind */
export function sheet(page, acts, kind) {
  const shown = page.conflict ? { name: "conflict" } : page.sheet;
  if (!shown) return null;
  const [title, inside] = (kind.sheets[shown.name] ?? SHEETS[shown.name])(page, acts, kind);
  const mayClose = shown.name !== "conflict";
  return draw("dialog", { key: `sheet-${shown.name}`, id: "sheet", class: `editor-sheet sheet-${shown.name}`, "aria-labelledby": "sheet-title", on: { cancel: (event) => { event.preventDefault(); if (mayClose) acts.close(); } } },
    draw("div", { class: "sheet-head" }, draw("h2", { id: "sheet-title", tabindex: "-1", text: title }), mayClose && button("Close", acts.close, { key: "close" })),
    draw("div", { class: "sheet-body" }, refused(shown), ...[inside].flat()));
}

function refused({ refused: why }) {
  if (!why) return null;
  return draw("div", { key: "refused", class: "fault", role: "alert" }, draw("p", { text: why.what }), why.to_do && draw("p", { class: "sheet-to-do", text: why.to_do }));
}

const named = (version) => (typeof version === "number" ? `v${version}` : version === "live" ? "what is live" : "the draft");

/** The difference as sentences, or in plain lines. */
function difference({ lines, sentences, isFirst }, { words }) {
  if (isFirst) return draw("p", { key: "difference", class: "empty", text: "Nothing is live yet: all of it is new." });
  if (!lines) return draw("p", { key: "difference", class: "quiet", text: "Comparing …" });
  if (sentences?.length) return inSentences(sentences);
  if (!lines.length) return draw("p", { key: "difference", class: "empty", text: words.nothing });
  return draw("div", { key: "difference", class: "table-frame", tabindex: "0", role: "region", "aria-label": "Difference" }, draw("table", { class: "table difference" },
    draw("thead", {}, draw("tr", {}, ...["Where", "What", "Before", "After"].map((one) => draw("th", { scope: "col", key: one, text: one })))),
    draw("tbody", {}, ...lines.map(({ where, what, before, after }, index) => draw("tr", { key: String(index) }, draw("th", { scope: "row", text: where }), draw("td", { text: what }), draw("td", {}, before ? draw("del", { text: before }) : "–"), draw("td", {}, after ? draw("ins", { text: after }) : "–"))))));
}

function inSentences(sentences) {
  return draw("div", { key: "difference", class: "table-frame", tabindex: "0", role: "region", "aria-label": "Difference" },
    draw("ul", { class: "sentences" }, ...sentences.map(({ what }, index) => draw("li", { key: String(index), text: what }))));
}

function propose(page, acts, kind) {
  const { warnings } = page.check;
  const submit = (event) => {
    event.preventDefault();
    const { reason, at } = event.target.elements;
    const publishAt = page.sheet.later && at.value ? new Date(at.value).toISOString() : null;
    acts.propose({ reason: reason.value.trim(), publish_at: publishAt, ...kind.told?.propose(page, event.target) });
  };
  return [
    draw("p", { text: kind.words.waits }),
    warnings && !kind.asked ? draw("p", { class: "quiet", text: `${counted(warnings, "warning stays", "warnings stay")}; the second person is told too.` }) : null,
    difference(page.sheet, kind),
    draw("form", { key: "form", class: "sheet-form", on: { submit } },
      kind.asked?.propose(page, acts),
      draw("label", { for: "reason", text: "What does it change, and why?" }), draw("textarea", { id: "reason", name: "reason", rows: 2, required: true, maxlength: 200 }),
      draw("fieldset", { class: "when" }, draw("legend", { text: "When it goes live" }), when("now", "As soon as it is approved", !page.sheet.later, () => acts.later(false)), when("later", "At a set time, once approved", page.sheet.later, () => acts.later(true)),
        page.sheet.later && draw("label", { class: "when-at" }, `Date and time (${zone()})`, draw("input", { type: "datetime-local", name: "at", required: true }))),
      foot(acts, draw("button", { type: "submit", class: "primary", text: "Propose" }))),
  ];
}

const when = (value, words, isChosen, chosen) => draw("label", { key: value, class: "tick" }, draw("input", { type: "radio", name: "when", value, ticked: isChosen, on: { change: chosen } }), words);

function approve(page, acts, kind) {
  const submit = (event) => { event.preventDefault(); acts.approve(kind.told?.approve(page, event.target)); };
  return [
    draw("p", {}, draw("q", { text: page.draft.reason ?? "" }), page.draft.publish_at ? ` To go live ${moment(page.draft.publish_at)}.` : ` ${kind.words.atOnce}`),
    difference(page.sheet, kind),
    draw("form", { key: "form", class: "sheet-form", on: { submit } },
      kind.asked?.approve(page, acts),
      foot(acts, draw("button", { type: "submit", class: "primary", text: page.draft.publish_at ? "Approve" : "Approve and publish" }))),
  ];
}

/** A dialog that asks why, and does it. */
export function reasonForm(question, verb, done, acts, tone = "primary") {
  const submit = (event) => { event.preventDefault(); done(event.target.elements.reason.value.trim()); };
  return draw("form", { key: "form", class: "sheet-form", on: { submit } },
    draw("label", { for: "reason", text: question }), draw("textarea", { id: "reason", name: "reason", rows: 2, required: true, maxlength: 200 }),
    foot(acts, draw("button", { type: "submit", class: tone, text: verb })));
}

/** What cannot be taken lightly asks for the password again; it counts for a quarter of an hour. */
function password({ sheet: { problem } }, acts, { words }) {
  const submit = (event) => { event.preventDefault(); acts.confirm(event.target.elements.password.value); };
  return draw("form", { key: "form", class: "sheet-form", on: { submit } },
    draw("p", { text: `${words.password} The password counts for 15 minutes.` }),
    problem && draw("p", { class: "fault", role: "alert", text: problem }),
    draw("label", { for: "password", text: "Password" }), draw("input", { id: "password", name: "password", type: "password", required: true, autofocus: true, autocomplete: "current-password" }),
    foot(acts, draw("button", { type: "submit", class: "primary", text: "Go on" })));
}

/** The end of a dialog: back, or on. */
export const foot = (acts, act) => draw("div", { key: "foot", class: "sheet-foot" }, button("Cancel", acts.close, { key: "cancel" }), act);

/** Both texts side by side; nothing is lost before somebody has chosen, and the other one stays one step of undo away. */
function conflict(page, acts, kind) {
  const { theirs } = page.conflict;
  const parts = kind.compare(page, theirs);
  return [
    draw("p", {}, draw("strong", { text: `${theirs.saved_by ?? "Somebody"} saved this draft ${moment(theirs.saved_at)}` }), ", after you had opened it. Nothing of yours is lost: choose one. The other stays one Undo away."),
    parts.length ? draw("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Both texts" }, draw("table", { class: "table both" },
      draw("thead", {}, draw("tr", {}, draw("th", { scope: "col", text: "Yours" }), draw("th", { scope: "col", text: `${theirs.saved_by ?? "Theirs"}` }))),
      ...parts.map(({ where, rows }) => draw("tbody", { key: where }, draw("tr", {}, draw("th", { scope: "colgroup", colspan: 2, text: where })), ...rows.map(bothLines))))) : draw("p", { class: "empty", text: "Both texts say the same." }),
    draw("div", { key: "foot", class: "sheet-foot" },
      draw("button", { type: "button", text: "Take theirs", on: { click: acts.takeTheirs } }),
      draw("button", { type: "button", class: "primary", "aria-disabled": page.me.may.edit ? null : "true", text: "Keep mine", on: { click: acts.keepMine } })),
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
