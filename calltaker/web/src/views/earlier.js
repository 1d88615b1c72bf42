// Earlier contacts from the number that calls: a short list beside the call, all of them by digit in the question's place,
// and one to read. A number is no person, and the page says so.
import { ago, wallDay } from "../desk/clock.js";
import { draw } from "../desk/in_place.js";
import { capital, kbd, languageName, plain } from "./words.js";

const BESIDE = 3;
const CAUTION = "A number is no person: it may be somebody else. Never tell the caller of it.";

/** @param {import("../desk/desk_state.js").Page} page */
export function earlierBeside(page, acts) {
  const found = page.card?.earlier;
  if (!page.desk?.call || !found?.count) return null;
  return draw("section", { key: "earlier", class: "earlier", "aria-labelledby": "earlier-title" },
    draw("div", { class: "heading" },
      draw("h2", { id: "earlier-title", class: "label" }, "Other contacts ", draw("span", { class: "visually-hidden", text: "from this number " }), draw("span", { class: "count figures", text: String(found.count) })),
      draw("button", { key: "open", type: "button", class: "text-button", "aria-keyshortcuts": "Alt+C", on: { click: acts.openEarlier } }, "Read ", draw("span", { class: "visually-hidden", text: "the other contacts " }), kbd("Alt+C"))),
    draw("ul", { class: "earlier-list" }, ...found.contacts.slice(0, BESIDE).map((one) => draw("li", { key: one.call_id }, mark(one), words(one)))),
    found.count > BESIDE && draw("p", { class: "quiet", text: `and ${found.count - BESIDE} more` }));
}

/** In the question's place: all of them by digit, or the one that is read. @param {import("../desk/desk_state.js").Page} page */
export function earlierContacts(page, acts) {
  const found = page.card?.earlier;
  const head = (title, ...more) => draw("header", { key: "panel-head", class: "panel-head" }, draw("h2", { class: "headline", text: title }), ...more, draw("button", { key: "close", type: "button", class: "text-button", on: { click: acts.closeSheet } }, "Close ", kbd("Esc")));
  if (page.contact) return [head(`${wallDay(page.contact.at)}: ${page.contact.intent_title ?? "Not understood"}`), caution(), summary(page.contact), draw("p", { key: "back" }, draw("button", { type: "button", on: { click: acts.closeContact }, text: "Back to the list" }))];
  if (!found?.count) return [head("Other contacts from this number"), draw("p", { class: "lead", text: found ? "No other contact came from this number, or it was withheld." : "Still being looked for…" })];
  return [
    head("Other contacts from this number"),
    caution(),
    draw("ol", { key: "contacts", class: "options earlier-contacts" }, ...found.contacts.map((one, index) => draw("li", { key: one.call_id },
      draw("button", { type: "button", class: "option", on: { click: () => acts.readEarlier(one) } }, index < 9 ? draw("kbd", { text: String(index + 1) }) : draw("span"), mark(one), words(one))))),
    draw("p", { key: "written", class: "quiet", text: `${found.count > found.contacts.length ? `The newest ${found.contacts.length} of ${found.count}. ` : ""}Opening one is written into its record.` }),
  ];
}

const caution = () => draw("p", { key: "caution", class: "quiet", text: CAUTION });

const mark = ({ emergency }) => draw("span", { class: `mark${emergency ? " earlier-emergency" : ""}`, "aria-hidden": "true", text: emergency ? "▲" : "○" });

function words({ at, intent_title: about, disposition, outcome, request, emergency }) {
  const rest = [disposition ?? (outcome && capital(plain(outcome))), request && `request ${grouped(request)}`].filter(Boolean).join(" · ");
  return draw("span", { class: "earlier-words" }, draw("strong", { text: about ?? "Not understood" }), emergency && draw("span", { class: "earlier-emergency", text: " emergency stood" }), ` ${ago(at)}`, rest && draw("span", { class: "quiet", text: ` · ${rest}` }));
}

function summary(told) {
  const { language } = told;
  return draw("dl", { key: "summary", class: "facts summary" },
    ...fact("Ended", told.disposition ?? (told.outcome ? capital(plain(told.outcome)) : "not said")),
    ...(told.emergency ? fact("Emergency", "An emergency stood") : []),
    ...fact("Language", draw("span", { lang: language, text: languageName(language) })),
    ...fact("Said", told.words ? draw("span", { lang: language, text: `“${told.words}”` }) : told.words_kept ? "No words were heard." : "Words and notes are no longer kept."),
    ...fact("Place", told.place ?? "not known"),
    ...(told.service_request ? fact("Request", `${grouped(told.service_request.number)} (${plain(told.service_request.state)})`) : []),
    ...(told.tags.length ? fact("Tags", told.tags.map(({ title }) => title).join(", ")) : []),
    ...told.follow_ups.flatMap((one) => fact(one.is_done ? "Followed up" : "To follow up", one.what ?? "cannot be read")),
    ...(told.notes ? fact("Notes", draw("span", { class: "summary-notes", text: told.notes })) : []));
}

const grouped = (number) => number.replace(/^(\d{4})(\d{4})$/, "$1 $2");
const fact = (name, told) => [draw("dt", { text: name }), draw("dd", {}, told)];
