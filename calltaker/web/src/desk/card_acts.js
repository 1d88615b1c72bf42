// What the call-taker can do with the caller's card: read earlier contacts, tag, follow up, put the language or the last
// outcome right. What was typed for a follow-up is kept until the server has it.
import { order } from "./staff_door.js";
import { announce } from "./announcer.js";
import { emergencyOpen } from "../views/strip.js";
import { languageName, otherLanguage } from "../views/words.js";
import { freeTags, matching } from "../views/tags.js";

const TYPED = "old-pueblo.follow-up";

/** What was typed for a follow-up of this call and the id under which it is sent, kept in this browser until it is kept there. */
function keptFollowUp(callId) {
  try {
    return JSON.parse(localStorage.getItem(`${TYPED}.${callId}`)) ?? {};
  } catch {
    return {};
  }
}

/** What was typed for a follow-up of this call, "" for nothing. */
export const followUpTyped = (callId) => keptFollowUp(callId).what ?? "";

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {() => void} parts.changed  Draw again.
 * @param {(name: string, path: string, body?: object, hears?: string, id?: string) => Promise<boolean>} parts.command  An order.
 * @param {(id: string) => void} parts.focus
 * @param {any} parts.act  All acts.
 */
export function cardActs({ page, changed, command, focus, act }) {
  const call = () => page.desk?.call;
  /** The call that is shown, or the one that is wrapped up. */
  const shown = () => call() ?? page.desk?.wrap_up ?? null;
  const ofShown = (name, path, body, id) => shown() && command(name, `/calls/${shown().call_id}/${path}`, body, call() ? undefined : "", id);
  const contacts = () => page.card?.earlier.contacts ?? [];

  const acts = {
    /** What the keys of the card do, by their names in the map. */
    keysOfCard: () => ({
      decline: () => page.desk?.offers[0] && !call() && !page.desk.offers[0].above_all && act.decline(page.desk.offers[0]),
      they_decline: act.theyDecline, judge: () => act.toColumn("caller", "judging"), tasks: () => act.toColumn("line", "tasks"),
      confirm_place: () => call()?.place && !call().place.confirmed && act.confirmPlace(),
      location_link: () => call()?.location_link && !call().location_link.why_not && act.textLocationLink(),
      language: acts.switchLanguage, better_number: acts.openBetterNumber, earlier: acts.openEarlier,
      tags: acts.toTags, follow_up: acts.openFollowUp, last_contact: acts.openLastContact,
    }),

    openEarlier() {
      if (!call() || emergencyOpen(page)) return;
      Object.assign(page, { sheet: "earlier", contact: null, tab: "question" });
      changed(true);
      focus("centre");
    },
    /** One of them to read; each opening is written down where it was read. */
    async readEarlier(one) {
      if (!one || !call() || page.busy === "earlier") return;
      const callId = call().call_id;
      page.busy = "earlier";
      try {
        const told = await order(`/calls/${callId}/earlier/${one.call_id}`);
        if (call()?.call_id !== callId || page.sheet !== "earlier") return;
        act.read("earlier");
        page.contact = told;
      } catch (error) {
        act.fail("earlier", error, "The caller hears you as before.");
      } finally {
        if (page.busy === "earlier") page.busy = null;
      }
      changed(true);
      focus("centre");
    },
    earlierByDigit: (digit) => (page.contact ? null : acts.readEarlier(contacts()[digit - 1])),
    closeContact() {
      page.contact = null;
      changed(true);
      focus("centre");
    },

    toTags: () => shown() && act.toColumn("caller", "tag-field"),
    typeTag(words) {
      page.tag_typed = words;
      changed();
    },
    async addTag(event) {
      event.preventDefault();
      const field = document.getElementById("tag-field");
      const typed = field.value.trim();
      if (!typed) return;
      const [first] = matching(freeTags(page.card, shown()), typed);
      if (!(await ofShown("tag", "tags", { tag: first?.tag ?? typed }))) return;
      field.value = page.tag_typed = "";
      changed();
    },
    removeTag: ({ tag_id }) => ofShown("tag", `tags/${tag_id}/remove`, {}, `untag ${tag_id}`),

    openFollowUp() {
      if (!shown()) return;
      page.follow_up ??= { when: "today", day: "", for_me: false, id: keptFollowUp(shown().call_id).id ?? newId() };
      act.toColumn("caller", "follow-up-what");
    },
    closeFollowUp() {
      page.follow_up = null;
      changed(true);
      focus("follow-up-open");
    },
    followUp(part) {
      Object.assign(page.follow_up, part);
      changed(true);
      if (part.when === "day") focus("follow-up-day");
    },
    typeFollowUp: (what) => localStorage.setItem(`${TYPED}.${shown().call_id}`, JSON.stringify({ what, id: page.follow_up.id })),
    async makeFollowUp(event) {
      event.preventDefault();
      const { when, day, for_me, id } = page.follow_up;
      const callId = shown().call_id;
      const what = followUpTyped(callId).trim();
      if (!what || (when === "day" && !day)) return;
      // The same id until it is kept: an answer that is lost makes no second one.
      if (!(await ofShown("follow_up", "follow-up", { follow_up_id: id, what, when: when === "day" ? day : when, for_me }))) return;
      localStorage.removeItem(`${TYPED}.${callId}`);
      acts.closeFollowUp();
    },

    async switchLanguage() {
      if (!call()) return;
      const language = otherLanguage(call().language);
      if (await ofShown("language", "language", { language })) announce(`The caller speaks ${languageName(language)}: what is spoken from now on follows.`);
    },

    openLastContact() {
      if (!page.desk?.last_contact) return;
      page.correcting = !page.correcting;
      act.toColumn("caller", "last-contact");
    },
    async correctDisposition(disposition) {
      const last = page.desk?.last_contact;
      if (!last) return;
      page.correcting = false;
      await command("disposition", `/calls/${last.call_id}/disposition`, { disposition }, "");
      focus("last-contact");
    },

    closeBetterNumber() {
      page.better_open = false;
      changed(true);
      focus("centre");
    },
    openBetterNumber() {
      if (!call()) return;
      page.better_open = true;
      act.toColumn("caller", "better-number");
    },
  };
  return acts;
}

const newId = () => crypto.randomUUID().replaceAll("-", "");
