// A link by text message, by which the caller's telephone tells where it is: the button, or why not, and what became of it.
import { running, serverNow, wallTime } from "../desk/clock.js";
import { draw } from "../desk/in_place.js";
import { kbd } from "./words.js";

/** @param {import("../desk/desk_state.js").Call} call */
export function locationLink(call, acts) {
  const link = call.location_link;
  if (!link) return null;
  const told = [became(link), link.why_not].filter(Boolean).join(" ");
  return [
    draw("button", { key: `link-${call.call_id}`, type: "button", disabled: Boolean(link.why_not), "aria-keyshortcuts": "Alt+F", on: { click: acts.textLocationLink } }, "Text a location link ", kbd("Alt+F")),
    told && draw("span", { key: "link-told", class: link.state === "failed" ? "warn" : "quiet", text: told }),
  ];
}

function became({ state, at }) {
  if (state === "used") return `The location came at ${wallTime(at)}.`;
  if (state === "failed") return "The text could not be sent. Ask the caller where they are.";
  if (!state) return "";
  const left = Date.parse(at) - serverNow();
  if (left <= 0) return "The link has expired.";
  return `${state === "sent" ? "Texted." : "Texting…"} It works for ${running(Math.ceil(left / 1000))} more.`;
}
