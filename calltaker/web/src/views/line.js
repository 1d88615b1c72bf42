// THE LINE: everybody who waits, most urgent first, as the server orders them. Read in glances: mark, what, how long.
import { draw } from "../desk/in_place.js";
import { runningSince } from "../desk/clock.js";
import { capital, languageName, plain, priorityWords } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function line(page) {
  const waiting = page.desk?.line ?? [];
  return draw("section", { key: "line", class: "column column-line", "aria-labelledby": "line-title" },
    draw("h2", { id: "line-title", class: "label" }, "The line", draw("span", { class: "count figures", text: String(waiting.length) })),
    draw("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Waiting callers" },
      waiting.length ? draw("ol", { class: "line-list" }, ...waiting.map(entry)) : draw("p", { class: "empty", text: page.desk ? "Nobody is waiting." : "Reading the line…" })));
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
