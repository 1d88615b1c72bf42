// The contact that was closed last: for ten minutes its outcome can be put right, by digit.
import { draw } from "../desk/in_place.js";
import { wallTime } from "../desk/clock.js";
import { dispositionsOf } from "./outcome.js";
import { kbd, titleOf } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function lastContact(page, acts) {
  const last = page.desk?.last_contact;
  if (!last || page.desk.call || page.desk.wrap_up) return null;
  return draw("section", { key: "last-contact", class: "last-contact", "aria-labelledby": "last-contact-title" },
    draw("div", { class: "heading" }, draw("h2", { id: "last-contact-title", class: "label", text: "Your last contact" })),
    draw("p", { class: "place-text", text: last.title }),
    draw("p", { class: "quiet", text: [last.caller, last.intent_title].filter(Boolean).join(" · ") }),
    draw("p", {}, draw("button", { id: "last-contact", type: "button", "aria-expanded": page.correcting ? "true" : "false", "aria-keyshortcuts": "Alt+W", on: { click: acts.openLastContact } }, "Put the outcome right ", kbd("Alt+W"))),
    draw("p", { class: "quiet", text: `Possible until ${wallTime(last.until).slice(0, 5)}; what was said first stays in the record.` }),
    page.correcting && draw("ol", { class: "options last-dispositions" }, ...dispositionsOf(page.desk).map(({ key, title }, index) => draw("li", { key },
      draw("button", { type: "button", class: "option", "aria-pressed": key === last.disposition ? "true" : "false", on: { click: () => acts.correctDisposition(key) } }, draw("kbd", { text: String(index + 1) }), draw("span", { class: "option-text", text: titleOf(title) }))))));
}
