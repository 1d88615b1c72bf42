// Twelve keys, as on any telephone since 1968; the keys of the keyboard do the same.
import { make } from "./elements.js";

const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+" };
const NAMES = { "*": "star", "#": "pound" };
export const KEYS = [..."123456789*0#"];

/** A pad of keys; `press(key)` is called with one character. */
export function keypad(press) {
  return make("div", { class: "keypad", role: "group", "aria-label": "Keypad" }, ...KEYS.map((key) => keyButton(key, press)));
}

function keyButton(key, press) {
  return make(
    "button",
    { type: "button", class: "key", "aria-label": NAMES[key], "data-key": key, onclick: () => press(key) },
    make("b", {}, key),
    make("small", { "aria-hidden": "true" }, LETTERS[key] || "\u00a0"),
  );
}

/** The key a keyboard event stands for, or null; typing in a box is never a key of the telephone. */
export function pressedKey(event) {
  const isTyping = event.target.closest("input[type=text], textarea, select");
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return null;
  return KEYS.includes(event.key) ? event.key : null;
}
