// What the recorded calls of the live version say of the new one: how many change, and whether one of them would have gone
// to 911 and does not.
import { draw } from "../../desk/in_place.js";
import { levelChip, plain } from "../../views/words.js";
import { counted, moment } from "../../publishing/words.js";

const figure = (number) => number.toLocaleString("en-US");

export function replay({ replay: told, replayFault: fault }, live) {
  if (!live) return null;
  const inside = fault ? draw("p", { class: "warn", text: `Not replayed: ${fault}` }) : told ? outcome(told) : draw("p", { class: "quiet", text: "Playing the recorded calls again …" });
  return draw("section", { key: "replay", class: "replay", "aria-labelledby": "replay-title" }, draw("h3", { id: "replay-title", class: "field-label", text: "Recorded calls, played again" }), ...[inside].flat());
}

function outcome(told) {
  const unplayed = (told.skipped ?? 0) + (told.unopened ?? 0);
  const { sessions, from_version: version, seconds, oldest_at: oldest, newest_at: newest, calls, left_out: left } = told;
  if (!sessions) return draw("p", { class: "hint", text: `No call has used v${version} yet, so there is nothing to compare with.` });
  return [
    draw("p", { class: told.lost_911 ? "replay-sum replay-lost" : "replay-sum" }, told.lost_911 ? draw("span", { class: "mark", "aria-hidden": "true", text: "▲ " }) : null, sentence(told)),
    draw("p", { class: "hint figures", text: `${counted(sessions, "session")} of v${version} from ${moment(oldest)} to ${moment(newest)}, in ${seconds.toFixed(1)} s` }),
    unplayed ? draw("p", { class: "warn", text: `${counted(unplayed, "session")} could not be played: the answers cannot be opened, or were never possible.` }) : null,
    calls.length ? changedCalls(calls, left) : null,
  ];
}

/** "12 of 4,310 calls change; 1 would have gone to 911 and does not." */
export function sentence({ sessions, changed, lost_911: lost, gained_911: gained, illegal }) {
  if (!changed) return sessions === 1 ? "The one recorded call does not change." : `None of ${figure(sessions)} recorded calls changes.`;
  const parts = [
    `${figure(changed)} of ${counted(sessions, "call")} ${changed === 1 ? "changes" : "change"}`,
    lost ? `${figure(lost)} went to 911 and would not` : "none that went to 911 is lost",
    gained ? `${figure(gained)} would now go to 911` : "",
    illegal ? `${figure(illegal)} with answers that are no longer possible` : "",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

function changedCalls(calls, left) {
  return draw("details", { class: "changed-calls", open: calls.length <= 5 }, draw("summary", { text: "Which calls" }),
    draw("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Calls that change" }, draw("table", { class: "table difference" },
      draw("thead", {}, draw("tr", {}, ...["Call", "When", "Came to", "Would come to"].map((words) => draw("th", { scope: "col", key: words, text: words })))),
      draw("tbody", {}, ...calls.map((one) => draw("tr", { key: one.session_id, class: one.lost_911 ? "lost" : null },
        draw("th", { scope: "row", class: "mono", text: (one.call_id ?? "").slice(0, 8) }), draw("td", { class: "figures", text: moment(one.at) }), draw("td", {}, came(one.old)), draw("td", {}, came(one.new), one.lost_911 && draw("strong", { class: "warn", text: " 911 lost" }), one.illegal?.length ? draw("span", { class: "quiet", text: ` ${one.illegal.map(plain).join(", ")}: no longer possible` }) : null)))))),
    left ? draw("p", { class: "hint", text: `and ${figure(left)} more` }) : null);
}

const came = (verdict) => (verdict ? [levelChip(verdict.level), ` ${plain(verdict.determinant)}`] : "no outcome");
