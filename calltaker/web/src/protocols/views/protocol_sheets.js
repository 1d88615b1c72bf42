// The dialogs of a protocol: those of every document in a protocol's words, what was proven, warnings to accept by name,
// and what the recorded calls say.
import { draw } from "../../desk/in_place.js";
import { aligned, aroundDifferences } from "../../publishing/side_by_side.js";
import { reasonForm, sheet } from "../../publishing/views/sheets.js";
import { LOST, acceptedIn, warningsToAccept } from "../approving.js";
import { accepting } from "./accepting.js";
import { proven } from "./proven.js";
import { replay } from "./replay.js";

const PROTOCOL = {
  sheets: {
    proven: (page) => ["What was proven", proven(page.check)],
    retire: (page, acts) => ["Take this protocol out of use", [draw("p", { text: "The desk offers it no longer, within 5 seconds; where callers' wishes lead to it, the opening is suggested. Calls in progress end on it. Its versions stay: History brings any of them back." }), reasonForm("Why?", "Take it out of use", (reason) => acts.retire(page.sheet.version, reason), acts, "danger")]],
  },
  words: {
    waits: "A second person looks at it and approves it. Until then it cannot be edited, and calls use what is live.",
    atOnce: "It goes live at once: the next call uses it, within 5 seconds. Calls in progress end on the version that they began with.",
    rolledBack: "The next call uses it, within 5 seconds. Calls in progress end on the version that they began with.",
    password: "What callers are asked is about to change.",
    nothing: "No difference.",
  },
  compare: (page, theirs) => compared(page.text, theirs.text),
  asked: {
    propose: (page) => [replay(page.sheet, page.live), accepting(warningsToAccept(page), "Each warning stays only if you say why.")],
    approve: (page) => [replay(page.sheet, page.live), accepted(page), accepting(warningsToAccept(page), "You take this on yourself: say why.")],
  },
  told: {
    propose: (page, form) => ({ accepted: acceptedIn(page, form) }),
    approve: (page, form) => ({ accepted: acceptedIn(page, form), ...seen(page.sheet) }),
  },
};

export const protocolSheet = (page, acts) => sheet(page, acts, PROTOCOL);

const seen = ({ replay: told }) => (told ? { replay: { changed: told.changed, lost_911: told.lost_911 } } : {});

function compared(mine, theirs) {
  const rows = aligned(mine.split("\n"), theirs.split("\n"));
  return rows.every(({ same }) => same) ? [] : [{ where: "The protocol's text", rows: aroundDifferences(rows) }];
}

/** The warnings that the author accepted, with the reasons; the second person accepts them by approving. */
function accepted({ draft }) {
  const list = (draft.accepted ?? []).filter(({ code }) => code !== LOST.code);
  if (!list.length) return null;
  return draw("section", { key: "accepted", class: "accepted", "aria-labelledby": "accepted-title" },
    draw("h3", { id: "accepted-title", class: "field-label", text: "Warnings accepted" }),
    draw("ul", { class: "findings-list" }, ...list.map(({ finding, code, where, message, reason, by }) => draw("li", { key: finding, class: "finding" }, draw("span", { class: "finding-mark", "aria-hidden": "true", text: "◆" }),
      draw("div", {}, draw("p", {}, draw("strong", { text: `${where} ` }), message, draw("span", { class: "quiet finding-code", text: ` ${code}` })), draw("p", {}, draw("q", { text: reason }), draw("span", { class: "quiet", text: ` ${by}` })))))));
}
