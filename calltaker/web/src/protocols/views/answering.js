// How a question is answered in the drawer, by its kind: options by number keys, several ticked and confirmed, a number or
// words typed. Not knowing and not saying are legal answers to every one.
import { draw } from "../../desk/in_place.js";
import { isWithheld, optionButton, optionsOf } from "../../views/option.js";
import { titleOf } from "../../views/words.js";

/** What is typed, and the answer that it makes. */
const TYPED = {
  number: { label: "A number", made: Number, about: { type: "number", step: "any" } },
  text: { label: "In the caller's words", made: (words) => words },
  place: { label: "The place, as confirmed", made: (text) => ({ text, confirmed: true }) },
  time: { label: "When, in words", made: (text) => ({ text }) },
  person: { label: "The person, as described", made: (description) => ({ description }) },
};

export function answering(asked, call, acts) {
  const { language } = call;
  const options = optionsOf(asked);
  const isMany = asked.kind === "many";
  const take = ({ id }) => (isMany && !isWithheld(id) ? acts.toggle(id) : acts.answer(asked.id, id));
  return [
    TYPED[asked.kind] && typed(asked, call, acts),
    draw("ol", { key: "options", class: "options" }, ...options.map((option, index) => optionButton(option.id, index, option.text, language, () => take(option), null, isMany && !isWithheld(option.id) ? { "aria-pressed": String(call.chosen.includes(option.id)) } : {}))),
    isMany && draw("button", { key: "these", type: "button", class: "primary", id: "try-these", on: { click: () => acts.answer(asked.id, call.chosen) } }, call.chosen.length ? "These" : "None of them", draw("kbd", { text: "Enter", "aria-hidden": "true" })),
  ];
}

function typed(asked, { answers, language, reopened }, acts) {
  const { label, made, about = { type: "text" } } = TYPED[asked.kind];
  const submit = (event) => {
    event.preventDefault();
    const words = event.target.elements.value.value.trim();
    if (words) acts.answer(asked.id, made(words));
  };
  const before = answers[asked.id];
  return draw("form", { key: `typed-${asked.id}`, class: "typed", on: { submit } },
    draw("label", { for: "try-answer", text: [label, asked.unit && titleOf(asked.unit, language)].filter(Boolean).join(", ") }),
    draw("input", { id: "try-answer", name: "value", autocomplete: "off", required: true, value: reopened && before !== undefined && typeof before !== "object" && !isWithheld(before) ? String(before) : undefined, ...about }),
    draw("button", { type: "submit", class: "primary", text: "Enter" }));
}

/** A figure takes the option of that number wherever the focus is, as at the desk; Enter confirms several. A field keeps its own keys. */
export function pressed(event, asked, call, acts) {
  if (!asked || event.target.matches?.("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && asked.kind === "many" && !event.target.closest?.("button, a, summary")) { event.preventDefault(); acts.answer(asked.id, call.chosen); return; }
  const option = /^[1-9]$/.test(event.key) ? optionsOf(asked)[Number(event.key) - 1] : null;
  if (!option) return;
  event.preventDefault();
  if (asked.kind === "many" && !isWithheld(option.id)) acts.toggle(option.id);
  else acts.answer(asked.id, option.id);
}
