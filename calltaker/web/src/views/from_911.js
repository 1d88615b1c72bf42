// What 911 has told of a caller: announced before the voice, and beside the call while it lasts. Theirs, to be verified.
import { draw } from "../desk/in_place.js";
import { chip, kbd } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function from911(page, acts) {
  const call = page.desk?.call;
  const told = call ? [call.from_911].filter(Boolean) : page.desk?.announced ?? [];
  if (told.length === 0) return null;
  return draw("section", { key: "from-911", class: "from-911", "aria-labelledby": "from-911-title", role: call ? null : "status" },
    draw("div", { class: "heading" },
      draw("h2", { id: "from-911-title", class: "label", text: call ? "From 911: verify it again" : "911 announces a caller" }),
      call && chip(told[0].dispatcher === "alone" ? { mark: "●", words: "caller alone", tone: "held" } : { mark: "●", words: "with dispatcher", tone: "connected" })),
    call && dispatcher(call, acts),
    ...told.map(packet));
}

/** Who is on the caller's own leg decides what may be done with it: no hold and no return while 911 is. */
const dispatcher = (call, acts) =>
  draw("button", { key: "dispatcher", id: "dispatcher", type: "button", "aria-keyshortcuts": "Alt+G", on: { click: acts.dispatcher } },
    call.from_911.dispatcher === "alone" ? "The dispatcher is back" : "The dispatcher has left", kbd("Alt+G"));

function packet(told) {
  const { packet: known, handoff_id: id } = told;
  if (!known) return draw("p", { key: id, class: "quiet", text: `${told.agency || "911"} sent no packet. Ask the dispatcher for place, call-back number, what and danger.` });
  return draw("div", { key: id },
    draw("p", {}, draw("strong", { text: known.type }), draw("span", { class: "quiet", text: ` priority ${known.priority || "?"} ${known.level}` })),
    ...known.places.map((place, n) => draw("p", { key: `place-${n}`, text: place.description || place.text })),
    draw("p", { class: "figures", text: `Call back ${known.call_backs.join(", ") || "not told"}` }),
    draw("ul", {}, ...known.notes.map((line, n) => draw("li", { key: `note-${n}`, text: line }))),
    told.answered_by_911.length > 0 && draw("p", { class: "quiet", text: `${told.answered_by_911.length} answers are 911's. Danger is asked again.` }));
}
