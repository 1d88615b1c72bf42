// The page on which a protocol is edited, as a form and as text: puts its parts together and keeps the one loop: something
// changed, draw.
import { announce } from "./desk/announcer.js";
import { show } from "./desk/in_place.js";
import { useToken } from "./desk/staff_door.js";
import { editingActs } from "./protocols/acts.js";
import { approvingActs } from "./protocols/approving.js";
import { firstPage, checkOf, whyNotEdit } from "./protocols/page.js";
import { protocolsDoor } from "./protocols/protocols_door.js";
import { chosenOf, findingsByPlace } from "./protocols/reading.js";
import { TextPane } from "./protocols/text_pane.js";
import { noCall, tryingActs } from "./protocols/trying.js";
import { pressed } from "./protocols/views/answering.js";
import { protocolBar, protocolBands } from "./protocols/views/protocol_bar.js";
import { protocolSheet } from "./protocols/views/protocol_sheets.js";
import { askedNow, tryIt } from "./protocols/views/try_it.js";
import { work } from "./protocols/views/work.js";
import { read } from "./protocols/yaml_text.js";
import { publishingActs } from "./publishing/acts.js";
import { Checking } from "./publishing/checking.js";
import { DraftKeeper } from "./publishing/draft_keeper.js";
import { drafting } from "./publishing/drafting.js";
import { closeUnwanted, leaveNothingBehind, pageFrame, showFault, undoByKey } from "./publishing/page_frame.js";
import { openSheet } from "./publishing/views/sheets.js";
import { counted } from "./publishing/words.js";

const root = document.getElementById("protocol-editor");
const page = { ...firstPage(root.dataset.key), call: noCall() };
const door = protocolsDoor(page.key);
const { changed, report } = pageFrame({ page, drawNow });
const pane = new TextPane({
  wrote: (text) => acts.write(text),
  moved(line) { if (page.line !== line) { page.line = line; changed(); } },
});
const keeper = new DraftKeeper({ kind: "protocol", key: page.key, save: door.save, changed: (state) => draft.saving(state), conflict: (theirs) => draft.conflict(theirs) });
const checking = new Checking(door.check, checked);
const draft = drafting({ page, part: "text", door, keeper, checking, changed, report, adopt });

function drawNow() {
  if (!page.me) return;
  closeUnwanted(page);
  page.byPlace = findingsByPlace(page.document, page.check.list);
  root.dataset.try = page.call.is_open ? "open" : "";
  show(root, [protocolBar(page, acts), protocolBands(page, acts), work(page, acts, pane), tryIt(page, acts), protocolSheet(page, acts)]);
  openSheet();
  if (page.tab === "text") pane.show(page.text, page.check.list, Boolean(whyNotEdit(page)));
}

/** The draft's text is another now: what of it can be read is shown; a faulty text leaves the last form standing. */
function adopt() {
  const { value, fault } = read(page.text);
  page.fault = fault;
  if (value) page.document = value;
  if (page.selected && !chosenOf(page.document, page.selected).item) page.selected = "";
}

function checked({ state, answer, why = "" }) {
  const before = page.check;
  page.check = { ...before, state, why };
  if (answer) {
    page.check = checkOf(page.check, answer);
    const { errors, warnings } = page.check;
    if (before.errors !== errors || before.warnings !== warnings) announce(`${counted(errors, "error")}, ${counted(warnings, "warning")}`);
    if (before.isKnown) acts.tryAgain();
  }
  changed();
}

const approving = approvingActs({ page, door, keeper, changed });
const acts = {
  ...editingActs({ page, changed, edited: draft.edited, adopt, pane }),
  ...publishingActs({ page, door, keeper, take: draft.take, changed, report, met: approving.met }),
  ...tryingActs({ page, door, changed, report }),
  ...draft.acts,
};
Object.assign(acts, approving.around(acts));

undoByKey(".protocol-work", acts);
window.addEventListener("keydown", (event) => page.call.is_open && !page.sheet && !page.conflict && pressed(event, askedNow(page), page.call, acts));
leaveNothingBehind(page, keeper);
useToken(document.querySelector('meta[name="csrf-token"]')?.content);
announce("", "polite");
announce("", "assertive");
await draft.begin().catch((refused) => showFault(root, refused));
