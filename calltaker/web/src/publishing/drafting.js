// The draft between this page and the door: what the server has is taken, what others did meanwhile is met, and of two
// texts that were written at once one is chosen. What gives way stays one step of undo away; nothing typed is lost.
import { announce } from "../desk/announcer.js";
import { begin, change } from "./history.js";

const LOOK_AGAIN_MS = 15000;
const SAME = { state: "", at: "", why: "" };

/**
 * @param {{page: object, part: "document"|"text", door: object, keeper: object, checking: object, changed: (atOnce?: boolean, anew?: boolean) => void, report: (id: string, refused: any) => void, adopt: () => void}} parts
 *   `part` names what is edited, on the page and in a draft; `adopt` hears that it is another now.
 */
export function drafting({ page, part, door, keeper, checking, changed, report, adopt }) {
  /** The check is asked by whoever may edit; others read what is there. */
  function look() {
    if (page.me.may.edit) checking.look(page[part]);
    else page.check = { ...page.check, state: "unasked" };
  }

  function use(edits) {
    page.edits = edits;
    page[part] = edits.now;
    adopt();
  }

  /** Use the server's whole state; what is being edited here stays. */
  function take(state) {
    const { [part]: value, ...draft } = state.draft;
    Object.assign(page, { ...state, draft, other: null });
    if (keeper.isUnsaved) return changed();
    keeper.goOnFrom(draft.revision);
    page.saving = SAME;
    const isNew = JSON.stringify(value) !== JSON.stringify(page[part]);
    if (isNew) {
      use(page.edits ? change(page.edits, value, "", Date.now()) : begin(value));
      look();
    }
    changed();
  }

  /** What others published or proposed is shown; a draft of theirs only when asked for. */
  function meet(state) {
    if (state.draft.revision === keeper.revision || keeper.isUnsaved) {
      const { [part]: _theirs, ...draft } = state.draft;
      if (!keeper.isUnsaved) Object.assign(page, { ...state, draft });
    } else if (state.draft.revision > keeper.revision) {
      page.other = state;
    }
    changed();
  }

  async function lookAgain() {
    try {
      if (!document.hidden && !page.conflict && !page.sheet) meet(await door.read());
    } catch (refused) {
      if (refused.status === 401) report("signed-out", refused);
      // Any other loss shows when something is saved, and the next look may succeed.
    }
    setTimeout(lookAgain, LOOK_AGAIN_MS);
  }

  /** What was typed and never saved comes back, and is saved or shown beside what somebody else saved meanwhile. */
  function bringBack(value, left) {
    if (!left || JSON.stringify(left.document) === JSON.stringify(value)) return;
    keeper.revision = left.revision;
    use(change(page.edits, left.document, "", 0));
    announce("Unsaved changes of this browser are back");
    edited();
  }

  function edited() {
    keeper.edited(page[part]);
    look();
    changed();
  }

  return {
    take,
    edited,
    /** Read everything for the first time, and go on looking. */
    async begin() {
      const state = await door.read();
      const left = await keeper.left();
      take(state);
      bringBack(state.draft[part], left);
      setTimeout(lookAgain, LOOK_AGAIN_MS);
    },
    /** What the keeper has to say of saving. */
    saving(state) {
      page.saving = state;
      if (state.state === "saved") Object.assign(page.draft, { state: "editing", saved_at: state.at, saved_by: page.me.name, revision: keeper.revision });
      changed();
    },
    conflict(theirs) {
      page.conflict = { theirs };
      announce("Somebody else has saved this draft", "assertive");
      changed();
    },
    acts: {
      keepMine() {
        const { theirs } = page.conflict;
        page.conflict = null;
        const mine = page[part];
        use(change(change(page.edits, theirs[part], "", 0), mine, "", 0));
        keeper.goOnFrom(theirs.revision, mine);
        changed();
      },
      takeTheirs() {
        const { theirs } = page.conflict;
        page.conflict = null;
        use(change(page.edits, theirs[part], "", 0));
        keeper.goOnFrom(theirs.revision);
        Object.assign(page.draft, { saved_at: theirs.saved_at, saved_by: theirs.saved_by });
        page.saving = SAME;
        look();
        changed(true, true);
      },
      takeOther() {
        take(page.other);
        changed(true, true);
      },
    },
  };
}
