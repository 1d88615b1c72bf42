// Undo and redo: whole documents (or texts), newest last. Typing in one field is one step as long as it goes on. Pure.

const STEPS = 200;
const ONE_STEP_MS = 1500;

/** @typedef {{past: object[], now: object, future: object[], label: string, at: number}} History */

/** @returns {History} */
export const begin = (document) => ({ past: [], now: document, future: [], label: "", at: 0 });

/**
 * Go on to a changed document. `label` says what was changed; the same label again soon is the same step.
 * @returns {History}
 */
export function change(history, document, label, at) {
  if (document === history.now) return history;
  const goesOn = label !== "" && label === history.label && at - history.at < ONE_STEP_MS;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-STEPS);
  return { past, now: document, future: [], label, at };
}

/** One step back; the same history when there is none. @returns {History} */
export function undo(history) {
  if (!history.past.length) return history;
  return { past: history.past.slice(0, -1), now: history.past.at(-1), future: [history.now, ...history.future], label: "", at: 0 };
}

/** One step forward again. @returns {History} */
export function redo(history) {
  if (!history.future.length) return history;
  return { past: [...history.past, history.now], now: history.future[0], future: history.future.slice(1), label: "", at: 0 };
}
