// 911 is called: four steps with running seconds, the one button, the words to read, and what to do when all fails.
import { draw } from "../desk/in_place.js";
import { running, secondsBetween, serverNow, wallTime } from "../desk/clock.js";
import { answerWords } from "./question.js";
import { bothLanguages, kbd, titleOf } from "./words.js";

const STEPS = [
  { words: "Dialling", from: "requested_at" },
  { words: "Ringing", from: "ringing_at" },
  { words: "Answered", from: "answered_at" },
  { words: "Accepted", from: "accepted_at" },
];
const FAILED = { busy: "The line was busy.", no_answer: "Nobody answered.", failed: "The dial failed.", declined: "The call was declined.", caller_gone: "The caller has gone." };

const STAY = { en: "Stay on the line. I am connecting you to 911 now.", es: "No cuelgue. Le estoy comunicando con el 911." };

/** @param {import("../desk/desk_state.js").Page} page */
export function emergency(page, acts) {
  const { call } = page.desk;
  const isNewest = !page.red || call.escalation?.escalation_id === page.red.escalation_id;
  const escalation = isNewest ? call.escalation : onlyAsked(page.red);
  const unconfirmed = page.red && !page.red.confirmed;
  return [
    draw("h2", { key: "title", class: `headline ${escalation.accepted_at ? "accepted-title" : "emergency-title"}`, text: titleOfState(escalation, unconfirmed) }),
    unconfirmed && notConfirmed(page, escalation),
    steps(escalation, unconfirmed),
    draw("div", { key: "answer", class: "emergency-answer" }, theyHaveIt(escalation, unconfirmed, page, acts), destinations(escalation)),
    FAILED[escalation.state] && failed(escalation),
    toSay(escalation, call, page),
    ifAllFails(escalation),
    protocolStrip(call),
  ];
}

const onlyAsked = (red) => ({ escalation_id: red.escalation_id, state: "requested", requested_at: new Date(red.pressed_at).toISOString(), attempt: 1 });

function titleOfState({ state, accepted_at, attempt }, unconfirmed) {
  if (unconfirmed) return "Dialling 911: not confirmed";
  if (accepted_at || state === "accepted") return "911 has the caller. You may leave.";
  if (FAILED[state]) return FAILED[state];
  const again = attempt > 1 ? `, try ${attempt}` : "";
  return { answered: "911 has answered. Stay until they have it.", ringing: `911 is ringing${again}. Stay with the caller.`, ended: "The 911 call has ended." }[state] ?? `Dialling 911${again}. Stay with the caller.`;
}

function notConfirmed({ red, desk }, escalation) {
  const number = escalation.number_by_hand ?? desk.call.number_by_hand ?? desk.number_by_hand;
  return draw("div", { key: "not-confirmed", class: "not-confirmed", role: "alert" },
    draw("p", {}, draw("strong", { text: "Dialling not confirmed: tell the caller to hang up and dial 911" }), number ? `, or dial ${number} by hand.` : ", or dial your 911 centre's ten-digit number by hand."),
    draw("p", { class: "figures", text: `Asking again, try ${Math.max(1, red.tries)}. ${red.said}` }));
}

function steps(escalation, unconfirmed) {
  const reached = unconfirmed ? 0 : STEPS.reduce((last, { from }, index) => (escalation[from] ? index : last), 0);
  const stopped = Boolean(FAILED[escalation.state]);
  return draw("ol", { key: "steps", class: "transfer-steps", "aria-label": "Steps of the transfer" }, ...STEPS.map((step, index) => transferStep(step, index, reached, escalation, stopped)));
}

function transferStep({ words, from }, index, reached, escalation, stopped) {
  const isLast = index === STEPS.length - 1;
  const state = index > reached ? "ahead" : index < reached || isLast ? "done" : stopped ? "stopped" : "now";
  const mark = { ahead: "○", done: "✓", now: "●", stopped: "✕" }[state];
  const until = escalation[STEPS[index + 1]?.from] ?? serverNow();
  const seconds = escalation[from] && !isLast && (state === "done" || state === "now") ? running(secondsBetween(escalation[from], until)) : "";
  return draw("li", { key: words, class: `transfer-step transfer-${state}`, "aria-current": state === "now" ? "step" : null },
    draw("span", { class: "mark", "aria-hidden": "true", text: mark }), draw("span", { class: "transfer-words", text: words }),
    draw("span", { class: "transfer-seconds figures", text: seconds || (isLast && state === "done" ? "✓" : "–") }),
    draw("span", { class: "transfer-at figures quiet", text: wallTime(escalation[from]) || "not yet" }));
}

function theyHaveIt(escalation, unconfirmed, page, acts) {
  if (escalation.accepted_at) return draw("p", { key: "have", class: "they-have done-words" }, draw("span", { class: "mark", "aria-hidden": "true", text: "✓" }), `They have it since ${wallTime(escalation.accepted_at)}`);
  const reason = unconfirmed ? "911 is not dialled for certain yet" : escalation.state === "ringing" || escalation.state === "answered" ? "" : "911 is not on the line yet";
  return draw("div", { key: "have-it", class: "they-have" },
    draw("button", { id: "they-have-it", type: "button", class: "primary big", "aria-disabled": reason || page.busy === "they_have_it" ? "true" : null, "aria-describedby": "they-have-reason", "aria-keyshortcuts": "Alt+T", on: { click: () => reason || acts.theyHaveIt() } }, "They have it", kbd("Alt+T")),
    draw("span", { id: "they-have-reason", class: "quiet", text: reason || "Press it when 911 says so. Leave opens then." }),
    escalation.state === "answered" && draw("button", { id: "they-decline", type: "button", "aria-keyshortcuts": "Alt+Q", "aria-disabled": page.busy === "they_decline" ? "true" : null, on: { click: acts.theyDecline } }, "They will not take it: dial the next ", kbd("Alt+Q")));
}

function destinations({ destination, next_destination, accepted_at }) {
  const next = titleOf(next_destination) || (destination ? "no further line" : "");
  return draw("dl", { class: "facts" },
    draw("dt", { key: "dialled-name", text: "Dialled" }), draw("dd", { key: "dialled", text: titleOf(destination) || "by the caller's place" }),
    next && !accepted_at && [draw("dt", { key: "next-name", text: "Next" }), draw("dd", { key: "next", text: next })]);
}

const failed = (escalation) => draw("p", { key: "failed", class: "not-confirmed", role: "alert" }, escalation.next_destination ? `${FAILED[escalation.state]} Dialling the next: ${titleOf(escalation.next_destination)}.` : `${FAILED[escalation.state]} No further line. Tell the caller to hang up and dial 911${escalation.number_by_hand ? `, or dial ${escalation.number_by_hand} by hand` : ""}.`);

function toSay({ script, accepted_at }, call, page) {
  const place = call.place?.text ?? "not known: ask the caller now";
  const { script: words, advice } = toCaller(call, page.red);
  return draw("section", { key: "say", class: "to-911" },
    draw("h3", { class: "label", text: "Read to 911" }),
    draw("p", { class: "ask", lang: "en", text: script?.en ?? `This is Tucson 3-1-1 with a caller on the line. Place: ${place}. Call-back: ${call.caller}. Language: ${call.language === "es" ? "Spanish" : "English"}.` }),
    !accepted_at && draw("div", {}, draw("h3", { class: "label", text: "Say to the caller" }), ...bothLanguages(words, call.language, "advise"),
      advice && draw("h3", { class: "label", text: "While 911 rings" }), ...bothLanguages(advice, call.language, "advise")));
}

/** The words and the advice of the danger chosen a moment ago, before the server has said them; else the outcome's own. */
function toCaller({ protocol, red_flags: flags, danger_raised: raised }, red) {
  const flag = flags?.find(({ id }) => id === red?.order?.body.flag);
  if (flag) return flag;
  const determinant = protocol?.determinant;
  if (determinant?.emergency && determinant.script) return determinant;
  return raised ?? { script: STAY, advice: null };
}

function ifAllFails({ number_by_hand, accepted_at }) {
  if (accepted_at) return null;
  return draw("section", { key: "fails", class: "if-fails" },
    draw("h3", { class: "label", text: "If it does not work" }),
    draw("p", { text: `Tell the caller to hang up and dial 911${number_by_hand ? `, or dial ${number_by_hand} by hand` : ""}. Dialled by mistake? Nothing takes it back: stay, and tell 911 “This is Tucson 3-1-1, dialled by mistake, no emergency.”` }));
}

function protocolStrip({ protocol }) {
  if (!protocol) return null;
  return draw("p", { key: "protocol", class: "protocol-strip" }, draw("span", { class: "label", text: "Protocol" }), `${titleOf(protocol.title)} v${protocol.version}`, protocol.determinant ? ` · ${titleOf(protocol.determinant.title)}` : "", protocol.answered?.length ? ` · ${protocol.answered.length} answered: ${protocol.answered.map((one) => answerWords(one)).join(", ")}` : "");
}
