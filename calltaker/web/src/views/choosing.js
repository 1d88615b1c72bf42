// Another outcome than the rules': what stands, what could stand, whether something new was learned or the rules do not
// fit, and why. Also the way out of a protocol before its end.
import { draw } from "../desk/in_place.js";
import { keepTyped, typedText } from "../desk/typed_keeper.js";
import { kbd, levelChip, titleOf } from "./words.js";

const KINDS = [
  ["retriage", "Something new was learned", "The caller said more, or it has changed."],
  ["override", "The rules do not fit this caller", "Always with a reason; the rules' own outcome is kept beside it."],
];
export const REASON = "choice-reason";

/** @param {import("../desk/desk_state.js").Page} page */
export function choosing(page, acts) {
  const { protocol } = page.desk.call;
  const open = openChoices(protocol);
  return [
    draw("header", { key: "panel-head", class: "panel-head" },
      draw("h2", { class: "headline", text: "Choose another outcome" }),
      draw("button", { type: "button", class: "text-button", on: { click: acts.closeSheet } }, "Close ", kbd("Esc"))),
    stands(protocol),
    draw("ol", { key: "choices", class: "options choices" }, ...open.map((choice, index) => row(choice, index, page, acts))),
    page.choice?.determinant && why(page, open, acts),
    leaving(protocol, acts),
  ];
}

/** The outcomes that do not stand, the most urgent first. */
export const openChoices = ({ choices }) => choices.filter(({ stands: isStanding }) => !isStanding);

function stands({ determinant, computed }) {
  if (!determinant) return draw("p", { key: "stands", class: "lead", text: "No outcome stands yet: the rules wait for the next answers." });
  return draw("p", { key: "stands", class: "lead" }, "Stands now: ", draw("strong", { text: titleOf(determinant.title) }), " ", levelChip(determinant.level), computed && ` The rules say ${titleOf(computed.title)}.`);
}

function row(choice, index, page, acts) {
  const isChosen = page.choice?.determinant === choice.id;
  const blocked = Boolean(choice.why_not);
  return draw("li", { key: choice.id }, draw("button", { type: "button", class: "option choice", "aria-pressed": isChosen ? "true" : "false", "aria-disabled": blocked ? "true" : null, on: { click: () => acts.pickOutcome(choice) } },
    index < 9 ? draw("kbd", { text: String(index + 1) }) : draw("span"),
    draw("span", { class: "flag-words" },
      draw("span", { class: "flag-title" }, levelChip(choice.level), " ", draw("span", { class: "option-text", text: titleOf(choice.title) })),
      blocked ? draw("span", { class: "flag-note", text: choice.why_not }) : choice.emergency ? draw("span", { class: "flag-note", text: "Dials 911 at once." }) : choice.lower ? draw("span", { class: "flag-note", text: "Less urgent than what stands: say why." }) : null)));
}

function why(page, open, acts) {
  const chosen = open.find(({ id }) => id === page.choice.determinant);
  if (!chosen) return null;
  const needsReason = chosen.lower || page.choice.kind === "override";
  const place = { session_id: page.desk.call.protocol.session_id, question: REASON };
  return draw("form", { key: "why", class: "why-form", on: { submit: (event) => acts.confirmOutcome(event, chosen) } },
    draw("fieldset", {},
      draw("legend", { class: "label", text: `Why “${titleOf(chosen.title)}”` }),
      ...KINDS.map(([kind, words, hint]) => draw("label", { key: kind, class: "check" },
        draw("input", { type: "radio", name: "kind", value: kind, ticked: page.choice.kind === kind, on: { change: () => acts.choiceKind(kind) } }), draw("span", {}, words, " ", draw("span", { class: "quiet", text: hint }))))),
    draw("label", { for: REASON, text: needsReason ? "The reason, for the record" : "The reason, if there is one to keep" }),
    draw("input", { id: REASON, key: "reason", autocomplete: "off", maxlength: "2000", required: needsReason, value: typedText(place, chosen.id), on: { input: (event) => keepTyped(place, chosen.id, event.target.value) } }),
    draw("button", { key: "confirm", type: "submit", class: "primary", text: chosen.emergency ? "Choose it and dial 911" : "Choose it" }));
}

function leaving({ ended, question }, acts) {
  if (ended || !question) return null;
  return draw("p", { key: "leaving", class: "leaving" },
    draw("button", { type: "button", id: "leave-early", on: { click: acts.leaveEarly }, text: "Stop asking here" }),
    draw("span", { class: "quiet", text: "What stands now is the outcome. Beginning the protocol again keeps the answers." }));
}
