// The map of keys, once: what each does, how it is shown, and which event it answers to. Function keys and Alt work
// everywhere; single keys only while no field has focus, and can be switched off (WCAG 2.1.4).

const SINGLE_KEYS = "old-pueblo.single-keys";

/** @typedef {{does: string, key: string, code?: string, alt?: boolean, single?: boolean, words: string}} Key */
/** @type {Key[]} */
export const KEYS = [
  { does: "red", key: "F9", words: "Dial 911 for this caller, at once" },
  { does: "they_have_it", key: "Alt+T", code: "KeyT", alt: true, words: "They have it: 911, or who was called in, has the caller" },
  { does: "they_decline", key: "Alt+Q", code: "KeyQ", alt: true, words: "911 will not take the caller: the next destination is dialled" },
  { does: "accept", key: "F2", words: "Accept the ringing call" },
  { does: "decline", key: "Alt+R", code: "KeyR", alt: true, words: "Decline the ringing call: it rings on for others" },
  { does: "call_back", key: "Alt+Z", code: "KeyZ", alt: true, words: "Call back the first of what was left for us" },
  { does: "red_flags", key: "F7", words: "Danger: choose what it is, and 911 is dialled" },
  { does: "find", key: "F3", words: "Find a protocol by its words, or go to another one" },
  { does: "back", key: "Alt+B", code: "KeyB", alt: true, words: "Back: answer the last question again" },
  { does: "choose", key: "Alt+O", code: "KeyO", alt: true, words: "Choose another outcome, or stop asking" },
  { does: "hold", key: "F4", words: "Hold with a reason by digit (again: the first), or resume" },
  { does: "keypad", key: "Alt+D", code: "KeyD", alt: true, words: "Keypad of the telephone, for the menu of whoever is called in" },
  { does: "telephone", key: "Alt+S", code: "KeyS", alt: true, words: "Take the call on your desk telephone; in a call: change over to it, or back" },
  { does: "more", key: "Alt+M", code: "KeyM", alt: true, words: "After a call: one more minute" },
  { does: "transfer", key: "F8", words: "Call somebody in by digit; again: with the caller on hold first" },
  { does: "let_go", key: "Alt+X", code: "KeyX", alt: true, words: "Take a call back, or let who was called in go" },
  { does: "dispatcher", key: "Alt+G", code: "KeyG", alt: true, words: "From 911: their dispatcher has left, or is back" },
  { does: "mute", key: "F6", words: "Mute or unmute yourself" },
  { does: "leave", key: "Alt+L", code: "KeyL", alt: true, words: "Leave the call to 911, or to who has the caller" },
  { does: "hang_up", key: "Alt+H", code: "KeyH", alt: true, words: "Hang up: end the call for everybody" },
  { does: "question", key: "Esc", code: "Escape", words: "Close what is open; from a field back to the question" },
  { does: "notes", key: "Alt+N", code: "KeyN", alt: true, words: "Write notes" },
  { does: "place", key: "Alt+P", code: "KeyP", alt: true, words: "Change the place" },
  { does: "confirm_place", key: "Alt+V", code: "KeyV", alt: true, words: "Confirm the place as it stands" },
  { does: "location_link", key: "Alt+F", code: "KeyF", alt: true, words: "Text the caller a location link" },
  { does: "better_number", key: "Alt+E", code: "KeyE", alt: true, words: "Another number to call back" },
  { does: "language", key: "Alt+I", code: "KeyI", alt: true, words: "Other language: what the line says from now on follows it" },
  { does: "judge", key: "Alt+Y", code: "KeyY", alt: true, words: "Say whether the danger was read right" },
  { does: "earlier", key: "Alt+C", code: "KeyC", alt: true, words: "Other contacts from this number, by digit" },
  { does: "tags", key: "Alt+A", code: "KeyA", alt: true, words: "Add a tag" },
  { does: "follow_up", key: "Alt+U", code: "KeyU", alt: true, words: "Keep what is to be followed up after the call" },
  { does: "last_contact", key: "Alt+W", code: "KeyW", alt: true, words: "Put right how your last contact ended" },
  { does: "tasks", key: "Alt+J", code: "KeyJ", alt: true, words: "Go to what was left for us" },
  { does: "said", key: "Alt+K", code: "KeyK", alt: true, words: "Correct what the caller wants" },
  { does: "digit", key: "1 – 9", single: true, words: "Answer the question, choose a protocol, an outcome, a contact or whom to call in, mark what you have read to the caller" },
  { does: "confirm", key: "Enter", single: true, words: "Confirm several answers chosen by digits" },
  { does: "keys", key: "?", single: true, words: "Show or hide this map" },
];

export const singleKeysOn = () => localStorage.getItem(SINGLE_KEYS) !== "off";
export const setSingleKeys = (on) => localStorage.setItem(SINGLE_KEYS, on ? "on" : "off");

/** Where a key types something, single keys must not act. */
export const isTyping = (element) => Boolean(element?.closest?.("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]"));

/** Where Enter already means the element itself; on one of several answers it means all that are chosen. */
const isPressing = (element) => Boolean(element?.closest?.("button:not(.option[aria-pressed]), a, summary, label"));

/**
 * What a key event asks for: an entry's `does`, with the digit where there is one; null if nothing.
 * @param {KeyboardEvent} event @returns {?{does: string, digit?: number}}
 */
export function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing) return null;
  const named = KEYS.find((key) => !key.single && Boolean(key.alt) === event.altKey && (key.code ?? key.key) === event.code);
  if (named) return { does: named.does };
  if (event.altKey || isTyping(event.target) || !singleKeysOn()) return null;
  if (event.key === "Enter") return isPressing(event.target) ? null : { does: "confirm" };
  if (/^[1-9]$/.test(event.key)) return { does: "digit", digit: Number(event.key) };
  return event.key === "?" ? { does: "keys" } : null;
}
