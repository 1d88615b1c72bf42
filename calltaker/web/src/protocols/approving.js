// What stands beside a reason when a protocol is proposed or approved: the warnings that somebody accepts by name, and what
// the recorded calls say of the new version. Holds no drawing.

/** The finding that an approver accepts themself: recorded calls went to 911 and would not. */
export const LOST = { id: "R01", code: "R01" };

/**
 * @param {{page: object, door: object, keeper: object, changed: () => void}} parts
 * @returns {{met: (what: string, refused: any) => void, around: (acts: object) => object}}
 */
export function approvingActs({ page, door, keeper, changed }) {
  async function look(sheet, to) {
    if (!page.live) return;
    try {
      await keeper.flush(); // what is replayed is what is saved
      sheet.replay = await door.replay(to);
    } catch (refused) {
      sheet.replayFault = refused.problem ?? String(refused);
    }
    changed();
  }

  return {
    /** A refusal may bring what was not known before: warnings that nobody has accepted, or a newer replay. */
    met(_what, { told }) {
      if (!page.sheet || !told) return;
      if (told.replay) page.sheet.replay = told.replay;
      if (told.findings && told.unaccepted) page.sheet.unaccepted = told.findings.filter(({ id }) => told.unaccepted.includes(id));
    },
    around: ({ openApprove, openPropose }) => ({
      openPropose() { openPropose(); return look(page.sheet, "draft"); },
      openApprove() { openApprove(); return look(page.sheet, "draft"); },
    }),
  };
}

/** The warnings that this dialog asks to be accepted. @returns {object[]} */
export function warningsToAccept(page) {
  const { name, unaccepted = [], replay } = page.sheet;
  if (name === "propose") return merged(page.check.list.filter(({ severity }) => severity === "warning"), unaccepted);
  const lost = replay?.lost_911 > 0 ? [{ ...LOST, severity: "warning", where: "recorded calls", message: `${replay.lost_911} of the recorded calls went to 911 and would not.`, language: "" }] : [];
  return merged(lost, unaccepted.filter(({ id }) => id !== LOST.id || !lost.length));
}

function merged(list, more) {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...more.filter(({ id }) => !known.has(id))];
}

/** What the form says of each warning. @returns {{finding: string, reason: string}[]} */
export function acceptedIn(page, form) {
  return warningsToAccept(page).map(({ id }) => ({ finding: id, reason: form.elements[`accept-${id}`]?.value.trim() ?? "" }));
}
