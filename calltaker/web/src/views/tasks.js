// LEFT FOR US, below the line: messages to hear, people to call back and what to follow up, each with how far it is, who is on it, and one
// button that rings them. Done with a note of what came of it.
import { draw } from "../desk/in_place.js";
import { hourAndMinute, runningSince } from "../desk/clock.js";
import { kbd, languageName } from "./words.js";

const CAME_OF_IT = {
  busy: "busy", no_answer: "no answer", machine: "nobody took it, perhaps a machine", failed: "could not be rung",
  broken_off: "broken off here", put_off: "put off", declined: "cancelled by them", cancelled: "cancelled by them", taken: "reached",
};

/** Callers whom an emergency has lost first, then danger read, then the oldest, as the server orders them. */
export function left(page, tasks, acts) {
  const mayAct = ["call_taker", "senior", "supervisor"].includes(page.desk.staff.role);
  const first = acts.firstToCall?.();
  return draw("section", { key: "tasks", id: "tasks", class: "tasks", "aria-labelledby": "tasks-title" },
    draw("h2", { id: "tasks-title", class: "label" }, "Left for us", draw("span", { class: "count figures", text: String(tasks.length) })),
    draw("ol", { class: "line-list" }, ...tasks.map((one) => task(one, { page, mayAct, isFirst: one === first }, acts))));
}

/** @param {import("../desk/desk_state.js").Task} one */
function task(one, { page, mayAct, isFirst }, acts) {
  const isMessage = one.kind === "voicemail";
  const isFollowUp = one.kind === "follow_up";
  const what = one.emergency ? "Emergency: call back now" : isFollowUp ? (one.for_me ? "Follow up, yours" : "Follow up") : isMessage ? `Message, ${one.seconds} s` : "Call back";
  const about = [one.intent_title, one.place].filter(Boolean).join(", ");
  const state = stateWords(one);
  return draw("li", { key: one.task_id, class: `waiting task${one.emergency ? " tone-emergency" : ""}` },
    draw("span", { class: "mark", "aria-hidden": "true", text: one.emergency ? "▲" : isFollowUp ? "⚑" : isMessage ? "✉" : "☎" }),
    draw("span", { class: "waiting-what", text: !one.emergency && one.read !== "none" ? `${what}: danger read` : what }),
    draw("span", { class: "waiting-time figures", text: runningSince(one.since) }),
    draw("span", { class: "waiting-who" }, one.caller, " · ", draw("span", { lang: one.language, text: languageName(one.language) }), about ? ` · ${about}` : ""),
    one.words ? draw("span", isFollowUp ? { class: "waiting-who to-do", text: one.words } : { class: "waiting-who", lang: one.language, text: `“${one.words}”` }) : null,
    one.emergency ? draw("span", { class: "waiting-who", text: `Nobody answers? Tell 911 by hand${one.number_by_hand ? ` at ${one.number_by_hand}` : ""}.` }) : null,
    state ? draw("span", { key: "state", class: "waiting-who task-state", text: state }) : null,
    isMessage && mayAct ? draw("audio", { class: "task-sound", controls: true, preload: "none", "aria-label": `Message of ${one.caller}`, src: `/desk/voicemails/${one.task_id}/recording` }) : null,
    mayAct && !isFollowUp ? working(one, { page, isFirst }, acts) : null,
    mayAct ? finishing(one, what, acts) : null);
}

/** How far it is, in words; nothing for one that nobody has touched. */
export function stateWords(one) {
  const tried = one.tries ? `Tried ${one.tries === 1 ? "once" : one.tries === 2 ? "twice" : `${one.tries} times`}: ${CAME_OF_IT[one.last_outcome] ?? "no answer"}` : "";
  const now = {
    calling: `${one.by ?? "Somebody"} is on it, ringing them now`,
    talking: `${one.by ?? "Somebody"} is talking with them`,
    claimed: `${one.by ?? "Somebody"} is on it`,
    in_line: "In the line: rings when their turn comes",
    again: `${tried ? "trying again" : "rings"} at ${hourAndMinute(one.again_at)}`,
    gave_up: "Not tried again by itself",
  }[one.state];
  const parts = [tried, now].filter(Boolean);
  return parts.length ? `${parts.join(tried && one.state === "again" ? ", " : ". ")}.` : "";
}

/** Ring them, or say that you are on it: one person at a time. */
function working(one, { page, isFirst }, acts) {
  const me = page.desk.staff.name;
  const isMine = one.state === "claimed" && one.by === me;
  const isBusy = ["calling", "talking"].includes(one.state) || (one.state === "claimed" && !isMine);
  if (isBusy) return null;
  const words = one.emergency ? "Call now" : "Call back";
  return draw("p", { key: "working", class: "task-work" },
    draw("button", { type: "button", class: one.emergency ? "primary" : null, on: { click: () => acts.callTask(one) } }, words, whose(one), isFirst && kbd("Alt+Z")),
    draw("button", { type: "button", on: { click: () => acts.claimTask(one, !isMine) } }, isMine ? "Give back" : "I am on it", whose(one)));
}

/** Which of many like buttons this is, for who does not see them in a row. */
const whose = (one) => draw("span", { class: "visually-hidden", text: `: ${one.caller}` });

function finishing(one, what, acts) {
  const id = `note-${one.task_id}`;
  return draw("form", { class: "task-form", on: { submit: (event) => acts.finishTask(event, one) } },
    draw("label", { class: "visually-hidden", for: id, text: `What came of it: ${what}, ${one.caller}` }),
    draw("input", { id, name: "note", maxlength: "2000", required: true, autocomplete: "off", placeholder: "What came of it" }),
    draw("button", { type: "submit", text: "Done" }));
}
