// A call played on the draft: answers go to the server's engine, which says what to ask next and where it leads so far.
// Only the newest answer counts; a text that changes under the call is asked again with the same answers.

/** A call that has not begun. `answers` are in the order given. */
export const noCall = (language = "es") => ({ is_open: false, language, answers: {}, isGone: false, run: null, offPath: [], faults: [], findings: null, busy: false, reopened: "", why: "", chosen: [] });

/** The acts of the drawer. `page` holds the call as `page.call`. */
export function tryingActs({ page, door, changed, report }) {
  let number = 0;

  async function ask() {
    const mine = (number += 1);
    page.call.busy = true;
    changed();
    try {
      const told = await door.tryOn(page.text, page.call.answers, page.call.isGone);
      if (mine === number) Object.assign(page.call, { run: told.run, offPath: told.off_path, faults: told.faults, findings: null });
    } catch (refused) {
      if (mine !== number) return;
      if (refused.told?.findings) Object.assign(page.call, { run: null, findings: refused.told.findings });
      else report("try", refused);
    } finally {
      if (mine === number) page.call.busy = false;
      changed();
    }
  }

  function begin(answers = {}, why = "", isGone = false) {
    page.call = { ...noCall(page.call.language), is_open: true, answers, why, isGone };
    return ask();
  }

  /** Draw at once, so that the keyboard goes on where the eye does. */
  function focusOn(id) {
    changed(true);
    document.getElementById(id)?.focus();
  }

  return {
    openTry() {
      page.call.is_open = true;
      const asking = page.call.run ? null : begin(page.call.answers);
      focusOn("try-title");
      return asking;
    },
    closeTry() {
      number += 1;
      page.call = { ...page.call, is_open: false, busy: false };
      focusOn("open-try");
    },
    beginTry: () => begin(),
    /** Answer a question; an answer given again changes it, and what follows is worked out anew. */
    answer(question, value) {
      if (page.call.busy) return undefined;
      Object.assign(page.call, { answers: { ...page.call.answers, [question]: value }, isGone: false, reopened: "", chosen: [] });
      return ask();
    },
    /** The caller hangs up: what is open counts as the rules have it then. Another answer, and they are there again. */
    hangUp() {
      if (page.call.busy) return undefined;
      Object.assign(page.call, { isGone: true, reopened: "", chosen: [] });
      return ask();
    },
    reopen(question) { Object.assign(page.call, { reopened: question, chosen: [page.call.answers[question] ?? []].flat() }); changed(); },
    closeReopened() { Object.assign(page.call, { reopened: "", chosen: [] }); changed(); },
    /** Tick one of several. */
    toggle(option) {
      const { chosen } = page.call;
      page.call.chosen = chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option];
      changed();
    },
    speakLanguage(language) { page.call.language = language; changed(); },
    /** Load a finding's counter-example, or a test, as if a caller had answered so. */
    play: (pairs, why, isGone = false) => begin(Object.fromEntries(pairs), why, isGone),
    /** The text is another now. */
    tryAgain() { if (page.call.is_open) ask(); },
  };
}
