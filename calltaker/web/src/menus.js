// The page on which a menu is edited: puts its parts together and keeps the one loop: something changed, draw.
import { announce } from "./desk/announcer.js";
import { show } from "./desk/in_place.js";
import { useToken } from "./desk/staff_door.js";
import { editingActs, whyNotEdit } from "./menus/acts.js";
import { callingActs } from "./menus/calling.js";
import { mountPicture } from "./menus/graph_island.jsx";
import { menusDoor, recordingAddress, upload } from "./menus/menus_door.js";
import { firstPage, idsOfPath, lengthsOf, findingsByNode, usageOfScope } from "./menus/page.js";
import { pictureOf } from "./menus/picture.js";
import { played } from "./menus/speech.js";
import { exampleStep, noCall, tryingActs } from "./menus/trying.js";
import { canvas } from "./menus/views/canvas.js";
import { chosen } from "./menus/views/chosen.js";
import { menuBar } from "./menus/views/menu_bar.js";
import { menuSheet } from "./menus/views/menu_sheets.js";
import { tryIt } from "./menus/views/try_it.js";
import { publishingActs } from "./publishing/acts.js";
import { Checking } from "./publishing/checking.js";
import { DraftKeeper } from "./publishing/draft_keeper.js";
import { drafting } from "./publishing/drafting.js";
import { closeUnwanted, leaveNothingBehind, pageFrame, showFault, undoByKey } from "./publishing/page_frame.js";
import { openSheet } from "./publishing/views/sheets.js";
import { bands } from "./publishing/views/version_bar.js";
import { counted } from "./publishing/words.js";

const root = document.getElementById("menu-editor");
const page = { ...firstPage(root.dataset.key), call: noCall() };
const door = menusDoor(page.key);
const frame = Object.assign(document.createElement("div"), { className: "picture-frame" });
const { changed, report } = pageFrame({ page, drawNow });
let worked = null;
let shownPicture = null;

function drawNow() {
  if (!page.me) return;
  about();
  closeUnwanted(page);
  Object.assign(root.dataset, { try: page.call.is_open ? "open" : "", chosen: page.selected });
  show(root, [menuBar(page, acts), bands(page, acts), canvas(page, acts, frame), chosen(page, acts), tryIt(page, acts), menuSheet(page, acts)]);
  openSheet();
  if (page.tab === "picture") pictureShown();
  followCall();
}

/** What is worked out from the page's state before it is drawn; anew only when something of it has changed. */
function about() {
  const of = [page.document, page.scope, page.check.list, page.usage, page.call.is_open, page.call.path];
  if (worked && of.every((one, index) => one === worked.of[index])) return;
  page.byNode = findingsByNode(page.document, page.scope, page.check.list);
  Object.assign(page, idsOfPath(page.document, page.scope, page.call));
  worked = { of, model: pictureOf(page.document, page.scope, { findings: page.byNode, usage: usageOfScope(page), lit: page.lit, steps: page.steps, here: page.here }) };
}

function picture() {
  about();
  return worked.model;
}

function pictureShown() {
  const eye = { selected: page.selected, here: page.here, jump: page.jump, fit: page.fit, canEdit: !whyNotEdit(page) };
  const same = shownPicture && shownPicture.of === worked && Object.entries(eye).every(([name, value]) => shownPicture.eye[name] === value);
  if (same) return;
  shownPicture = { of: worked, eye };
  drawPicture({ ...worked.model, ...eye });
}

function followCall() {
  const log = document.querySelector(".try-heard");
  if (log && page.call.heard.length !== page.heardShown) log.scrollTop = log.scrollHeight;
  if (page.here !== page.hereShown) document.querySelector(".row-here")?.scrollIntoView({ block: "nearest" });
  Object.assign(page, { heardShown: page.call.heard.length, hereShown: page.here });
}

const keeper = new DraftKeeper({ kind: "menu", key: page.key, save: door.save, changed: (state) => draft.saving(state), conflict: (theirs) => draft.conflict(theirs) });
const checking = new Checking(door.check, checked);
const draft = drafting({ page, part: "document", door, keeper, checking, changed, report, adopt() {} });
page.lengths = (scope, id) => lengthsOf(page.document, page.check.answer, scope, id);

function checked({ state, answer, why = "" }) {
  const before = page.check;
  page.check = { ...before, state, why };
  if (answer) {
    const list = [...answer.findings].sort((one, other) => (one.severity === "error" ? 0 : 1) - (other.severity === "error" ? 0 : 1));
    const errors = list.filter(({ severity }) => severity === "error").length;
    page.check = { ...page.check, isKnown: true, answer, list, errors, warnings: list.length - errors };
    if (before.errors !== errors || before.warnings !== page.check.warnings) announce(`${counted(errors, "error")}, ${counted(page.check.warnings, "warning")}`);
  }
  changed();
}

const acts = {
  ...editingActs({ page, changed, edited: draft.edited, picture }),
  ...publishingActs({ page, door, keeper, take: draft.take, changed, report }),
  ...callingActs({ page, door, changed, report }),
  ...tryingActs({ page, door, changed, report }),
  ...draft.acts,
  read(id) { page.problems = page.problems.filter((one) => one.id !== id); changed(); },
  openSubMenu() { page.sheet = { name: "sub-menu" }; changed(); },
  listen: (id) => played(recordingAddress(id)),
  async upload(file, path) {
    page.uploading = path;
    changed();
    try {
      const made = await upload(file);
      if (!page.catalogue.recordings.some(({ id }) => id === made.id)) page.catalogue.recordings.push(made);
      return made;
    } catch (refused) {
      report("upload", refused);
      return null;
    } finally {
      page.uploading = "";
      changed();
    }
  },
  /** Play a finding's example in the drawer, with the facts that each of its steps needs. */
  async playExample(example) {
    const [first] = example;
    page.call.facts = exampleStep(first).facts;
    await acts.begin();
    for (const step of example) {
      const { verb, what, facts } = exampleStep(step);
      page.call.facts = facts;
      await (verb === "press" ? acts.press(what) : verb === "say" ? acts.say(what) : acts.silence());
    }
  },
};
const drawPicture = mountPicture(frame, acts);

undoByKey(".menu-chosen", acts);
leaveNothingBehind(page, keeper);
useToken(document.querySelector('meta[name="csrf-token"]')?.content);
announce("", "polite");
announce("", "assertive");
await draft.begin().catch((refused) => showFault(root, refused));
