// The right column: WHERE it is, what was SAID, and NOTES. Always there; empty where there is no call.
import { draw, living } from "../desk/in_place.js";
import { earlierBeside } from "./earlier.js";
import { followUp } from "./follow_up.js";
import { lastContact } from "./last_contact.js";
import { tags } from "./tags.js";
import { from911 } from "./from_911.js";
import { locationLink } from "./location_link.js";
import { nearby } from "./nearby.js";
import { areaName, kbd, plain, readingChip, chip } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function caller(page, acts, map, notes) {
  const { call, wrap_up } = page.desk ?? {};
  const shown = call ?? wrap_up;
  return draw("section", { key: "caller", class: "column column-caller", "aria-label": "The caller" },
    draw("div", { key: "known", class: "scroll caller-known", tabindex: "0", role: "region", "aria-label": "What is known of the caller" },
      from911(page, acts), call && where(page, call, acts, map), call && said(call, acts), earlierBeside(page, acts), nearby(page), wrap_up && !call && wrappedUp(wrap_up), lastContact(page, acts), !shown && nobody()),
    draw("div", { key: "kept", class: `caller-kept${shown ? "" : " caller-kept-idle"}${wrap_up && !call ? " caller-kept-wide" : ""}` },
      notesPart(page, notes), shown && tags(page, shown, acts), shown && followUp(page, shown, acts)));
}

const nobody = () => draw("p", { key: "nobody", class: "empty", text: "In a call the caller stands here: where, what was said, other contacts, and your notes." });

/** Who it was and where, while the contact is closed. */
function wrappedUp({ caller: number, place }) {
  return draw("section", { key: "wrapped-up", "aria-label": "The caller who has gone" },
    draw("div", { class: "heading" }, draw("h2", { class: "label", text: "The caller" })), draw("p", { class: "number", text: number }), draw("p", { class: "place-text", text: place?.text ?? "Place not known" }), draw("p", { class: "quiet place-area", text: areaWords(place) }));
}

function where(page, call, acts, map) {
  const { place } = call;
  return draw("section", { key: "where", class: "where", "aria-labelledby": "where-title" },
    draw("div", { class: "heading" }, draw("h2", { id: "where-title", class: "label", text: "Where" }), place && (place.confirmed ? chip({ mark: "✓", words: "confirmed", tone: "connected" }) : chip({ mark: "◆", words: "not confirmed", tone: "possible" }))),
    living(map.node),
    page.pin_moved && pinMoved(page.pin_moved, acts),
    draw("p", { class: "place-text", text: place?.text ?? "Place not known. Ask, then write it here." }),
    draw("p", { class: "quiet place-area", text: areaWords(place) }),
    draw("form", { class: "place-form", on: { submit: (event) => acts.savePlace(event) } },
      draw("label", { for: "place-field", class: "visually-hidden", text: "Place: address, crossing or landmark" }),
      draw("input", { id: "place-field", autocomplete: "off", placeholder: "Change the place (Alt+P)", "aria-keyshortcuts": "Alt+P" }),
      draw("button", { type: "submit", text: "Save" }),
      place && !place.confirmed && draw("button", { key: "confirm", type: "button", "aria-keyshortcuts": "Alt+V", on: { click: acts.confirmPlace } }, "Confirm ", kbd("Alt+V"))),
    draw("div", { key: "ways", class: "location-link" }, locationLink(call, acts), !page.better_open && otherNumber(call, acts)),
    page.better_open && betterNumber(call, acts));
}

/** The pin is in somebody's hand: how far, and the two ways on. */
function pinMoved({ metres, way, saving }, acts) {
  return draw("p", { key: "pin-moved", class: "pin-moved" },
    draw("span", { text: saving ? "Saving the pin…" : `Pin ${metres} m ${way}, not saved` }),
    !saving && draw("button", { key: "save", type: "button", on: { click: acts.savePin } }, "Save pin"),
    !saving && draw("button", { key: "back", type: "button", on: { click: acts.putPinBack } }, "Put back"));
}

/** Where the caller says that they can be called back: 911 is told it. */
function otherNumber({ better_number: number }, acts) {
  return [
    draw("button", { key: "better-open", type: "button", "aria-keyshortcuts": "Alt+E", on: { click: acts.openBetterNumber } }, number ? "Change " : "Other number ", kbd("Alt+E")),
    number && draw("span", { key: "better-told", text: `Call back at ${number}` }),
  ];
}

function betterNumber({ call_id: id, better_number: number }, acts) {
  const told = number ? `Call back at ${number}; another` : "Another number to call back";
  return draw("form", { key: `better-${id}`, class: "place-form", on: { submit: (event) => acts.saveBetterNumber(event) } },
    draw("label", { for: "better-number", class: "visually-hidden", text: told }),
    draw("input", { id: "better-number", type: "tel", autocomplete: "off", placeholder: told }),
    draw("button", { type: "submit", text: "Save" }),
    draw("button", { type: "button", class: "text-button", on: { click: acts.closeBetterNumber }, text: "Leave it" }));
}

function areaWords(place) {
  if (!place) return "";
  const area = place.jurisdiction ? areaName(place.jurisdiction) : "area not known";
  const doubt = place.uncertainty_metres ? `within ${Math.round(place.uncertainty_metres)} m` : "";
  const source = place.source === "location_link" ? "from the caller's telephone" : "";
  return [area, place.jurisdiction && !place.jurisdiction_certain && "near the border: uncertain", doubt, source].filter(Boolean).join(" · ");
}

function said(call, acts) {
  const reason = call.emergency_reason && `Heard: ${plain(call.emergency_reason)}`;
  return draw("section", { key: "said", class: "said-part", "aria-labelledby": "said-title" },
    draw("div", { class: "heading" }, draw("h2", { id: "said-title", class: "label", text: "Said" }), call.alternatives?.length > 0 && draw("span", { class: "quiet heading-key" }, "correct ", kbd("Alt+K")), call.emergency !== "none" && readingChip(call.emergency)),
    call.words ? draw("blockquote", { lang: call.language, tabindex: call.words.length > MANY_LETTERS ? "0" : null, text: `“${call.words}”` }) : draw("p", { class: "quiet", text: "No words were heard." }),
    draw("p", { class: "intent" }, draw("strong", { text: call.intent_title ?? "Not understood" }), call.confidence !== null && call.intent_title ? draw("span", { class: "quiet figures", text: ` ${Math.round(call.confidence * 100)} %` }) : null, reason && draw("span", { class: "quiet", text: ` · ${reason}` })),
    alternatives(call, acts),
    judging(call, acts));
}

/** More of the caller's words than these scroll in their place, so the keyboard must reach them. */
const MANY_LETTERS = 140;

const JUDGEMENTS = [["right", "Read right"], ["missed", "Danger missed"], ["false_alarm", "False alarm"]];

/** Whether the line read this caller's danger right: one press, kept for the supervisors. */
function judging(call, acts) {
  const possible = JUDGEMENTS.filter(([word]) => !(word === "missed" && call.emergency === "emergency") && !(word === "false_alarm" && call.emergency === "none"));
  return draw("div", { id: "judging", class: "judging", role: "group", "aria-keyshortcuts": "Alt+Y", "aria-label": "Was the danger read right" },
    ...possible.map(([word, title]) => draw("button", { key: word, type: "button", class: "judgement", "aria-pressed": String(call.reading_judged === word), on: { click: () => acts.judgeReading(word) }, text: title })));
}

function alternatives(call, acts) {
  if (!call.alternatives?.length) return null;
  return draw("ul", { id: "alternatives", class: "alternatives", "aria-label": "Or did they want" },
    ...call.alternatives.map((one) => draw("li", { key: one.intent }, draw("button", { type: "button", on: { click: () => acts.correctIntent(one.intent) } }, one.title, draw("span", { class: "quiet figures", text: ` ${Math.round(one.confidence * 100)} %` })))));
}

const SAVED = { "": "", typing: "not saved yet", saving: "saving…", kept: "kept in this browser; not saved yet, trying again" };

function notesPart(page, notes) {
  const { state, at } = page.notes;
  return draw("section", { key: "notes", class: "notes", "aria-labelledby": "notes-label" },
    draw("div", { class: "heading" }, draw("label", { id: "notes-label", for: "notes", class: "label", text: "Notes" }), draw("span", { id: "notes-state", class: `notes-state figures${state === "kept" ? " warn" : ""}`, text: state === "saved" ? `saved ${at}` : SAVED[state] })),
    living(notes.field),
    page.desk?.call?.note_read ? draw("p", { class: "warn", role: "status", text: `The notes sound like danger: ${plain(page.desk.call.note_read.reason)}` }) : null);
}
