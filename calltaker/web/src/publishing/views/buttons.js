// Buttons of the editors: a verb each, and the reason beside one that cannot be pressed.
import { draw } from "../../desk/in_place.js";

export function button(words, click, { key = words, id = null, disabled = false, pressed, tone = "", reason = null, title = null } = {}) {
  return draw("button", { key, id, type: "button", class: tone || null, title, "aria-describedby": reason, "aria-disabled": disabled ? "true" : null, "aria-pressed": pressed === undefined ? null : String(pressed), text: words, on: { click: () => !disabled && click() } });
}

/** A small button with a sign, whose words are read aloud: ↑, ↓, ✕. */
export function sign(mark, label, click, disabled = false) {
  return draw("button", { key: label.split(" ")[0] + mark, type: "button", class: "sign", "aria-label": label, title: label, "aria-disabled": disabled ? "true" : null, text: mark, on: { click: () => !disabled && click() } });
}
