// Draws the whole desk from the page's state. One focus per state; everything else steps back and nothing disappears.
import { announce } from "./announcer.js";
import { draw, show } from "./in_place.js";
import { isTyping } from "./keys.js";
import { caller } from "../views/caller.js";
import { emergency } from "../views/emergency.js";
import { idle } from "../views/idle.js";
import { line } from "../views/line.js";
import { keyMap, problems } from "../views/notices.js";
import { wrapUp } from "../views/outcome.js";
import { question } from "../views/question.js";
import { ringing, titleOfOffer } from "../views/ringing.js";
import { emergencyOpen, states, strip } from "../views/strip.js";
import { titleOf } from "../views/words.js";

const TABS = [["question", "Question"], ["caller", "Caller"], ["line", "Line"]];

/** Which of its states the desk is in: idle, ringing, call, emergency, wrap-up. */
export function deskState(page) {
  const { desk } = page;
  if (desk?.call) return emergencyOpen(page) ? "emergency" : "call";
  if (desk?.offers.length) return "ringing";
  return desk?.wrap_up ? "wrap-up" : "idle";
}

const CENTRES = { idle, ringing, call: question, emergency, "wrap-up": wrapUp };

/** Bring `root` to the page's state. */
export function drawDesk(root, page, acts, { map, notes }) {
  const state = deskState(page);
  root.dataset.state = state;
  root.dataset.event = String(page.desk?.as_of_event ?? "");
  show(root, [
    draw("h1", { key: "title", class: "visually-hidden", text: "Desk" }),
    strip(page, acts),
    states(page, acts),
    tabs(page, acts),
    draw("div", { key: "columns", class: "columns", "data-tab": page.tab }, line(page, acts), centre(state, page, acts), caller(page, acts, map, notes)),
    keyMap(page, acts),
  ]);
}

function tabs(page, acts) {
  const waiting = page.desk?.line.length ?? 0;
  return draw("nav", { key: "tabs", class: "tabs", "aria-label": "Columns" }, ...TABS.map(([name, words]) =>
    draw("button", { key: name, type: "button", "aria-pressed": page.tab === name ? "true" : "false", text: name === "line" ? `${words} ${waiting}` : words, on: { click: () => acts.tab(name) } })));
}

function centre(state, page, acts) {
  return draw("section", { key: "centre", class: "column column-centre", "aria-label": "Work" },
    draw("div", { id: "centre", class: `scroll centre centre-${state}`, tabindex: "0", role: "region", "aria-label": "Question and answers" },
      draw("div", { key: state, class: "sheet" }, ...CENTRES[state](page, acts).filter(Boolean))),
    problems(page, acts));
}

/** Move the focus to a call that has begun to ring, unless somebody is typing. */
export function focusRinging(page) {
  if (isTyping(document.activeElement)) return;
  page.rang_at = performance.now();
  document.getElementById("accept")?.focus();
}

/** Say aloud what changed from one state of the desk to the next. */
export function announceChange(before, after) {
  const offer = after.offers[0];
  if (offer && offer.offer_id !== before?.offers[0]?.offer_id && !after.call) announce(`Ringing: ${titleOfOffer(offer)}, ${offer.caller}. F2 accepts.`, "assertive");
  const transfer = after.call?.escalation?.state;
  if (transfer && transfer !== before?.call?.escalation?.state) announce(`911: ${titleOf(transfer)}`, "assertive");
  for (const one of after.call?.referrals ?? []) {
    const was = before?.call?.referrals?.find(({ referral_id }) => referral_id === one.referral_id)?.state;
    if (one.state !== was && (was || one.is_open)) announce(`${one.name.en}: ${titleOf(one.state)}`, "assertive");
  }
  const asked = after.call?.protocol?.question;
  if (asked && asked.id !== before?.call?.protocol?.question?.id) announce(titleOf(asked.text, after.call.language));
  const number = after.call?.service_request?.number;
  if (number && number !== before?.call?.service_request?.number) announce(`Request number ${number}`);
}
