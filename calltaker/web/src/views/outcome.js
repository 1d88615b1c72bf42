// The end of a protocol, and the wrap-up after a call: what to tell the caller, the number of their request, how it ended.
import { draw } from "../desk/in_place.js";
import { running, wallTime } from "../desk/clock.js";
import { bothLanguages, capital, destinationWords, kbd, levelChip, plain, titleOf } from "./words.js";

/** @param {import("../desk/desk_state.js").Call} call */
export function outcome(call, acts) {
  const { determinant, ended } = call.protocol;
  if (!determinant) return draw("p", { class: "lead", text: ended ? "You stopped asking before anything was decided. F3 begins a protocol again." : "No more questions." });
  return draw("article", { key: "outcome", class: "outcome" },
    draw("h3", { class: "headline", text: titleOf(determinant.title) }),
    draw("p", { class: "quiet", text: determinant.destination ? `goes to ${destinationWords(determinant.destination)}` : "" }),
    request(call.service_request),
    ...toRead(call).map(({ what, label, text, tone }, index) => draw("section", { key: what },
      draw("div", { class: "to-read" }, draw("h4", { class: "label", text: label }), readMark(what, index + 1, call.protocol, acts)),
      ...bothLanguages(text, call.language, tone))),
    ended === "early_exit" && draw("p", { class: "quiet", text: "Not all was asked. F3 begins the protocol again, with the answers." }),
    chosenByHand(call.protocol),
    why(determinant, call.protocol),
    changesInTime(call.protocol),
    draw("p", { class: "quiet" }, "When the caller has what they need: ", kbd("Alt+H"), " Hang up."));
}

/** What is read to the caller at the end, in the order of its digits, and whether the questions were read so too. */
export function toRead({ protocol: { determinant }, caller }) {
  const parts = [
    { what: "closing", label: "Say", text: determinant?.script, tone: "ask" },
    { what: "advice", label: "Advice for the caller", text: determinant?.advice, tone: "advise" },
  ];
  const number = /\d/.test(caller ?? "") && { what: "call_back", label: `The number to call back: ${caller}`, text: null };
  return [...parts.filter(({ text }) => text), { what: "questions", label: "Every question was read as it stands", text: null }, ...(number ? [number] : [])];
}

/** What stands after the word on the button, for those who hear it. */
const READ_MARKS = { closing: "to the caller", advice: "the advice to the caller", questions: "the questions as they stand", call_back: "the number to call back to the caller" };

/** Read as it stands or not: whoever reads this call later is told. */
function readMark(what, digit, { read_aloud: read, ended }, acts) {
  if (ended) return null;
  return draw("button", { type: "button", class: "read-mark", "aria-pressed": String(read?.[what] === true), on: { click: () => acts.readAloud(what) } },
    draw("span", { "aria-hidden": "true", class: "mark", text: read?.[what] ? "■" : "□" }), "Read ", draw("span", { class: "visually-hidden", text: READ_MARKS[what] }), kbd(String(digit)));
}

const BY_HAND = { red_flag: "a red flag", retriage: "something new learned", override: "an override of the rules" };

/** Who chose what stands, and what the rules say beside it. */
export function chosenByHand({ standing_by, computed, changes }) {
  if (!BY_HAND[standing_by]) return null;
  const reason = changes.findLast(({ by }) => by === standing_by)?.reason;
  return draw("p", { key: "by-hand", class: "by-hand" }, `Chosen by ${BY_HAND[standing_by]}`, reason ? `: “${reason}”. ` : ". ", draw("span", { class: "quiet", text: computed ? `The rules alone say: ${titleOf(computed.title)} (${plain(computed.level)}).` : "" }));
}

/** How the outcome came about, where it was not always the same. */
export function changesInTime({ changes }) {
  if (changes.length < 2) return null;
  const said = ({ at_seconds, determinant, by }) => `${running(at_seconds)} ${determinant ? titleOf(determinant.title) : "nothing decided"}${BY_HAND[by] ? ` (by ${BY_HAND[by]})` : ""}`;
  return draw("p", { key: "changes", class: "why quiet", text: `Over time: ${changes.map(said).join(" → ")}` });
}

/** Why this level: the rules that hold and the answers they read. */
export function why({ criteria }, { standing_by } = {}) {
  if (!criteria?.length || BY_HAND[standing_by]) return null;
  return draw("p", { class: "why quiet" }, "Why: ", criteria.map(({ rule, read }) => `${titleOf(rule)}${readWords(read)}`).join("; "));
}

function readWords(read) {
  if (!read || typeof read !== "object") return read ? ` (${titleOf(read)})` : "";
  const said = Object.entries(read).map(([name, value]) => (Array.isArray(read) ? titleOf(value) : `${titleOf(name)}: ${titleOf(value)}`));
  return said.length ? ` (${said.join(", ")})` : "";
}

const TAKEN_BACK = "Taken back: this outcome asks nothing of a department. If the caller has the number, tell them.";
const TEXTED = { sent: "sent to the caller by text message", pending: "text message on its way", failed: "the text message failed: read the number aloud", none: "no text message: read the number aloud" };

/** The number that the caller takes away. */
export function request(made) {
  if (!made) return null;
  return draw("section", { key: "request", class: "request" },
    draw("p", { class: "label", text: "Request number" }),
    draw("p", { class: "request-number figures", text: made.number }),
    draw("p", { class: "quiet" }, [made.spoken && `say “${made.spoken}”`, made.category, made.department].filter(Boolean).map((one) => titleOf(one)).join(" · ")),
    draw("p", { class: "quiet", text: made.state === "closed" ? TAKEN_BACK : (TEXTED[made.text_message] ?? plain(made.text_message)) }));
}

/** @param {import("../desk/desk_state.js").Page} page */
export function wrapUp(page, acts) {
  const { wrap_up } = page.desk;
  return [
    draw("h2", { class: "headline", text: "How did it end?" }),
    draw("p", { class: "lead" }, `Call ended ${wallTime(wrap_up.ended_at)}`, wrap_up.outcome ? ` · ${titleOf(wrap_up.outcome)}` : "", ". Notes stay open at the right."),
    cutOff(wrap_up),
    protocolLost(wrap_up.protocol_lost),
    leftOpen(wrap_up),
    request(wrap_up.service_request),
    draw("ol", { class: "options dispositions" }, ...dispositionsOf(page.desk).map(({ key, title }, index) => draw("li", { key },
      draw("button", { type: "button", class: "option", "aria-disabled": page.busy === "wrap_up" ? "true" : null, on: { click: () => acts.wrapUp(key) } },
        draw("kbd", { text: String(index + 1) }), draw("span", { class: "option-text", text: title ? titleOf(title) : capital(plain(key)) }))))),
    draw("p", { class: "quiet", text: "After this you are ready for the next call." }),
  ];
}

/** The caller went before the questions were done: by the rules, what nobody answered counts as not known. */
function leftOpen({ left_open: left, caller, place }) {
  if (!left) return null;
  const { determinant, unanswered } = left;
  return draw("section", { key: "left-open", class: `left-open${determinant.emergency ? " left-open-emergency" : ""}`, "aria-labelledby": "left-open-title" },
    draw("h3", { id: "left-open-title" }, draw("span", { class: "mark", "aria-hidden": "true", text: determinant.emergency ? "▲" : "◆" }), ` The caller has gone: ${unanswered.length} ${unanswered.length === 1 ? "question was" : "questions were"} left open`),
    draw("p", {}, "Not knowing counts, so the outcome is ", draw("strong", { text: titleOf(determinant.title) }), " ", levelChip(determinant.level)),
    draw("p", { class: "quiet", text: `Not answered: ${titleOf(unanswered[0])}${unanswered.length > 1 ? ` and ${unanswered.length - 1} more` : ""}` }),
    draw("p", {}, "Caller: ", draw("strong", { class: "number", text: caller }), ` · Place: ${place?.text ?? "not known"}`));
}

/** They went in an emergency and nobody dialled 911: ring them back, or tell 911 by hand. A task of every desk until it is done. */
function cutOff({ cut_off: cut, caller }) {
  if (!cut) return null;
  const hasNumber = /\d/.test(caller);
  return draw("section", { key: "cut-off", class: "cut-off", role: "alert", "aria-labelledby": "cut-off-title" },
    draw("h3", { id: "cut-off-title" }, draw("span", { class: "mark", "aria-hidden": "true", text: "▲" }), " The caller was cut off in an emergency. Do this now:"),
    draw("p", {}, "Emergency: ", draw("strong", { text: cut.title ? titleOf(cut.title) : "not known, because the questions cannot be read" })),
    draw("ol", { class: "cut-off-do" },
      hasNumber && draw("li", { key: "back" }, "Call back once: ", draw("strong", { class: "number", text: caller })),
      draw("li", { key: "by-hand" }, hasNumber ? "Nobody answers? Tell 911 by hand" : "No number came with the call: tell 911 by hand", cut.number_by_hand ? [" at ", draw("strong", { class: "number", text: cut.number_by_hand })] : "", ":")),
    draw("p", { class: "ask", lang: "en", text: cut.script.en }),
    draw("p", { class: "quiet", text: "It stands above all tasks on every desk until somebody writes there what came of it." }));
}

/** The version that the call ran on can no longer be read: what happened, and that nothing else has changed. */
export function protocolLost(lost) {
  if (!lost) return null;
  return draw("section", { key: "protocol-lost", class: "protocol-lost", role: "alert", "aria-labelledby": "protocol-lost-title" },
    draw("h2", { id: "protocol-lost-title" }, draw("span", { class: "mark", "aria-hidden": "true", text: "◆" }), ` ${lost.problem}`),
    draw("p", { text: `${capital(plain(lost.protocol))} v${lost.version}: what was answered is kept. ${lost.what_to_do}` }));
}

export const dispositionsOf = (desk) => desk.wrap_up?.dispositions ?? desk.dispositions ?? [];
