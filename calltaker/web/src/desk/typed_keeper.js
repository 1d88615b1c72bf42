// What is typed into an answer before it is sent: kept in this browser, so that a page loaded again shows it again.
const KEPT = "old-pueblo.typed";

/** @typedef {{session_id: string, question: string}} Place  Which question of which session. */

/** The text of a field as it was typed; `fallback` where nobody has typed. */
export function typedText({ session_id, question }, field, fallback = "") {
  return read()[session_id]?.[question]?.[field] ?? fallback;
}

/** Keep what is typed; earlier sessions are over and forgotten. */
export function keepTyped({ session_id, question }, field, text) {
  const kept = read()[session_id] ?? {};
  sessionStorage.setItem(KEPT, JSON.stringify({ [session_id]: { ...kept, [question]: { ...kept[question], [field]: text } } }));
}

/** The answer has been taken: its fields begin anew. */
export function forgetTyped({ session_id, question }) {
  const kept = { ...read()[session_id] };
  delete kept[question];
  sessionStorage.setItem(KEPT, JSON.stringify({ [session_id]: kept }));
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}
