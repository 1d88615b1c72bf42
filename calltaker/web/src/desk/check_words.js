// What the results of the check before a shift mean, in words, with what to do where something is wrong. Values only.

/** Milliseconds to and fro, and the share of lost sound, above which talking becomes hard (ITU-T G.114: 150 ms one way). */
const SLOW_MS = 300;
const QUALITY = { excellent: "Excellent", great: "Great", good: "Good", fair: "Fair", degraded: "Poor" };

/** @typedef {{state: "untried"|"running"|"good"|"bad", words: string, to_do: string}} Step */
export const UNTRIED = { state: "untried", words: "", to_do: "" };

/** What the SDK's preflight has found. @returns {Step} */
export function networkFound(report) {
  const { callQuality: quality, stats, isTurnRequired: relayed } = report;
  if (!stats) return { state: "bad", words: "The line answered, but no sound could be measured.", to_do: "Try again; if it stays so, tell whoever runs the network: sound (UDP) to the telephone company may be blocked." };
  const delay = Math.round(stats.rtt.average);
  const words = `${QUALITY[quality] ?? quality}: ${delay} ms to and fro${relayed ? ", by a relay" : ""}.`;
  if (["fair", "degraded"].includes(quality) || delay > SLOW_MS) return { state: "bad", words, to_do: "Use the cable instead of the wireless, and close what loads or plays in other tabs. Try again, or use your desk telephone." };
  return { state: "good", words, to_do: "" };
}

/** @param {{what: string, to_do: string}} trouble @returns {Step} */
export const failed = ({ what, to_do }) => ({ state: "bad", words: what, to_do });

/** @returns {Step} */
export function microphoneHeard(isHeard, seconds) {
  if (isHeard) return { state: "good", words: "Your voice is heard.", to_do: "" };
  if (seconds < 6) return { state: "running", words: "Say something: nothing is heard yet.", to_do: "" };
  return { state: "bad", words: "Nothing is heard.", to_do: "Choose another microphone, unmute the headset at its cable, or turn up its level in the computer's settings." };
}

/** @returns {Step} */
export const toneHeard = (isHeard) => (isHeard ? { state: "good", words: "You hear the tone.", to_do: "" } : { state: "bad", words: "You do not hear the tone.", to_do: "Choose another speaker, turn it up, and play the tone again." });

export const SKIPPED = { checked: "Checked already today at this desk.", waiting: "No time now: callers are waiting.", went_on: "Not checked: you went straight to ready." };
