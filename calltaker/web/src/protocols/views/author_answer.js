// One answer of a test, by the kind of its question: an option picked, words or a number typed, several ticked, a place, a
// time or a person told part by part.
import { draw } from "../../desk/in_place.js";
import { pick } from "../../publishing/views/pickers.js";
import { WITHHELD } from "../conditions.js";
import { idOf, listOf, mapOf, wordsOf } from "../reading.js";
import { PARTS, begunAnswer, confirmed, isDetailed, isWithheld, ticked, told } from "../author_answers.js";
import { tick } from "./fields.js";

const WITHHELD_WORDS = { unknown: "does not know", refused: "will not say" };
const GIVEN = { many: "these, or none of them", place: "a place", time: "a time", person: "a person" };
const withheld = WITHHELD.map((name) => [name, WITHHELD_WORDS[name]]);
const optionsOf = (question) => listOf(question.options).map((option) => [idOf(option), wordsOf(mapOf(mapOf(option).text).en) || idOf(option)]);

/** @param {{id: string, question: ?object, value: any, change: (value: any) => void}} about */
export function authorAnswer({ id, question, value, change }) {
  if (question?.kind === "choice") return pick({ id, value: wordsOf(value), offered: [...optionsOf(question), ...withheld], chosen: change });
  if (isDetailed(question)) return detailed({ id, question, value, change });
  return draw("input", { id, value: wordsOf(value), autocomplete: "off", on: { input: ({ target }) => change(target.value) } });
}

function detailed({ id, question, value, change }) {
  const isGiven = !isWithheld(value);
  const chosen = (to) => change(to === "given" ? begunAnswer(question) : to);
  return [
    pick({ id, value: isGiven ? "given" : value, offered: [["given", GIVEN[question.kind]], ...withheld], chosen }),
    isGiven && draw("div", { key: `${id}-parts`, class: "answer-parts", role: "group", "aria-label": `Answer to ${idOf(question)}` }, ...(question.kind === "many" ? several({ id, question, value, change }) : parts({ id, question, value, change }))),
  ];
}

const several = ({ id, question, value, change }) => optionsOf(question).map(([option, words]) => tick(`${id}-${option}`, words, listOf(value).includes(option), (isTicked) => change(ticked(question, value, option, isTicked))));

function parts({ id, question, value, change }) {
  const isConfirmed = mapOf(value).confirmed === "true";
  const asked = PARTS[question.kind].filter(([name]) => name !== "unverified_reason" || !isConfirmed);
  return [
    ...asked.map(([name, words]) => draw("label", { key: name, class: "answer-part", for: `${id}-${name}` }, draw("span", { text: words }), draw("input", { id: `${id}-${name}`, autocomplete: "off", value: wordsOf(mapOf(value)[name]), on: { input: ({ target }) => change(told(question, value, name, target.value)) } }))),
    question.kind === "place" && tick(`${id}-confirmed`, "Read back and agreed", isConfirmed, (is) => change(confirmed(value, is))),
  ];
}
