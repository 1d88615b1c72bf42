// The protocols' API of the staff door over HTTP: reads a protocol's whole state, saves its text, checks, tries, replays,
// publishes. Knows nothing of the page.
import { ask, sending } from "../desk/staff_door.js";

const LIMIT_MS = 8000;
const CHECK_LIMIT_MS = 15000;
const REPLAY_LIMIT_MS = 60000;

/** The door for one protocol. */
export function protocolsDoor(key) {
  const at = `/protocols/api/${encodeURIComponent(key)}`;
  const post = (what, body = {}, limitMs = LIMIT_MS) => ask(`${at}/${what}`, sending("POST", body), limitMs);
  const get = (what = "", limitMs = LIMIT_MS) => ask(`${at}${what}`, { method: "GET" }, limitMs);
  return {
    read: () => get(),
    save: (revision, text) => ask(`${at}/draft`, sending("PUT", { revision, text }), LIMIT_MS),
    check: (text) => post("check", { text }, CHECK_LIMIT_MS),
    tryOn: (text, answers, isGone) => post("try", { text, answers, caller_gone: isGone }),
    difference: (from, to) => get(`/difference?from=${from}&to=${to}`),
    /** Every recorded session of the live version, run on another one: what would change. */
    replay: (to) => get(`/replay?from=live&to=${to}`, REPLAY_LIMIT_MS),
    /** propose, withdraw, approve, decline, roll-back, retire, discard, cancel: the proof runs again before some of them. */
    act: (what, body) => post(what, body, what === "propose" || what === "approve" ? REPLAY_LIMIT_MS : LIMIT_MS),
  };
}

/** Where a version is printed or exported. @param {"print"|"export"} what */
export const sheetAddress = (key, what, version) => `/protocols/${encodeURIComponent(key)}/${what}?version=${version}`;
