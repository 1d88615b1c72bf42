// Danger, one key away from every question: which one it is, chosen by its digit; 911 is dialled with no further question.
import { draw } from "../desk/in_place.js";
import { kbd, otherLanguage } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function redFlags(page, acts) {
  const { red_flags: flags, language } = page.desk.call;
  return [
    draw("header", { key: "panel-head", class: "panel-head" },
      draw("h2", { class: "headline emergency-title", text: "What is the danger?" }),
      draw("button", { type: "button", class: "text-button", on: { click: acts.closeSheet } }, "Close, no danger ", kbd("Esc"))),
    page.heard && draw("p", { key: "heard", class: "safety", role: "status" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), `This may be a danger: “${page.heard}”`),
    draw("p", { key: "panel-lead", class: "lead" }, draw("strong", { text: "Choosing dials 911 at once." }), " Not sure counts as yes. Something else: ", kbd("F9"), draw("span", { class: "visually-hidden", text: "F9" })),
    draw("ol", { key: "flags", class: "options flags" }, ...flags.map((flag, index) => option(flag, index, language, acts))),
  ];
}

function option(flag, index, language, acts) {
  const other = otherLanguage(language);
  const click = (event) => event.detail <= 1 && acts.raiseFlag(flag);
  return draw("li", { key: flag.id }, draw("button", { type: "button", class: "option flag", title: flag.note.en, on: { click } },
    draw("kbd", { text: String(index + 1) }),
    draw("span", { class: "flag-words" },
      draw("span", { class: "flag-title" }, draw("span", { class: "option-text", lang: language, text: flag.title[language] }), " ", draw("span", { class: "option-other", lang: other, text: flag.title[other] })),
      draw("span", { class: "flag-note", lang: "en", text: flag.note.en }))));
}

/** The way there, on every question and before the first. */
export function dangerButton(acts) {
  return draw("button", { key: "danger", id: "danger", type: "button", class: "danger", "aria-keyshortcuts": "F7", on: { click: acts.openFlags } }, draw("span", { class: "mark", "aria-hidden": "true", text: "▲" }), "Danger", kbd("F7"));
}
