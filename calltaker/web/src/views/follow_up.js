// What is still to be done after the call: said in a line, from a day on, for me or for anybody.
import { draw } from "../desk/in_place.js";
import { dayWords, localDay } from "../desk/clock.js";
import { followUpTyped } from "../desk/card_acts.js";

const WHENS = [["today", "Today"], ["tomorrow", "Tomorrow"], ["in_3_days", "In 3 days"], ["day", "On a day…"]];

/** @param {import("../desk/desk_state.js").Page} page @param {{call_id: string, follow_ups: import("../desk/desk_state.js").FollowUp[]}} shown */
export function followUp(page, shown, acts) {
  const kept = shown.follow_ups ?? [];
  if (!kept.length && !page.follow_up) return null;
  return draw("section", { key: `follow-up-${shown.call_id}`, class: "follow-up", "aria-label": "Follow up" },
    kept.length > 0 && draw("ul", { key: "kept", class: "follow-up-list", tabindex: "0", "aria-label": "To follow up" }, ...kept.map((one) => draw("li", { key: one.task_id },
      draw("span", { "aria-hidden": "true", class: "mark", text: one.is_done ? "✓" : "⚑" }), " ", draw("strong", { text: one.is_done ? "Done" : dayWords(one.due_at) }), draw("span", { class: "quiet", text: one.for_whom ? `, ${one.for_whom}: ` : ", anybody: " }), one.what ?? "cannot be read"))),
    page.follow_up && form(page, shown, acts));
}

function form({ follow_up: { when, day, for_me }, busy }, shown, acts) {
  return draw("form", { key: "form", class: "follow-up-form", on: { submit: acts.makeFollowUp } },
    draw("label", { for: "follow-up-what", class: "label", text: "Follow up" }),
    draw("input", { id: "follow-up-what", autocomplete: "off", maxlength: "300", required: true, placeholder: "What is to be done", value: followUpTyped(shown.call_id), on: { input: (event) => acts.typeFollowUp(event.target.value) } }),
    draw("div", { class: "kept-row" },
      choice("follow-up-when", "When", WHENS, when, (value) => acts.followUp({ when: value })),
      when === "day" && draw("input", { key: "day", id: "follow-up-day", type: "date", required: true, min: localDay(), "aria-label": "The day", value: day, on: { input: (event) => acts.followUp({ day: event.target.value }) } }),
      choice("follow-up-for", "For", [["anybody", "Anybody"], ["me", "Me"]], for_me ? "me" : "anybody", (value) => acts.followUp({ for_me: value === "me" })),
      draw("button", { key: "keep", type: "submit", "aria-disabled": busy === "follow_up" ? "true" : null, text: "Keep" }),
      draw("button", { key: "not", type: "button", class: "text-button", on: { click: acts.closeFollowUp }, text: "Leave it" })));
}

function choice(id, name, options, chosen, change) {
  return draw("select", { key: id, id, "aria-label": name, value: chosen, on: { change: (event) => change(event.target.value) } }, ...options.map(([value, words]) => draw("option", { key: value, value, text: words })));
}
