// Calling somebody of the directory into the call: the list by digits, and how it stands with those who were called.
import { draw } from "../desk/in_place.js";
import { running, runningSince, secondsBetween } from "../desk/clock.js";
import { bothLanguages, chip, kbd, otherLanguage } from "./words.js";

const STATES = {
  requested: { mark: "◌", words: "Dialling", tone: "held" },
  dialling: { mark: "◌", words: "Dialling", tone: "held" },
  ringing: { mark: "◌", words: "Ringing", tone: "held" },
  answered: { mark: "●", words: "Answered", tone: "possible" },
  accepted: { mark: "■", words: "Has the caller", tone: "connected" },
  ended: { mark: "○", words: "Left", tone: "plain" },
  busy: { mark: "✕", words: "Busy", tone: "possible" },
  no_answer: { mark: "✕", words: "No answer", tone: "possible" },
  failed: { mark: "✕", words: "Not reached", tone: "possible" },
  cancelled: { mark: "○", words: "Taken back", tone: "plain" },
};
const SINCE = { requested: "requested_at", dialling: "requested_at", ringing: "ringing_at", answered: "answered_at", accepted: "accepted_at" };

/** Who can be called in; `consult` puts the caller on hold first. @param {import("../desk/desk_state.js").Page} page */
export function directory(page, acts) {
  const { directory: entries, language } = page.desk.call;
  const consult = Boolean(page.consult);
  return [
    draw("header", { key: "panel-head", class: "panel-head" },
      draw("h2", { class: "headline", text: "Call somebody into this call" }),
      draw("button", { type: "button", class: "text-button", on: { click: acts.closeSheet } }, "Close ", kbd("Esc"))),
    draw("p", { key: "how", class: "lead" },
      draw("strong", { text: consult ? "The caller is on hold while you ask." : "Straight in: the caller hears them with you." }), " ",
      draw("button", { id: "consult", type: "button", class: "text-button", "aria-pressed": consult ? "true" : "false", "aria-keyshortcuts": "F8", on: { click: acts.toggleConsult } }, consult ? "Call them straight in " : "Hold the caller first ", kbd("F8"))),
    draw("ol", { key: "entries", class: "options directory" }, ...entries.map((entry, index) => option(entry, index, language, acts))),
  ];
}

function option(entry, index, language, acts) {
  const other = otherLanguage(language);
  return draw("li", { key: entry.key }, draw("button", { type: "button", class: "option", on: { click: (event) => event.detail <= 1 && acts.callIn(entry) } },
    index < 9 ? draw("kbd", { text: String(index + 1) }) : draw("span"),
    draw("span", { class: "option-text", lang: language, text: entry.name[language] }), " ",
    draw("span", { class: "option-other", lang: other, text: entry.name[other] === entry.name[language] ? "" : entry.name[other] }),
    draw("span", { class: "quiet figures", text: entry.number })));
}

/** Everybody who is called or in the call; with nobody, what became of the last one. */
export function referrals(page, acts) {
  return (page.desk.call.referrals ?? []).map((one) => panel(one, page.desk.call, page, acts));
}

function panel(one, call, page, acts) {
  const since = one[SINCE[one.state]];
  return draw("section", { key: `referral-${one.referral_id}`, class: `referral referral-${one.is_open ? "open" : "over"}`, "aria-label": one.name.en },
    draw("p", { class: "referral-head" }, draw("strong", { text: one.name.en }), " ", chip(STATES[one.state] ?? { mark: "○", words: one.state, tone: "plain" }),
      since && draw("span", { class: "figures quiet", text: runningSince(since) }), !one.is_open && draw("span", { class: "figures quiet", text: `after ${running(secondsBetween(one.requested_at, one.ended_at))}` })),
    one.what_to_do && draw("p", { class: "referral-advice", role: "status" }, `${one.what_to_do} `, draw("span", { class: "figures", text: one.number ?? "" })),
    one.is_open && toSay(one, call),
    one.is_open && draw("div", { class: "referral-acts" }, ...actsOf(one, call, page, acts)));
}

function toSay(one, call) {
  const isUp = ["answered", "accepted"].includes(one.state);
  if (one.state === "accepted") return draw("p", { text: "They have the caller. Say goodbye, then leave." });
  return draw("div", {}, draw("h2", { class: "label", text: isUp ? "Read to them" : "Say to the caller" }),
    isUp ? draw("p", { lang: "en", class: "advise", text: one.to_them.en }) : draw("div", {}, ...bothLanguages(one.to_caller, call.language, "advise")));
}

function actsOf(one, call, page, acts) {
  const isUp = ["answered", "accepted"].includes(one.state);
  const button = (words, key, act, busy) => draw("button", { key: words, type: "button", "aria-keyshortcuts": key, "aria-disabled": page.busy === busy ? "true" : null, on: { click: act } }, words, kbd(key));
  return [
    one.takes_over && one.state === "answered" && button("They have the caller", "Alt+T", () => acts.theyHaveTheCaller(one), "referral_accepted"),
    isUp && call.on_hold && button("Bring the caller in", "F4", acts.hold, "hold"),
    button(isUp ? "Thank them and let them go" : "Take the call back", "Alt+X", () => acts.letGo(one), "let_go"),
  ];
}
