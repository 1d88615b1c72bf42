// THE LINE: everybody who waits, most urgent first, as the server orders them. Read in glances: mark, what, how long.
// Below it what callers left: messages to hear and people to call back, each done with a note of what came of it.
import { draw } from "../desk/in_place.js";
import { runningSince } from "../desk/clock.js";
import { capital, languageName, plain, priorityWords } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function line(page, acts) {
  const waiting = page.desk?.line ?? [];
  const tasks = page.desk?.tasks ?? [];
  return draw("section", { key: "line", class: "column column-line", "aria-labelledby": "line-title" },
    draw("h2", { id: "line-title", class: "label" }, "The line", expected(page.desk?.line_figures), draw("span", { class: "count figures", text: String(waiting.length) })),
    draw("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Waiting callers" },
      waiting.length ? draw("ol", { key: "waiting", class: "line-list" }, ...waiting.map(entry)) : draw("p", { key: "empty", class: "empty", text: page.desk ? "Nobody is waiting." : "Reading the line…" }),
      tasks.length ? left(page, tasks, acts) : null));
}

/** What a caller joining now may expect; nothing where too little was seen of late. */
function expected(figures) {
  const [low, high] = figures?.expected_minutes ?? [];
  return high ? draw("span", { class: "figures", text: low ? `about ${low} to ${high} min` : `under ${high} min` }) : null;
}

/** Callers whom an emergency has lost, then messages and wishes to be called back, the oldest first. */
function left(page, tasks, acts) {
  const mayAct = ["call_taker", "senior", "supervisor"].includes(page.desk.staff.role);
  return draw("section", { key: "tasks", class: "tasks", "aria-labelledby": "tasks-title" },
    draw("h2", { id: "tasks-title", class: "label" }, "Left for us", draw("span", { class: "count figures", text: String(tasks.length) })),
    draw("ol", { class: "line-list" }, ...tasks.map((one) => task(one, mayAct, acts))));
}

/** @param {import("../desk/desk_state.js").Task} one */
function task(one, mayAct, acts) {
  const isMessage = one.kind === "voicemail";
  const what = one.emergency ? "Emergency: call back now" : isMessage ? `Message, ${one.seconds} s` : "Call back";
  const about = [one.intent_title, one.place].filter(Boolean).join(", ");
  return draw("li", { key: one.task_id, class: `waiting task${one.emergency ? " tone-emergency" : ""}` },
    draw("span", { class: "mark", "aria-hidden": "true", text: one.emergency ? "▲" : isMessage ? "✉" : "☎" }),
    draw("span", { class: "waiting-what", text: !one.emergency && one.read !== "none" ? `${what}: danger read` : what }),
    draw("span", { class: "waiting-time figures", text: runningSince(one.since) }),
    draw("span", { class: "waiting-who" }, one.caller, " · ", draw("span", { lang: one.language, text: languageName(one.language) }), about ? ` · ${about}` : ""),
    one.words ? draw("span", { class: "waiting-who", lang: one.language, text: `“${one.words}”` }) : null,
    one.emergency ? draw("span", { class: "waiting-who", text: `Nobody answers? Tell 911 by hand${one.number_by_hand ? ` at ${one.number_by_hand}` : ""}.` }) : null,
    isMessage && mayAct ? draw("audio", { class: "task-sound", controls: true, preload: "none", "aria-label": `Message of ${one.caller}`, src: `/desk/voicemails/${one.task_id}/recording` }) : null,
    mayAct ? finishing(one, what, acts) : null);
}

function finishing(one, what, acts) {
  const id = `note-${one.task_id}`;
  return draw("form", { class: "task-form", on: { submit: (event) => acts.finishTask(event, one) } },
    draw("label", { class: "visually-hidden", for: id, text: `What came of it: ${what}, ${one.caller}` }),
    draw("input", { id, name: "note", maxlength: "2000", required: true, autocomplete: "off", placeholder: "What came of it" }),
    draw("button", { type: "submit", text: "Done" }));
}

/** @param {import("../desk/desk_state.js").Waiting} one */
function entry(one) {
  const { mark, words, tone } = priorityWords(one.priority);
  const wants = one.intent ? capital(plain(one.intent)) : "Not said yet";
  return draw("li", { key: one.entry_id, class: `waiting tone-${tone}` },
    draw("span", { class: "mark", "aria-hidden": "true", text: mark }),
    draw("span", { class: "waiting-what", text: words || wants }),
    draw("span", { class: "waiting-time figures", text: runningSince(one.waiting_since) }),
    draw("span", { class: "waiting-who" }, words && one.intent ? `${wants} · ` : "", one.caller, " · ", draw("span", { lang: one.language, text: languageName(one.language) }), one.state === "reserved" ? " · being answered" : ""));
}
