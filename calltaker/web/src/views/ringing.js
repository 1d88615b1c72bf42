// A call rings: who, why, where and how urgent, before it is accepted. One big Accept.
import { draw } from "../desk/in_place.js";
import { runningSince } from "../desk/clock.js";
import { kbd, languageName, priorityWords, readingChip, chip, areaName, plain } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function ringing(page, acts) {
  const [offer, ...others] = page.desk.offers;
  return [
    card(offer, page, acts),
    others.length > 0 && draw("p", { class: "quiet", text: `${others.length} more ringing for you.` }),
  ];
}

/** @param {import("../desk/desk_state.js").Offer} offer */
function card(offer, page, acts) {
  const priority = priorityWords(offer.priority);
  const isEmergency = offer.above_all || offer.emergency === "emergency";
  return draw("article", { key: `offer-${offer.offer_id}`, class: `ringing-card${isEmergency ? " ringing-emergency" : ""}`, "aria-labelledby": "ringing-title" },
    draw("header", {},
      draw("p", { class: "ringing-now" }, draw("span", { class: "mark", "aria-hidden": "true", text: isEmergency ? "▲" : "●" }), offer.above_all ? "Emergency: 911 is being called for this caller" : offer.kind === "call_back" ? "Call back: their telephone rings when you accept" : "Ringing"),
      draw("p", { class: "ringing-time figures", text: `waiting ${runningSince(offer.waiting_since)}` })),
    draw("h2", { id: "ringing-title", class: "headline", text: titleOfOffer(offer) }),
    offer.words ? draw("blockquote", { lang: offer.language, text: `“${offer.words}”` }) : draw("p", { class: "quiet", text: "No words were heard." }),
    draw("dl", { class: "facts" },
      ...fact("Caller", offer.caller), ...fact("Language", draw("span", { lang: offer.language, text: languageName(offer.language) })),
      ...fact("Place", offer.place ?? "not known"), ...fact("Area", offer.jurisdiction ? areaName(offer.jurisdiction) : "not known"),
      ...(offer.emergency === "emergency" && offer.intent_title ? fact("Perhaps", offer.intent_title) : []),
      ...fact("Emergency", [readingChip(offer.emergency), offer.emergency_reason && ` ${plain(offer.emergency_reason)}`]),
      ...(priority.words ? fact("Priority", chip(priority)) : []),
      ...(offer.earlier_contacts ? fact("Before", `${offer.earlier_contacts} other ${offer.earlier_contacts === 1 ? "contact" : "contacts"} from this number`) : [])),
    draw("div", { class: "ringing-answer" },
      draw("button", { id: "accept", type: "button", class: "primary accept", "aria-keyshortcuts": "F2", "aria-disabled": page.busy === "accept" ? "true" : null, on: { click: (event) => acts.accept(offer, event) } },
        page.busy === "accept" ? "Accepting…" : "Accept", kbd("F2")),
      page.desk.desk_telephone?.is_approved && draw("button", { key: "desk", type: "button", "aria-keyshortcuts": "Alt+S", on: { click: () => acts.acceptOnDeskTelephone(offer) } }, "On the desk telephone", kbd("Alt+S")),
      !offer.above_all && draw("button", { type: "button", "aria-keyshortcuts": "Alt+R", on: { click: () => acts.decline(offer) } }, "Decline ", kbd("Alt+R"))));
}

/** In danger the words count: a wish that a machine guessed beside it must not stand over them. */
export const titleOfOffer = ({ emergency, intent_title: wish, words }) => (emergency === "emergency" ? "Somebody may be in danger" : wish ?? (words ? "Not understood" : "Did not say what they need"));

const fact = (name, ...told) => [draw("dt", { key: `name-${name}`, text: name }), draw("dd", { key: name }, ...told.flat())];
