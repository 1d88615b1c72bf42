// What opens in the question's place for the telephone: the reasons of a hold with what the caller hears, and the keys.
import { draw } from "../desk/in_place.js";
import { PAD } from "../desk/shift_acts.js";
import { bothLanguages, kbd } from "./words.js";

const LETTERS = { 2: "abc", 3: "def", 4: "ghi", 5: "jkl", 6: "mno", 7: "pqrs", 8: "tuv", 9: "wxyz" };

const head = (title, acts) => draw("header", { key: "panel-head", class: "panel-head" },
  draw("h2", { class: "headline", text: title }),
  draw("button", { type: "button", class: "text-button", on: { click: acts.closeSheet } }, "Close ", kbd("Esc")));

/** @param {import("../desk/desk_state.js").Page} page */
export function holding(page, acts) {
  const { hold_reasons: reasons, language } = page.desk.call;
  return [
    head("Hold: what shall the caller hear?", acts),
    draw("ol", { key: "reasons", class: "options hold-reasons" }, ...reasons.map((reason, index) => draw("li", { key: reason.key },
      draw("button", { type: "button", class: "option", on: { click: () => acts.holdFor(reason) } },
        draw("kbd", { text: String(index + 1) }),
        draw("span", { class: "hold-reason" }, draw("span", { class: "option-text", text: reason.title }), ...bothLanguages({ [language]: reason.said[language] }, language, "option-other")))))),
    draw("p", { key: "how", class: "quiet" }, kbd("F4"), " once more holds with the first. The caller is taken back by itself when the time is over."),
  ];
}

/** The keys of a telephone, for menus of whoever is called in. @param {import("../desk/desk_state.js").Page} page */
export function keypad(page, acts) {
  return [
    head("Keypad", acts),
    draw("p", { key: "how", class: "lead", text: "Type the keys, or press them here. Everybody in the call hears them." }),
    draw("div", { key: "pad", id: "keypad", class: "keypad", tabindex: "0", role: "group", "aria-label": "Keypad", on: { keydown: acts.typeOnPad } },
      ...PAD.map((key) => draw("button", { key: `key-${key}`, type: "button", class: "pad-key", on: { click: () => acts.pressKey(key) } }, draw("span", { class: "pad-figure", text: key }), draw("span", { class: "pad-letters", "aria-hidden": "true", text: LETTERS[key] ?? "" })))),
    draw("p", { key: "pressed", class: "pad-pressed figures" }, draw("span", { class: "label", text: "Pressed " }), page.pressed || "nothing yet"),
  ];
}
