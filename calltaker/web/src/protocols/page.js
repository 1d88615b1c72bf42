// The page's state, and what may be done in it now.

/** The state before anything was read. `visit` counts what was chosen, so that a renamed item is still the same visit. */
export function firstPage(key) {
  return {
    key, me: null, live: null, draft: null, scheduled: [], history: [], events: [], catalogue: null, other: null, approval: null,
    text: null, document: {}, fault: null, edits: null, tab: "form", selected: "", visit: 0, renaming: null, open: new Set(["questions", "rules", "determinants"]),
    saving: { state: "", at: "", why: "" }, check: { state: "checking", isKnown: false, list: [], errors: 0, warnings: 0, answer: null, why: "" },
    byPlace: new Map(), areFindingsShown: null, line: 1, sheet: null, conflict: null, problems: [], working: "",
  };
}

/** Whether this person may change the draft now, as a sentence why not; "" when they may. */
export function whyNotEdit({ me, draft }) {
  if (!me.may.edit) return "You may read this protocol; a supervisor edits it.";
  return draft.state === "proposed" ? "Waiting for approval: withdraw it to edit." : "";
}

/** What people call this protocol. */
export const titleOf = ({ document, key }) => (typeof document?.title?.en === "string" && document.title.en) || key.replaceAll("_", " ");

/** Errors first, as the server gave them otherwise. */
export function checkOf(before, answer) {
  const isError = ({ severity }) => severity === "error";
  const list = [...answer.findings.filter(isError), ...answer.findings.filter((one) => !isError(one))];
  const errors = list.filter(isError).length;
  return { ...before, isKnown: true, answer, list, errors, warnings: list.length - errors };
}
