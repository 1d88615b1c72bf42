// From draft to live: proposing, approving, declining, rolling back, the trial number, and what was before. Every act
// answers with the menu's whole state; what is typed and not yet saved is saved first.

/** @param {{page: object, door: object, keeper: object, take: (state: object) => void, changed: () => void, report: (id: string, refused: any) => void}} parts */
export function publishingActs({ page, door, keeper, take, changed, report }) {
  /** Do it, show what came of it; true when it was done. */
  async function act(what, body) {
    page.working = what;
    changed();
    try {
      take(await door.act(what, body));
      page.sheet = null;
      return true;
    } catch (refused) {
      if (refused.told?.needs === "password") page.sheet = { name: "password", what, body, problem: body.password ? refused.problem : "" };
      else report(what, refused);
      return false;
    } finally {
      page.working = "";
      changed();
    }
  }

  async function open(name, more = {}) {
    page.sheet = { name, lines: null, ...more };
    changed();
    if (more.from === undefined) return;
    try {
      await keeper.flush();
      const { lines } = await door.difference(more.from, more.to);
      if (page.sheet?.name === name) page.sheet.lines = lines;
    } catch (refused) {
      page.sheet = null;
      report("difference", refused);
    }
    changed();
  }

  return {
    close() { page.sheet = null; changed(); },
    openDifference: (from = "live", to = "draft") => open("difference", { from, to }),
    openHistory: () => open("history"),
    openPropose: () => open("propose", { from: "live", to: "draft", later: false }),
    openApprove: () => open("approve", { from: "live", to: "draft" }),
    openDecline: () => open("decline"),
    openRollBack: (version) => open("roll-back", { version, from: "live", to: version }),
    openCancel: (version) => open("cancel", { version }),
    openDiscard: () => open("discard"),
    openSubMenu: () => open("sub-menu"),
    later(isLater) { page.sheet.later = isLater; changed(); },
    async propose(reason, publishAt) {
      if (!(await keeper.flush())) return report("propose", { problem: "The draft is not saved yet.", whatToDo: "Wait until it says saved, then propose it." });
      return act("propose", { revision: keeper.revision, reason, publish_at: publishAt });
    },
    withdraw: () => act("withdraw", {}),
    approve: () => act("approve", { revision: page.draft.revision, digest: page.draft.digest ?? null }),
    decline: (reason) => act("decline", { reason }),
    rollBack: (version, reason) => act("roll-back", { version, reason }),
    discard: () => act("discard", { revision: keeper.revision }),
    cancel: (version, reason) => act("cancel", { version, reason }),
    /** The order that asked for the password, once more with it. */
    confirm: (password) => act(page.sheet.what, { ...page.sheet.body, password }),
    async callDraft() {
      page.sheet = { name: "trial" };
      changed();
      try {
        page.trial = await door.act("trial", { document: page.document });
      } catch (refused) {
        page.sheet = null;
        report("trial", refused);
      }
      changed();
    },
    async usage(days) {
      page.usageDays = days;
      page.usage = null;
      changed();
      if (!days) return;
      try {
        const usage = await door.usage(days);
        if (page.usageDays === days) page.usage = usage;
      } catch (refused) {
        page.usageDays = 0;
        report("usage", refused);
      }
      changed();
    },
  };
}
