// Every version that was ever live or waits to be, who wrote and who approved it, and the way back to it.
import { draw } from "../../desk/in_place.js";
import { moment } from "../words.js";
import { button } from "./buttons.js";

const TONES = { live: "tone-connected", scheduled: "tone-held" };

export function history(page, acts) {
  if (!page.history.length) return [draw("p", { class: "empty", text: "Nothing has been published yet. Propose the draft; once a second person has approved it, it stands here as v1." })];
  return [draw("div", { key: "versions", class: "table-frame", tabindex: "0", role: "region", "aria-label": "Versions" }, draw("table", { class: "table" },
    draw("thead", {}, draw("tr", {}, ...["Version", "State", "Live since", "Author", "Approved by", "Reason", "What can be done"].map((words, index) => draw("th", { scope: "col", key: words }, index === 6 ? draw("span", { class: "visually-hidden", text: words }) : words)))),
    draw("tbody", {}, ...page.history.map((one) => version(one, page, acts))))), happened(page)];
}

/** Everything that was done with this document, newest first. */
function happened({ events }) {
  if (!events?.length) return null;
  return draw("details", { key: "events" }, draw("summary", { class: "field-label", text: "Everything that happened" }),
    draw("ol", { class: "events" }, ...events.map(({ what, version: number, by, at, reason }, index) => draw("li", { key: String(index) },
      draw("span", { class: "figures quiet", text: `${moment(at)} ` }), draw("strong", { text: what.replaceAll("_", " ") }), number ? ` v${number}` : "", by ? ` by ${by}` : "", reason ? draw("q", { text: reason }) : null))));
}

function version({ version: number, state, author, approver, reason, published_at: at }, page, acts) {
  const isLive = number === page.live?.version;
  return draw("tr", { key: String(number) },
    draw("th", { scope: "row", text: `v${number}` }), draw("td", {}, draw("span", { class: `chip ${TONES[isLive ? "live" : state] ?? "tone-plain"}`, text: isLive ? "live" : state })),
    draw("td", { class: "figures", text: moment(at) }), draw("td", { text: author ?? "" }), draw("td", { text: approver ?? "" }), draw("td", { class: "reason", text: reason ?? "" }),
    draw("td", { class: "version-acts" },
      isLive && page.me.may.retire && button("Take out of use", () => acts.openRetire(number), { tone: "small", key: "retire" }),
      !isLive && button("Difference", () => acts.openDifference(number, "live"), { tone: "small", key: "difference" }),
      !isLive && state !== "scheduled" && page.me.may.roll_back && button("Roll back to it", () => acts.openRollBack(number), { tone: "small", key: "back" })));
}
