// How the desk says what the server names: languages, classes of the line, levels, states. One word for one thing, and a
// shape beside every colour.
import { draw } from "../desk/in_place.js";

const LANGUAGES = { en: "English", es: "Español" };
const PRIORITIES = {
  emergency: { mark: "▲", words: "Emergency", tone: "emergency" },
  possible: { mark: "◆", words: "Possible emergency", tone: "possible" },
  from_911: { mark: "■", words: "From 911", tone: "possible" },
  returning: { mark: "↺", words: "Was cut off", tone: "plain" },
  priority: { mark: "●", words: "Priority", tone: "plain" },
  ordinary: { mark: "○", words: "", tone: "plain" },
};
const READINGS = {
  emergency: { mark: "▲", words: "Emergency", tone: "emergency" },
  possible: { mark: "◆", words: "Possible emergency", tone: "possible" },
  none: { mark: "○", words: "No emergency heard", tone: "plain" },
};
const LEVELS = {
  emergency: { mark: "▲", tone: "emergency" },
  urgent: { mark: "◆", tone: "possible" },
  routine: { mark: "●", tone: "connected" },
  information: { mark: "○", tone: "plain" },
};
const PRESENCES = {
  available: { mark: "●", words: "Available", tone: "connected" },
  on_call: { mark: "■", words: "In a call", tone: "connected" },
  wrap_up: { mark: "◐", words: "Wrap-up", tone: "held" },
  break: { mark: "‖", words: "Break", tone: "held" },
  offline: { mark: "○", words: "Off", tone: "plain" },
};

export const languageName = (language) => LANGUAGES[language] ?? language ?? "";
export const otherLanguage = (language) => (language === "es" ? "en" : "es");
export const presenceWords = (state) => PRESENCES[state] ?? { mark: "○", words: plain(state), tone: "plain" };
export const priorityWords = (priority) => PRIORITIES[priority] ?? { mark: "○", words: plain(priority), tone: "plain" };

/** "loose_dog" as people say it: "loose dog". */
export const plain = (name) => (name ?? "").replaceAll("_", " ");
export const areaName = (area) => plain(area).replace(/\b\w/g, (letter) => letter.toUpperCase());
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** The words of anything the server names: text, a sentence in both languages, or a thing with a name or title. */
export function titleOf(thing, language = "en") {
  if (thing === null || thing === undefined) return "";
  if (typeof thing !== "object") return plain(String(thing));
  const named = thing[language] ?? thing.title ?? thing.name ?? thing.words ?? thing.key ?? thing.kind;
  return typeof named === "object" ? titleOf(named, language) : plain(named);
}

/** Where a determinant leads: 911 by the caller's place, or whoever is named. */
export function destinationWords(destination) {
  return destination?.kind === "911" ? "911, by the caller's place" : titleOf(destination);
}

/** A mark, a word and a tone: state said three times. */
export function chip({ mark, words, tone }, about = {}) {
  return draw("span", { class: `chip tone-${tone}`, ...about }, draw("span", { class: "mark", "aria-hidden": "true", text: mark }), words);
}

export const readingChip = (level) => chip(READINGS[level] ?? READINGS.none);
export const levelChip = (level) => chip({ ...(LEVELS[level] ?? LEVELS.information), words: capital(plain(level)) });

/** The caller's language first and larger, the other beside it. */
export function bothLanguages(both, language, kind = "said") {
  if (!both) return [];
  if (typeof both === "string") return [draw("p", { class: kind, text: both })];
  const [first, second] = [language, otherLanguage(language)].map((one) => [one, both[one]]).filter(([, text]) => text);
  return [first && draw("p", { class: kind, lang: first[0], text: first[1] }), second && draw("p", { class: `${kind}-other`, lang: second[0], text: second[1] })];
}

export const kbd = (key) => draw("kbd", { text: key, "aria-hidden": "true" });
