// What the call-taker can do with the directory: call somebody in, say that they have the caller, let them go.
import { emergencyOpen } from "../views/strip.js";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(name: string, path: string, body?: object, id?: string) => Promise<boolean>} parts.ofCall  An order about the call.
 * @param {(id: string) => void} parts.focus
 */
export function referralActs({ page, changed, ofCall, focus }) {
  const call = () => page.desk?.call;
  const isUp = ({ state }) => ["answered", "accepted"].includes(state);
  const open = () => (call()?.referrals ?? []).filter(({ is_open }) => is_open);

  const acts = {
    /** F8 opens the list; pressed again it changes how they are called. */
    openDirectory() {
      if (!call()?.directory || emergencyOpen(page)) return;
      if (page.sheet === "directory") return acts.toggleConsult();
      Object.assign(page, { sheet: "directory", consult: false, choice: null, heard: null, tab: "question" });
      changed(true);
      focus("centre");
    },
    toggleConsult() {
      page.consult = !page.consult;
      changed();
    },
    async callIn({ key }) {
      const referral_id = crypto.randomUUID().replaceAll("-", "");
      const consult = Boolean(page.consult);
      Object.assign(page, { sheet: null, consult: false });
      changed(true);
      focus("centre");
      await ofCall("refer", "referrals", { referral_id, destination: key, consult }, `refer ${key}`);
    },
    theyHaveTheCaller(one = open().find((each) => each.takes_over && each.state === "answered")) {
      if (one) ofCall("referral_accepted", `referrals/${one.referral_id}/accepted`, {}, `accepted ${one.referral_id}`);
    },
    /** Whoever still rings first, then whoever is on the line. */
    letGo(one = open().find((each) => !isUp(each)) ?? open().at(-1)) {
      if (one) ofCall("let_go", `referrals/${one.referral_id}/cancel`, {}, `let go ${one.referral_id}`);
    },
  };
  return acts;
}
