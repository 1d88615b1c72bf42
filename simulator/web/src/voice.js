// The line's words spoken by the browser, where the browser can speak. One voice for the page: two phones never talk at once.

const synthesis = window.speechSynthesis;
const REMEMBERED = "simulator-speak";

export const canSpeak = Boolean(synthesis);

/** Whether the person wants to hear the line; remembered from visit to visit. */
export function isWanted() {
  return canSpeak && localStorage.getItem(REMEMBERED) !== "no";
}

export function want(wanted) {
  localStorage.setItem(REMEMBERED, wanted ? "yes" : "no");
  if (!wanted) hush();
}

/** Say the words in their language, after what is being said. */
export function speak(text, language) {
  if (!isWanted() || !text) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language || "en-US";
  synthesis.speak(utterance);
}

/** Stop at once: the person pressed a key, spoke or hung up. */
export function hush() {
  synthesis?.cancel();
}
