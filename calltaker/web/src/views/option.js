// One answer or protocol to take, by mouse or by its digit.
import { draw } from "../desk/in_place.js";
import { otherLanguage, titleOf } from "./words.js";

export const WITHHELD = [
  { id: "unknown", text: { en: "Does not know", es: "No sabe" } },
  { id: "refused", text: { en: "Does not want to say", es: "No quiere decir" } },
];

/** Whether an option says that there is no answer. */
export const isWithheld = (id) => WITHHELD.some((one) => one.id === id);

/** The options of a question in the order of their digits; not knowing and not saying are legal answers to every one. */
export function optionsOf({ options }) {
  const given = options ?? [];
  return [...given, ...WITHHELD.filter(({ id }) => !given.some((option) => option.id === id))];
}

/** `about` adds to the button: `aria-pressed` makes it one of several. */
export function optionButton(key, index, text, language, act, beside = null, about = {}) {
  const [first, second] = [text[language] ?? titleOf(text), text[otherLanguage(language)]];
  // The second click of a double click would answer the question that the first has brought.
  const click = (event) => event.detail <= 1 && act();
  return draw("li", { key, class: isWithheld(key) ? "withheld" : null }, draw("button", { type: "button", class: "option", ...about, on: { click } },
    index < 9 ? draw("kbd", { text: String(index + 1) }) : draw("span"),
    draw("span", { class: "option-text", lang: language, text: first }),
    second && second !== first && draw("span", { class: "option-other", lang: otherLanguage(language), text: second }), beside));
}
