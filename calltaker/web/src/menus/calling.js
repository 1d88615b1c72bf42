// The live menu's callers and the draft's trial number: how many took each way, and where to call what is not live yet.

/** @param {{page: object, door: object, changed: () => void, report: (id: string, refused: any) => void}} parts */
export function callingActs({ page, door, changed, report }) {
  return {
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
