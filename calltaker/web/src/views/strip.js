// The strip on top and the line of states under it: who I am, who calls, how long, what I can do, and the red button,
// always at the same place.
import { draw } from "../desk/in_place.js";
import { running, runningSince, serverNow, wallTime } from "../desk/clock.js";
import { QUIETEST } from "../desk/ringer.js";
import { telephoneLine } from "./telephone_line.js";
import { chip, kbd, languageName, presenceWords } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function strip(page, acts) {
  const call = page.desk?.call;
  return draw("header", { key: "strip", class: `strip${emergencyOpen(page) ? " strip-emergency" : ""}` },
    presence(page, acts), draw("div", { class: "strip-caller" }, ...caller(page, call, acts)), controls(page, call, acts), redButton(page, acts));
}

/** Whether 911 is asked for: from the press of the button until their part of the call has ended. */
export function emergencyOpen(page) {
  const call = page.desk?.call;
  if (!call) return false;
  return page.red?.call_id === call.call_id || (Boolean(call.escalation) && !["ended", "caller_gone"].includes(call.escalation.state));
}

/** Whether the machine still dials or 911 is on the line: a further press would change nothing. */
export function isUnderWay(escalation) {
  if (!escalation || ["ended", "failed", "declined", "caller_gone"].includes(escalation.state)) return false;
  return !["busy", "no_answer"].includes(escalation.state) || Boolean(escalation.next_destination);
}

function presence(page, acts) {
  const { state, since, reason_title: why } = page.desk?.presence ?? { state: "offline", since: null };
  const said = presenceWords(state);
  return draw("div", { class: "strip-presence" },
    draw("button", { class: "presence", type: "button", popovertarget: "presence-menu" },
      chip(why ? { ...said, words: why } : said), draw("span", { class: "figures", text: runningSince(since) }), draw("span", { "aria-hidden": "true", text: "▾" }), draw("span", { class: "visually-hidden", text: "Change" })),
    presenceMenu(page, acts));
}

function presenceMenu(page, acts) {
  const choice = (words, act) => draw("button", { type: "button", popovertarget: "presence-menu", popovertargetaction: "hide", text: words, on: { click: act } });
  return draw("div", { id: "presence-menu", popover: "auto", class: "menu" },
    draw("p", { class: "label", text: page.desk?.staff?.name ?? "" }),
    choice("Ready for calls", acts.ready),
    draw("div", { key: "breaks", class: "menu-group", role: "group", "aria-labelledby": "breaks-title" }, draw("p", { id: "breaks-title", class: "quiet", text: "Take a break:" }), ...(page.desk?.breaks ?? []).map((one) => choice(one.title, () => acts.takeBreak(one)))),
    choice("End my shift", () => acts.presence("offline")),
    draw("label", {}, "Ring volume", draw("input", { type: "range", min: QUIETEST, max: 1, step: 0.1, value: String(acts.volume()), on: { change: (event) => acts.setVolume(Number(event.target.value)) } })),
    ...acts.pages().map((one) => pageLink(one, { class: "button" })),
    draw("button", { type: "button", text: "Map of keys", popovertarget: "presence-menu", popovertargetaction: "hide", on: { click: acts.toggleKeys } }),
    draw("form", { method: "post", action: "/logout" }, draw("input", { type: "hidden", name: "csrf_token", value: page.desk?.csrf_token ?? "" }), draw("button", { text: "Sign out" })));
}

/** Another staff page opens beside the desk: the call and its softphone stay here. */
const pageLink = ({ title, address }, about = {}) => draw("a", { key: address, href: address, target: "_blank", rel: "opener", text: title, ...about });

/** The time for writing up a call: how much is left, or by how much it is over. Nothing happens by itself at its end. */
function afterCall(page, acts) {
  const { ends_at: end, more_minutes: more } = page.desk.presence;
  const left = end ? Math.ceil((Date.parse(end) - serverNow()) / 1000) : null;
  const words = left === null ? "Wrap-up" : left > 0 ? `Wrap-up: ${running(left)} left` : `Wrap-up: over by ${running(-left)}`;
  return [
    chip({ mark: left === null || left > 0 ? "◐" : "◆", words, tone: left === null || left > 0 ? "held" : "possible" }, { key: "time" }),
    more > 0 && draw("button", { key: "more", type: "button", class: "small", "aria-keyshortcuts": "Alt+M", "aria-disabled": page.busy === "more" ? "true" : null, on: { click: acts.oneMoreMinute } }, "One more minute", kbd("Alt+M")),
  ];
}

function caller(page, call, acts) {
  const offer = page.desk?.offers[0];
  if (!call && page.desk?.wrap_up) return afterCall(page, acts);
  if (!call && offer) return [draw("strong", { class: "number", text: offer.caller }), draw("span", { class: "strip-words", text: `ringing ${runningSince(offer.waiting_since)}` })];
  if (!call) return [draw("span", { class: "strip-words quiet", text: "No call" })];
  return [
    draw("p", { class: "strip-row" }, draw("strong", { class: "number", text: call.caller }), callTime(page, call)),
    draw("p", { class: "strip-row" },
      draw("button", { type: "button", class: "text-button language", "aria-keyshortcuts": "Alt+I", title: "Put the caller's language right: what the line says follows it", on: { click: acts.switchLanguage } }, draw("span", { lang: call.language, text: languageName(call.language) })),
      call.waited_seconds !== null && draw("span", { class: "strip-words", text: `waited ${running(call.waited_seconds)}` }),
      call.caller_verified && draw("span", { class: "strip-words quiet", title: "How far the telephone companies vouch for the number: A fully, B in part, C not", text: `verified: ${call.caller_verified}` })),
  ];
}

/** Seconds until the caller is taken off hold by itself; null while they are not held. */
export const holdLeft = (call) => (call?.on_hold && call.hold_ends_at ? Math.ceil((Date.parse(call.hold_ends_at) - serverNow()) / 1000) : null);

function callTime(page, call) {
  const heldFor = holdLeft(call);
  if (call.on_hold && heldFor !== null && heldFor <= call.hold_warning_seconds) return chip({ mark: "‖", words: `Hold ends in ${running(Math.max(0, heldFor))}`, tone: "possible" }, { key: "time" });
  if (call.on_hold) return chip({ mark: "‖", words: `On hold ${runningSince(call.hold_since)}`, tone: "held" }, { key: "time" });
  if (page.telephone.state === "reconnecting") return chip({ mark: "◌", words: "Sound lost, reconnecting", tone: "possible" }, { key: "time" });
  if (!call.in_room) return chip({ mark: "◌", words: "Connecting", tone: "held" }, { key: "time" });
  if (call.alone) return chip({ mark: "◌", words: "Waiting for the caller", tone: "held" }, { key: "time" });
  return chip({ mark: "■", words: `In call ${runningSince(call.joined_at)}`, tone: "connected" }, { key: "time" });
}

function controls(page, call, acts) {
  const dialling = call?.escalation && !call.escalation.accepted_at && !call.may_leave;
  const noCall = call ? "" : "No call";
  return draw("div", { class: "strip-controls", role: "group", "aria-label": "Call" },
    control("hold", call?.on_hold ? "Resume" : "Hold", "F4", noCall || whyNoHold(page, call), acts.hold, call?.on_hold),
    control("mute", page.telephone.muted ? "Unmute" : "Mute", "F6", noCall || (page.telephone.state === "in_call" ? "" : noSound(page)), acts.mute, page.telephone.muted),
    control("keypad", "Keypad", "Alt+D", noCall || (emergencyOpen(page) ? "911 is called" : page.telephone.state === "in_call" ? "" : noSound(page)), acts.openKeypad, page.sheet === "keypad"),
    control("transfer", "Transfer", "F8", noCall || (emergencyOpen(page) ? "911 is called" : ""), acts.openDirectory),
    control("hang-up", "Hang up", "Alt+H", noCall || (dialling ? "911 is called" : emergencyOpen(page) ? "911 is here" : ""), acts.hangUp),
    control("leave", "Leave", "Alt+L", noCall || (call.may_leave ? "" : leaveReason(page, call)), acts.leave));
}

const noSound = (page) => (page.desk.call?.telephone?.device === "desk_telephone" ? "On the phone" : "No sound");

/** Held music must never be what 911 hears. */
export function whyNoHold(page, call) {
  if (emergencyOpen(page)) return "911 is called";
  return !call.on_hold && call.from_911?.dispatcher === "with_dispatcher" ? "911 is on the line" : "";
}

function leaveReason(page, call) {
  if (page.red && !page.red.confirmed) return "911 has not accepted the caller yet.";
  return call.leave_reason || "Not yet";
}

/** A verb on a button; where it cannot be used, the reason stands beside it instead of the key. */
function control(name, words, key, reason, act, pressed) {
  const blocked = Boolean(reason);
  return draw("div", { key: name, class: `control control-${name}` },
    draw("button", { type: "button", "aria-disabled": blocked ? "true" : null, "aria-describedby": `${name}-reason`, "aria-keyshortcuts": key, "data-pressed": pressed ? "" : null, on: { click: () => blocked || act() }, text: words }),
    draw("span", { id: `${name}-reason`, class: "control-reason" }, reason && reason !== "No call" ? reason : kbd(key)));
}

function redButton(page, acts) {
  const call = page.desk?.call;
  const reason = call ? (isUnderWay(call.escalation) ? "911 is called for this caller" : "Dials 911 at once") : "In a call only";
  return draw("button", { id: "red", type: "button", class: "red", "aria-disabled": call ? null : "true", "aria-keyshortcuts": "F9", title: reason, on: { click: acts.red } },
    draw("span", { class: "red-figure", text: "911" }), kbd("F9"), draw("span", { class: "visually-hidden", text: reason }));
}

/** What must always be known of the page itself: is it live, is the telephone there. */
export function states(page, acts) {
  const { live, desk } = page;
  const pages = acts.pages();
  const words = live.is_live ? "Live" : live.since ? `Not live since ${live.since}. What you see may be old; the page goes on trying. Calls and 911 go on by telephone.` : "Connecting to the live feed";
  return draw("div", { key: "states", class: `states${live.is_live || !live.since ? "" : " states-lost"}` },
    draw("span", { class: "states-live", id: "live" }, draw("span", { "aria-hidden": "true", class: "mark", text: live.is_live ? "●" : "◌" }), words),
    desk && draw("span", { class: "quiet", text: `as of ${wallTime(desk.now)}` }),
    ...telephoneLine(page, acts),
    draw("span", { class: "states-space" }),
    pages.length > 0 && draw("nav", { key: "pages", class: "states-pages", "aria-label": "Pages" }, ...pages.map((one) => pageLink(one))),
    draw("span", { class: "quiet states-name", text: desk?.staff?.name ?? "" }),
    draw("button", { type: "button", class: "text-button", on: { click: acts.toggleKeys }, "aria-expanded": page.keys_shown ? "true" : "false" }, "Keys ", kbd("?")));
}
