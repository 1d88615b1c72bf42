// What an author can do: every act changes the draft through an edit, or asks the door. Holds no drawing.
import { announce } from "../desk/announcer.js";
import * as edits from "./edits.js";
import { change, redo, undo } from "../publishing/history.js";
import { KINDS } from "./kinds.js";
import { exitsOf, locate, nodeOf, nodePath, nodesOf, subMenus } from "./reading.js";

/** Whether this person may change the draft now, as a sentence why not; "" when they may. */
export function whyNotEdit({ me, draft }) {
  if (!me.may.edit) return "You may read this menu; a menu administrator or supervisor edits it.";
  return draft.state === "proposed" ? "Waiting for approval: withdraw it to edit." : "";
}

/** @param {{page: object, changed: () => void, edited: () => void, door: object, picture: () => {boxes: object[]}}} parts */
export function editingActs({ page, changed, edited, picture }) {
  function edit(document, label = "") {
    if (whyNotEdit(page) || document === page.document) return;
    page.edits = change(page.edits, document, label, Date.now());
    adopt();
  }

  function adopt() {
    page.document = page.edits.now;
    if (page.scope && !subMenus(page.document).includes(page.scope)) Object.assign(page, { scope: "", visit: page.visit + 1, fit: page.fit + 1 });
    if (!nodeOf(page.document, page.scope, page.selected)) page.selected = "";
    edited();
  }

  function travel(move, words) {
    if (whyNotEdit(page)) return;
    const before = page.edits;
    page.edits = move(before);
    if (page.edits === before) return announce(`Nothing to ${words.toLowerCase()}`);
    adopt();
    changed(true, true); // a field keeps what is typed in it while it has the focus; now it shows what it was
    announce(words);
  }

  /** Everything stands where it is seen, so that a change of one moves no other. */
  function settled(document = page.document) {
    const { boxes } = picture();
    return edits.place(document, page.scope, Object.fromEntries(boxes.map(({ id, at }) => [id, at])));
  }

  function besideChosen() {
    const { boxes } = picture();
    const by = boxes.find(({ id }) => id === page.selected) ?? boxes.at(-1);
    if (!by) return [0, 0];
    let [x, y] = [by.at[0] + 320, by.at[1]];
    while (boxes.some(({ at }) => Math.abs(at[0] - x) < 200 && Math.abs(at[1] - y) < 120)) y += 140;
    return [x, y];
  }

  function add(kind, at, from = null) {
    if (whyNotEdit(page)) return;
    const id = edits.freeName(page.document, page.scope, kind);
    let made = edits.place(edits.addNode(settled(), page.scope, id, kind), page.scope, { [id]: at });
    if (from) made = led(made, from.id, from.handle, id);
    edit(made);
    select(id);
    announce(`Added ${KINDS[kind].title}, ${id}`);
  }

  function led(document, id, handle, to) {
    if (handle === "more") return edits.addOption(document, page.scope, id, to);
    const exit = exitsOf(nodeOf(document, page.scope, id))[Number(handle.replace("exit-", ""))];
    return exit ? edits.connect(document, page.scope, id, exit.path, to) : document;
  }

  function select(id, jump = false) {
    if (page.selected === id && !jump) return;
    Object.assign(page, { selected: id, visit: page.visit + 1, renaming: null });
    if (jump) page.jump += 1;
    changed();
  }

  function enter(scope) {
    Object.assign(page, { scope, selected: "", visit: page.visit + 1, renaming: null, fit: page.fit + 1 });
    changed();
  }

  const at = (path) => [...nodePath(page.scope, page.selected), ...path];
  return {
    edit,
    select,
    undo: () => travel(undo, "Undone"),
    redo: () => travel(redo, "Done again"),
    setWhole: (path, value) => edit(edits.setIn(page.document, path, value), path.join(".")),
    set: (path, value) => edit(edits.setIn(page.document, at(path), value), at(path).join(".")),
    connect: (path, to) => edit(edits.connect(page.document, page.scope, page.selected, path, to)),
    addNode: () => add(page.adding, besideChosen()),
    addKind(kind) { page.adding = kind; changed(); },
    draw: (id, handle, to) => edit(led(page.document, id, handle, to)),
    drawToNew: (id, handle, at) => add(page.adding, at, { id, handle }),
    place: (places) => edit(edits.place(settled(), page.scope, places), "place"),
    arrange() { edit(edits.forgetPlaces(page.document, page.scope)); page.fit += 1; changed(); },
    removeDrawn(ids, exits) {
      const cut = exits.filter(([id]) => !ids.includes(id)).reduce((made, [id, handle]) => led(made, id, handle, ""), ids.length ? settled() : page.document);
      edit(ids.reduce((made, id) => edits.removeNode(made, page.scope, id), cut));
    },
    remove() {
      const gone = page.selected;
      edit(edits.removeNode(settled(), page.scope, gone));
      announce(`Deleted ${gone}. Ctrl Z brings it back.`);
    },
    move: (by) => edit(edits.moveNode(page.document, page.scope, page.selected, by)),
    changeKind: (kind) => edit(edits.changeKind(page.document, page.scope, page.selected, kind)),
    typeName(name) { page.renaming = name; changed(); },
    rename() {
      const name = page.renaming?.trim();
      if (name === undefined || name === page.selected) { page.renaming = null; return changed(); }
      if (edits.nameTrouble(page.document, page.scope, name)) return changed();
      const renamed = edits.renameNode(page.document, page.scope, page.selected, name);
      page.selected = name;
      page.renaming = null;
      edit(renamed);
    },
    addOption: () => edit(edits.addOption(page.document, page.scope, page.selected)),
    moveOption: (path, index, by) => edit(edits.moveInList(page.document, at(path), index, by)),
    branchBy: (by, cases) => edit(edits.branchBy(page.document, page.scope, page.selected, by, cases)),
    renameCase: (from, to) => edit(edits.renameCase(page.document, page.scope, page.selected, from, to)),
    scope: enter,
    addSubMenu(name) {
      const problem = edits.subMenuTrouble(page.document, name);
      if (problem) page.sheet = { ...page.sheet, problem };
      if (problem) return changed();
      page.sheet = null;
      edit(edits.addSubMenu(page.document, name));
      enter(name);
    },
    renameSubMenu() {
      const [from, name] = [page.scope, page.renaming?.trim()];
      if (name === undefined || name === from) { page.renaming = null; return changed(); }
      if (edits.subMenuTrouble(page.document, name)) return changed();
      const renamed = edits.renameSubMenu(page.document, from, name);
      Object.assign(page, { scope: name, renaming: null });
      edit(renamed);
    },
    removeSubMenu() {
      const gone = page.scope;
      edit(edits.removeSubMenu(page.document, gone));
      changed(true);
      document.getElementById("chosen-title")?.focus();
      announce(`Deleted the sub-menu ${gone}. Ctrl Z brings it back.`);
    },
    tab(name) { page.tab = name; changed(); },
    showFindings(areShown) { page.areFindingsShown = areShown; changed(); },
    order(name) { page.order = name; changed(); },
    /** Show the node that a finding is about, and go to it. */
    find(where) {
      const { scope, id } = locate(page.document, where);
      if (scope !== page.scope) Object.assign(page, { scope, fit: page.fit + 1 });
      select(id, true);
      changed(true);
      document.getElementById("chosen-title")?.focus();
    },
    nodes: () => Object.keys(nodesOf(page.document, page.scope)),
  };
}

