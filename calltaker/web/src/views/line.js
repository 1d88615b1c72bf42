// THE LINE: everybody who waits, most urgent first, as the server orders them. Read in glances: mark, what, how long.
// Below it what callers left (`tasks.js`).
import { draw } from "../desk/in_place.js";
import { runningSince } from "../desk/clock.js";
import { left } from "./tasks.js";
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

/** @param {import("../desk/desk_state.js").Waiting} one */
function entry(one) {
  const { mark, words, tone } = priorityWords(one.priority);
  const wants = one.intent ? capital(plain(one.intent)) : "Not said yet";
  return draw("li", { key: one.entry_id, class: `waiting tone-${tone}` },
    draw("span", { class: "mark", "aria-hidden": "true", text: mark }),
    draw("span", { class: "waiting-what", text: words || wants }),
    draw("span", { class: "waiting-time figures", text: runningSince(one.waiting_since) }),
    draw("span", { class: "waiting-who" }, words && one.intent ? `${wants} · ` : "", one.caller, " · ", draw("span", { lang: one.language, text: languageName(one.language) }), one.kind === "call_back" ? " · call back" : "", one.state === "reserved" ? " · being answered" : ""));
}
