// From draft to live: proposing, approving, declining, rolling back, and what was before. Every act answers with the
// document's whole state; what is typed and not yet saved is saved first.

/**
 * @param {{page: object, door: object, keeper: object, take: (state: object) => void, changed: () => void, report: (id: string, refused: any) => void, met?: (what: string, refused: any) => void}} parts
 *   `met` hears of every refusal first: what the door told with it may belong into the dialog.
 */
export function publishingActs({ page, door, keeper, take, changed, report, met = () => {} }) {
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
      else refuse(what, refused);
      return false;
    } finally {
      page.working = "";
      changed();
    }
  }

  /** Say it where the person looks: in the dialog that is open, else on the page. */
  function refuse(what, refused) {
    met(what, refused);
    if (!page.sheet || refused.status === 401) return report(what, refused);
    page.sheet.refused = { what: refused.problem ?? String(refused), to_do: refused.whatToDo ?? "" };
  }

  async function open(name, more = {}) {
    page.sheet = { name, lines: null, ...more };
    changed();
    if (more.from === undefined) return;
    if (more.from === "live" && !page.live) return void Object.assign(page.sheet, { lines: [], isFirst: true });
    try {
      await keeper.flush();
      const { lines, sentences = null } = await door.difference(more.from, more.to);
      if (page.sheet?.name === name) Object.assign(page.sheet, { lines, sentences });
    } catch (refused) {
      page.sheet = null;
      report("difference", refused);
    }
    changed();
  }

  return {
    /** What was refused in a dialog stays on the page until it is read. */
    close() {
      const { refused, name } = page.sheet ?? {};
      page.sheet = null;
      if (refused) report(name, { problem: refused.what, whatToDo: refused.to_do });
      changed();
    },
    openDifference: (from = "live", to = "draft") => open("difference", { from, to }),
    openHistory: () => open("history"),
    openPropose: () => open("propose", { from: "live", to: "draft", later: false }),
    openApprove: () => open("approve", { from: "live", to: "draft" }),
    openDecline: () => open("decline"),
    openRollBack: (version) => open("roll-back", { version, from: "live", to: version }),
    openRetire: (version) => open("retire", { version }),
    openCancel: (version) => open("cancel", { version }),
    openDiscard: () => open("discard"),
    later(isLater) { page.sheet.later = isLater; changed(); },
    /** @param {{reason: string, publish_at: ?string}} order  And whatever else this kind of document asks for. */
    async propose(order) {
      if (!(await keeper.flush())) return refuse("propose", { problem: "The draft is not saved yet.", whatToDo: "Wait until it says saved, then propose it." });
      return act("propose", { revision: keeper.revision, ...order });
    },
    withdraw: () => act("withdraw", {}),
    approve: (more = {}) => act("approve", { revision: page.draft.revision, digest: page.draft.digest ?? null, ...more }),
    decline: (reason) => act("decline", { reason }),
    rollBack: (version, reason) => act("roll-back", { version, reason }),
    retire: (version, reason) => act("retire", { version, reason }),
    discard: () => act("discard", { revision: keeper.revision }),
    cancel: (version, reason) => act("cancel", { version, reason }),
    /** The order that asked for the password, once more with it. */
    confirm: (password) => act(page.sheet.what, { ...page.sheet.body, password }),
  };
}
