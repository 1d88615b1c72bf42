// The menus' API of the staff door over HTTP: reads a menu's whole state, saves, checks, tries, proposes, publishes.
// Knows nothing of the page.
import { ask, sending, token } from "../desk/staff_door.js";

const CHECK_LIMIT_MS = 15000;
const UPLOAD_LIMIT_MS = 60000;

/** The door for one menu. */
export function menusDoor(key) {
  const at = `/menus/api/menu/${encodeURIComponent(key)}`;
  const post = (what, body = {}, limitMs = 8000) => ask(`${at}/${what}`, sending("POST", body), limitMs);
  const get = (what = "", limitMs = 8000) => ask(`${at}${what}`, { method: "GET" }, limitMs);
  return {
    read: () => get(),
    save: (revision, document) => ask(`${at}/draft`, sending("PUT", { revision, document }), 8000),
    check: (document) => post("check", { document }, CHECK_LIMIT_MS),
    tryOn: (turn) => post("try", turn),
    difference: (from, to) => get(`/difference?from=${from}&to=${to}`),
    usage: (days) => get(`/usage?days=${days}`),
    /** propose, withdraw, approve, decline, roll-back, discard, trial */
    act: (what, body) => post(what, body),
  };
}

/** Send a sound; the server says what it is. @returns {Promise<{id: string, name: string, seconds: number}>} */
export function upload(file) {
  const body = new FormData();
  body.append("file", file);
  body.append("name", file.name);
  return ask("/menus/api/recordings", { method: "POST", headers: token(), body }, UPLOAD_LIMIT_MS);
}

export const recordingAddress = (id) => `/menus/api/recordings/${encodeURIComponent(id)}`;
