// The end of a protocol, and the wrap-up after a call: what to tell the caller, the number of their request, how it ended.
import { draw } from "../desk/in_place.js";
import { wallTime } from "../desk/clock.js";
import { bothLanguages, capital, destinationWords, kbd, plain, titleOf } from "./words.js";

/** @param {import("../desk/desk_state.js").Call} call */
export function outcome(call) {
  const { determinant } = call.protocol;
  if (!determinant) return draw("p", { class: "lead", text: "No more questions." });
  return draw("article", { key: "outcome", class: "outcome" },
    draw("h3", { class: "headline", text: titleOf(determinant.title) }),
    draw("p", { class: "quiet", text: determinant.destination ? `goes to ${destinationWords(determinant.destination)}` : "" }),
    request(call.service_request),
    determinant.script && draw("section", {}, draw("h4", { class: "label", text: "Say" }), ...bothLanguages(determinant.script, call.language, "ask")),
    determinant.advice && draw("section", {}, draw("h4", { class: "label", text: "Advice for the caller" }), ...bothLanguages(determinant.advice, call.language, "advise")),
    why(determinant),
    draw("p", { class: "quiet" }, "When the caller has what they need: ", kbd("Alt+H"), " Hang up."));
}

/** Why this level: the rules that hold and the answers they read. */
export function why({ criteria }) {
  if (!criteria?.length) return null;
  return draw("p", { class: "why quiet" }, "Why: ", criteria.map(({ rule, read }) => `${titleOf(rule)}${readWords(read)}`).join("; "));
}

function readWords(read) {
  if (!read || typeof read !== "object") return read ? ` (${titleOf(read)})` : "";
  const said = Object.entries(read).map(([name, value]) => (Array.isArray(read) ? titleOf(value) : `${titleOf(name)}: ${titleOf(value)}`));
  return said.length ? ` (${said.join(", ")})` : "";
}

const TEXTED = { sent: "sent to the caller by text message", pending: "text message on its way", failed: "the text message failed: read the number aloud", none: "no text message: read the number aloud" };

/** The number that the caller takes away. */
export function request(made) {
  if (!made) return null;
  return draw("section", { key: "request", class: "request" },
    draw("p", { class: "label", text: "Request number" }),
    draw("p", { class: "request-number figures", text: made.number }),
    draw("p", { class: "quiet" }, [made.spoken && `say “${made.spoken}”`, made.category, made.department].filter(Boolean).map((one) => titleOf(one)).join(" · ")),
    draw("p", { class: "quiet", text: TEXTED[made.text_message] ?? plain(made.text_message) }));
}

/** @param {import("../desk/desk_state.js").Page} page */
export function wrapUp(page, acts) {
  const { wrap_up } = page.desk;
  return [
    draw("h2", { class: "headline", text: "How did it end?" }),
    draw("p", { class: "lead" }, `Call ended ${wallTime(wrap_up.ended_at)}`, wrap_up.outcome ? ` · ${titleOf(wrap_up.outcome)}` : "", ". Notes stay open at the right."),
    request(wrap_up.service_request),
    draw("ol", { class: "options dispositions" }, ...dispositionsOf(page.desk).map(({ key, title }, index) => draw("li", { key },
      draw("button", { type: "button", class: "option", "aria-disabled": page.busy === "wrap_up" ? "true" : null, on: { click: () => acts.wrapUp(key) } },
        draw("kbd", { text: String(index + 1) }), draw("span", { class: "option-text", text: title ? titleOf(title) : capital(plain(key)) }))))),
    draw("p", { class: "quiet", text: "After this you are ready for the next call." }),
  ];
}

export const dispositionsOf = (desk) => desk.wrap_up?.dispositions ?? desk.dispositions ?? [];
