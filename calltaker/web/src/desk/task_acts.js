// What the call-taker can do with what callers left: ring them, say that they are on it, give it back.

const HEARS = "Nobody is on the telephone yet.";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {(name: string, path: string, body: object, hears: string, id?: string) => Promise<boolean>} parts.command
 */
export function taskActs({ page, command, telephone, ringer, focusLater, report }) {
  const isFree = (one) => ["to_do", "again", "in_line", "gave_up"].includes(one.state) || (one.state === "claimed" && one.by === page.desk.staff.name);

  const acts = {
    /** Whom the key rings: the first of the list whom nobody else is on. */
    firstToCall: () => (page.desk?.call ? undefined : page.desk?.tasks?.find(isFree)),
    /** Reserve them for this desk; their telephone rings once ours is in the room. */
    async callTask(one = acts.firstToCall()) {
      if (page.desk?.call) return report({ id: "call_back", what: "You are in a call.", hears: "", to_do: "Finish it, then ring them." });
      if (!one) return;
      ringer.unlock();
      const offer_id = crypto.randomUUID().replaceAll("-", "");
      if (!(await command("call_back", `/tasks/${one.kind}/${one.task_id}/call`, { offer_id }, HEARS, `call ${one.task_id}`))) return;
      focusLater("centre");
      await telephone.connect(offer_id);
    },
    claimTask: (one, on) => command("claim", `/tasks/${one.kind}/${one.task_id}/claim`, { on }, HEARS, `claim ${one.task_id}`),
  };
  return acts;
}
