// What every editor's page does around its own drawing: it draws once for several changes, reports refusals, undoes by
// key, and leaves nothing unsaved behind. Knows no kind of document.

/**
 * @param {{page: object, drawNow: () => void}} parts
 * @returns {{changed: (atOnce?: boolean, anew?: boolean) => void, report: (id: string, refused: any) => void}}
 */
export function pageFrame({ page, drawNow }) {
  let drawing = false;

  /** Something changed: draw soon, or at once; `anew` also what is under the cursor, which typing otherwise keeps. */
  function changed(atOnce = false, anew = false) {
    if (atOnce === true) return anew ? drawAnew() : drawNow();
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => { drawing = false; drawNow(); });
  }

  function drawAnew() {
    document.getElementById("sheet")?.close(); // its focus goes back to the field that it came from
    const field = document.activeElement;
    field?.blur?.();
    drawNow();
    if (field?.isConnected) field.focus();
  }

  function report(id, refused) {
    const problem = refused.status === 401
      ? { id: "signed-out", what: "You are signed out.", to_do: "Sign in again; your draft is kept in this browser.", sign_in: true }
      : { id, what: refused.problem ?? String(refused), to_do: refused.whatToDo ?? "" };
    page.problems = [...page.problems.filter((one) => one.id !== problem.id), problem];
    changed();
  }

  return { changed, report };
}

/** Close a dialog that is not wanted any more before what is under it is drawn: it gives the focus back first. */
export function closeUnwanted({ conflict, sheet }) {
  const before = document.getElementById("sheet");
  const wanted = conflict ? "conflict" : sheet?.name;
  if (before && !before.classList.contains(`sheet-${wanted}`)) before.close();
}

/** Ctrl Z and Ctrl Y over the whole draft; in fields outside `inside` (a dialog, the drawer) a field's own undo is meant. */
export function undoByKey(inside, acts) {
  window.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!isUndo || document.getElementById("sheet")) return;
    if (event.target.matches?.("input, textarea") && !event.target.closest(inside)) return;
    const act = { z: event.shiftKey ? acts.redo : acts.undo, y: acts.redo }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** Save when the page is hidden; ask before it is left with something that could not be saved. */
export function leaveNothingBehind(page, keeper) {
  window.addEventListener("beforeunload", (event) => keeper.isUnsaved && page.saving.state === "kept" && event.preventDefault());
  document.addEventListener("visibilitychange", () => document.hidden && keeper.flush());
}

/** The page could not be read at all. */
export function showFault(root, refused) {
  const fault = Object.assign(document.createElement("p"), { className: "fault", textContent: `${refused.problem ?? refused} ${refused.whatToDo ?? ""}` });
  fault.setAttribute("role", "alert");
  root.replaceChildren(fault);
}
