// The page on which a menu is edited: puts its parts together and keeps the one loop: something changed, draw.
import { announce } from "./desk/announcer.js";
import { show } from "./desk/in_place.js";
import { useToken } from "./desk/staff_door.js";
import { editingActs, whyNotEdit } from "./menus/acts.js";
import { Checking } from "./menus/checking.js";
import { DraftKeeper } from "./menus/draft_keeper.js";
import { mountPicture } from "./menus/graph_island.jsx";
import { begin, change } from "./menus/history.js";
import { menusDoor, recordingAddress, upload } from "./menus/menus_door.js";
import { firstPage, idsOfPath, lengthsOf, findingsByNode, usageOfScope } from "./menus/page.js";
import { pictureOf } from "./menus/picture.js";
import { publishingActs } from "./menus/publishing.js";
import { played } from "./menus/speech.js";
import { exampleStep, noCall, tryingActs } from "./menus/trying.js";
import { canvas } from "./menus/views/canvas.js";
import { chosen } from "./menus/views/chosen.js";
import { openSheet, sheet } from "./menus/views/sheets.js";
import { tryIt } from "./menus/views/try_it.js";
import { bands, versionBar } from "./menus/views/version_bar.js";
import { counted } from "./menus/words.js";

const LOOK_AGAIN_MS = 15000;

const root = document.getElementById("menu-editor");
const page = { ...firstPage(root.dataset.key), call: noCall() };
const door = menusDoor(page.key);
const frame = Object.assign(document.createElement("div"), { className: "picture-frame" });
let drawing = false;
let worked = null;
let shownPicture = null;

/** Something changed: draw soon, or at once; `anew` also what is under the cursor, which typing otherwise keeps. */
function changed(atOnce = false, anew = false) {
  if (atOnce === true) return anew ? drawAnew() : drawNow();
  if (drawing) return;
  drawing = true;
  queueMicrotask(drawNow);
}

function drawNow() {
  drawing = false;
  if (!page.me) return;
  about();
  const before = document.getElementById("sheet");
  const wanted = page.conflict ? "conflict" : page.sheet?.name;
  if (before && !before.classList.contains(`sheet-${wanted}`)) before.close(); // gives the focus back before it goes
  Object.assign(root.dataset, { try: page.call.is_open ? "open" : "", chosen: page.selected });
  show(root, [versionBar(page, acts), bands(page, acts), canvas(page, acts, frame), chosen(page, acts), tryIt(page, acts), sheet(page, acts)]);
  openSheet();
  if (page.tab === "picture") pictureShown();
  followCall();
}

function drawAnew() {
  document.getElementById("sheet")?.close(); // its focus goes back to the field that it came from
  const field = document.activeElement;
  field?.blur?.();
  drawNow();
  if (field?.isConnected) field.focus();
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

function report(id, refused) {
  if (refused.status === 401) Object.assign(page, { problems: [...page.problems.filter((one) => one.id !== "signed-out"), { id: "signed-out", what: "You are signed out.", to_do: "Sign in again; your draft is kept in this browser.", sign_in: true }] });
  else page.problems = [...page.problems.filter((one) => one.id !== id), { id, what: refused.problem ?? String(refused), to_do: refused.whatToDo ?? "" }];
  changed();
}

const keeper = new DraftKeeper({
  key: page.key,
  save: door.save,
  changed(state) {
    page.saving = state;
    if (state.state === "saved") Object.assign(page.draft, { state: "editing", saved_at: state.at, saved_by: page.me.name, revision: keeper.revision });
    changed();
  },
  conflict(theirs) { page.conflict = { theirs }; announce("Somebody else has saved this draft", "assertive"); changed(); },
});
const checking = new Checking(door.check, checked);

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

function edited() {
  keeper.edited(page.document);
  checking.look(page.document);
  changed();
}

/** Use the menu's whole state; a document that is being edited here stays. */
function take(state) {
  const { document, ...draft } = state.draft;
  Object.assign(page, { ...state, draft, other: null });
  page.lengths = (scope, id) => lengthsOf(page.document, page.check.answer, scope, id);
  if (keeper.isUnsaved) return changed();
  keeper.goOnFrom(draft.revision);
  page.saving = { state: "", at: "", why: "" };
  const isNew = JSON.stringify(document) !== JSON.stringify(page.document);
  if (isNew) page.edits = page.document ? change(page.edits, document, "", Date.now()) : begin(document);
  page.document = page.edits.now;
  if (isNew) checking.look(page.document);
  changed();
}

const acts = {
  ...editingActs({ page, changed, edited, picture }),
  ...publishingActs({ page, door, keeper, take, changed, report }),
  ...tryingActs({ page, door, changed, report }),
  read(id) { page.problems = page.problems.filter((one) => one.id !== id); changed(); },
  /** After a conflict: mine over theirs, or theirs; the one that gives way is kept as a step of undo. */
  keepMine() {
    const { theirs } = page.conflict;
    page.conflict = null;
    const mine = page.document;
    page.edits = change(change(page.edits, theirs.document, "", 0), mine, "", 0);
    keeper.goOnFrom(theirs.revision, mine);
    changed();
  },
  takeTheirs() {
    const { theirs } = page.conflict;
    page.conflict = null;
    page.edits = change(page.edits, theirs.document, "", 0);
    page.document = theirs.document;
    keeper.goOnFrom(theirs.revision);
    Object.assign(page.draft, { saved_at: theirs.saved_at, saved_by: theirs.saved_by });
    page.saving = { state: "", at: "", why: "" };
    checking.look(page.document);
    changed(true, true);
  },
  takeOther() {
    take(page.other);
    changed(true, true);
  },
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

window.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (!isUndo || document.getElementById("sheet")) return;
  // Elsewhere (a dialog, the drawer) a field's own undo is meant.
  if (event.target.matches?.("input, textarea") && !event.target.closest(".menu-chosen")) return;
  const act = { z: event.shiftKey ? acts.redo : acts.undo, y: acts.redo }[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
window.addEventListener("beforeunload", (event) => keeper.isUnsaved && page.saving.state === "kept" && event.preventDefault());
document.addEventListener("visibilitychange", () => document.hidden && keeper.flush());

/** Others work too: what they published or proposed is shown; a draft of theirs only when asked for. */
async function lookAgain() {
  try {
    if (!document.hidden && !page.conflict && !page.sheet) meet(await door.read());
  } catch (refused) {
    if (refused.status === 401) report("signed-out", refused);
    // Any other loss shows when something is saved, and the next look may succeed.
  }
  setTimeout(lookAgain, LOOK_AGAIN_MS);
}

function meet(state) {
  if (state.draft.revision === keeper.revision || keeper.isUnsaved) {
    const { document: _theirs, ...draft } = state.draft;
    if (!keeper.isUnsaved) Object.assign(page, { ...state, draft });
  } else if (state.draft.revision > keeper.revision) {
    page.other = state;
  }
  changed();
}

async function start() {
  useToken(document.querySelector('meta[name="csrf-token"]')?.content);
  announce("", "polite");
  announce("", "assertive");
  try {
    const state = await door.read();
    const left = await keeper.left();
    take(state);
    bringBack(state, left);
    setTimeout(lookAgain, LOOK_AGAIN_MS);
  } catch (refused) {
    root.replaceChildren(Object.assign(document.createElement("p"), { className: "fault", textContent: `${refused.problem ?? refused} ${refused.whatToDo ?? ""}` }));
    root.firstChild.setAttribute("role", "alert");
  }
}

/** What was typed and never saved comes back, and is saved or shown beside what somebody else saved meanwhile. */
function bringBack({ draft }, left) {
  if (!left || JSON.stringify(left.document) === JSON.stringify(draft.document)) return;
  keeper.revision = left.revision;
  page.edits = change(page.edits, left.document, "", 0);
  page.document = left.document;
  announce("Unsaved changes of this browser are back");
  edited();
}

await start();
