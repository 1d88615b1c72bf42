// What an author can do: every act changes the draft's text through an edit. Holds no drawing.
import { announce } from "../desk/announcer.js";
import { change, redo, undo } from "../publishing/history.js";
import * as edits from "./edits.js";
import { whyNotEdit } from "./page.js";
import { LISTS, chosenOf, freeId, idOf, idTrouble, itemsOf, placeOf } from "./reading.js";

/** @param {{page: object, changed: (atOnce?: boolean, anew?: boolean) => void, edited: () => void, adopt: () => void, pane: object}} parts */
export function editingActs({ page, changed, edited, adopt, pane }) {
  function edit(text, label = "") {
    if (whyNotEdit(page) || text === page.text) return;
    use(change(page.edits, text, label, Date.now()));
  }

  function use(steps) {
    page.edits = steps;
    page.text = steps.now;
    adopt();
    edited();
  }

  /** An edit of the form, which there is only while the text can be read. */
  const form = (make, label) => { if (!page.fault && !whyNotEdit(page)) edit(make(page.text), label); };

  function travel(move, words) {
    if (whyNotEdit(page)) return;
    const before = page.edits;
    const after = move(before);
    if (after === before) return announce(`Nothing to ${words.toLowerCase()}`);
    use(after);
    changed(true, true); // a field keeps what is typed in it while it has the focus; now it shows what it was
    announce(words);
  }

  function select(place, isJump = false) {
    const { list } = chosenOf(page.document, place);
    if (list) page.open.add(list);
    if (page.selected === place && !isJump) return;
    Object.assign(page, { selected: place, visit: page.visit + 1, renaming: null });
    changed();
  }

  function go(place) {
    page.tab = "form";
    select(place, true);
    changed(true);
    document.querySelector(".outline .row-chosen")?.scrollIntoView({ block: "nearest" });
    document.getElementById("item-title")?.focus();
  }

  function goToLine(line) {
    page.tab = "text";
    changed(true);
    pane.goTo(line);
  }

  function add(list, item = null) {
    if (page.fault || whyNotEdit(page)) return;
    const { list: here, index } = chosenOf(page.document, page.selected);
    const at = here === list ? index + 1 : itemsOf(page.document, list).length;
    const made = edits.add(page.text, list, at, item);
    edit(made.text);
    go(`${list}.${made.index}`);
    announce(`Added ${LISTS[list].one} ${idOf(itemsOf(page.document, list)[made.index])}`);
  }

  return {
    undo: () => travel(undo, "Undone"),
    redo: () => travel(redo, "Done again"),
    /** What was typed under Text. */
    write: (text) => edit(text, "text"),
    set: (path, value, order) => form((text) => edits.setIn(text, path, value, order), path.join(".")),
    setWords: (path, language, words, about) => form((text) => edits.setWords(text, path, language, words, about), `${path.join(".")}.${language}`),
    insert: (path, index, value) => form((text) => edits.insertItem(text, path, index, value)),
    take: (path, index) => form((text) => edits.removeItem(text, path, index)),
    shift: (path, index, by) => form((text) => edits.moveItem(text, path, index, by)),
    setApproval: (part) => form((text) => edits.setApproval(text, part), "approval"),
    setLevel: (index, level) => form((text) => edits.setLevel(text, index, level)),
    changeKind: (index, kind) => form((text) => edits.changeKind(text, index, kind)),
    asSafety: (index, isSafety) => form((text) => edits.asSafety(text, index, isSafety)),
    addOption: (index) => form((text) => edits.addOption(text, index)),
    renameOption: (index, place, to) => form((text) => edits.renameOption(text, index, place, to)),
    answerTest: (index, question, value) => form((text) => edits.setIn(text, ["tests", index, "answers", question], value, itemsOf(page.document, "questions").map(idOf))),
    add,
    /** Keep a played path as a test of the author's. */
    keepTest(answers, determinant) {
      const tests = itemsOf(page.document, "tests");
      const id = freeId(tests, `path_${tests.length + 1}`);
      add("tests", { id, answers, determinant });
    },
    move(by) {
      const { list, index } = chosenOf(page.document, page.selected);
      const to = Math.min(itemsOf(page.document, list).length - 1, Math.max(0, index + by));
      if (!list || to === index) return;
      page.selected = `${list}.${to}`;
      form((text) => edits.moveItem(text, [list], index, by));
      announce(`Now ${to + 1} of ${itemsOf(page.document, list).length}`);
    },
    remove() {
      const { list, index, item } = chosenOf(page.document, page.selected);
      if (!item) return;
      form((text) => edits.remove(text, list, index));
      const left = itemsOf(page.document, list).length;
      go(left ? `${list}.${Math.min(index, left - 1)}` : "");
      announce(`Deleted ${LISTS[list].one} ${idOf(item)}. Ctrl Z brings it back.`);
    },
    typeId(id) { page.renaming = id; changed(); },
    rename() {
      const { list, index, item } = chosenOf(page.document, page.selected);
      const to = page.renaming?.trim();
      if (to !== undefined && to !== idOf(item) && idTrouble(page.document, list, index, to)) return changed();
      page.renaming = null;
      if (to !== undefined && to !== idOf(item)) form((text) => edits.rename(text, list, index, to));
      return changed();
    },
    addJump: (to) => form((text) => edits.addJump(text, to)),
    select,
    go,
    goToLine,
    /** Show what a finding is about: its line under Text, its item in the form. */
    find(finding) {
      const canShow = !page.fault && page.tab !== "text";
      if (!canShow && finding.line) return goToLine(finding.line);
      go(placeOf(page.document, finding.where));
    },
    tab(name) { page.tab = name; changed(); },
    unfold(list) { page.open = new Set(page.open.has(list) ? [...page.open].filter((one) => one !== list) : [...page.open, list]); changed(); },
    showFindings(areShown) { page.areFindingsShown = areShown; changed(); },
    openProven() { page.sheet = { name: "proven" }; changed(); },
    read(id) { page.problems = page.problems.filter((one) => one.id !== id); changed(); },
  };
}
