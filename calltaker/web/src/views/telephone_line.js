// What a call-taker speaks with, in words on the line of states: the telephone of this page, another page's, or the one on
// the desk; and the one thing that can be done about it.
import { draw } from "../desk/in_place.js";
import { THIS_PAGE } from "../desk/this_page.js";
import { kbd } from "./words.js";

/** Whether another open page of this person has the telephone. */
export const isElsewhere = (page) => Boolean(page.desk?.presence.page) && page.desk.presence.page !== THIS_PAGE && ["off", "failed"].includes(page.telephone.state);

/** The device that could be changed over to; null when there is none, or one is on its way. */
export function otherDevice({ desk }) {
  const { telephone: now } = desk?.call ?? {};
  if (!now?.device || now.switch?.is_open) return null;
  if (now.device === "desk_telephone") return "softphone";
  return desk.desk_telephone?.is_approved ? "desk_telephone" : null;
}

/** @param {import("../desk/desk_state.js").Page} page */
export function telephoneLine(page, acts) {
  const said = (words) => draw("span", { class: "states-telephone", text: words });
  const button = (key, words, act, about = {}) => draw("button", { key, type: "button", class: "small", on: { click: act }, ...about }, words);
  const now = page.desk?.call?.telephone;
  const way = now?.switch;
  if (way?.is_open && way.device === "desk_telephone") return [
    draw("strong", { key: "way", role: "status", text: way.state === "asked" ? "Your desk telephone rings: pick it up and press 1" : "Your desk telephone is coming in" }),
    way.state === "asked" && button("stop", "Stop ringing", acts.stopRinging),
  ];
  if (isElsewhere(page)) return [said("Telephone in another window"), button("here", "Take the telephone here", acts.takeTelephoneHere, { class: "primary small" })];
  const change = otherDevice(page);
  const over = change && button("change", [change === "softphone" ? "Back to this headset " : "Use the desk telephone ", kbd("Alt+S")], acts.changeTelephone, { "aria-keyshortcuts": "Alt+S", "aria-disabled": page.busy === "telephone" ? "true" : null });
  const failed = way && ["unanswered", "failed"].includes(way.state) && draw("span", { class: "states-telephone", role: "status", text: way.state === "unanswered" ? "Your desk telephone was not answered." : "Your desk telephone was not reached." });
  if (now?.device === "desk_telephone") return [said("You speak on your desk telephone"), over];
  return [
    failed || said(telephoneWords(page.telephone)),
    ["off", "failed"].includes(page.telephone.state) && button("ready", "Ready", acts.ready, { class: "primary small" }),
    over,
  ];
}

function telephoneWords({ state, said, muted }) {
  if (state === "in_call") return muted ? "Telephone: you are muted" : "Telephone: connected";
  return { off: "Telephone off in this window", ready: "Telephone ready", failed: `Telephone: ${said.toLowerCase() || "not connected"}` }[state] ?? said;
}
