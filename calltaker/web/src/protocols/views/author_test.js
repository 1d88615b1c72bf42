// A test of the author's: answers of a caller, and the determinant that must come of them. It is played like a call.
import { draw } from "../../desk/in_place.js";
import { sign } from "../../publishing/views/buttons.js";
import { pick } from "../../publishing/views/pickers.js";
import { KEYS, idOf, itemsOf, mapOf, questionOf, wordsOf } from "../reading.js";
import { firstAnswer, playable } from "../author_answers.js";
import { determinantPicker, fieldId, idField } from "./fields.js";
import { authorAnswer } from "./author_answer.js";

export function authorTest({ index, item }, page, acts) {
  const answers = mapOf(item.answers);
  const free = itemsOf(page.document, "questions").map(idOf).filter((id) => id && !(id in answers));
  return [
    draw("div", { key: "answers", class: "field" },
      draw("h3", { class: "field-label", text: "The caller answers" }),
      draw("ol", { class: "rows" }, ...Object.entries(answers).map(([id, value]) => draw("li", { key: id, class: "answer-row" },
        draw("label", { for: fieldId(["tests", index, id]), class: "answer-question" }, draw("span", { text: wordsOf(mapOf(questionOf(page.document, id)?.text).en) || id })),
        authorAnswer({ id: fieldId(["tests", index, id]), question: questionOf(page.document, id), value, change: (to) => acts.answerTest(index, id, to) }),
        sign("✕", `Take the answer to ${id} out`, () => acts.answerTest(index, id, undefined))))),
      free.length > 0 && pick({ id: "add-answer", label: "Answer one more question", value: "", offered: free.map((id) => [id, id]), empty: "answer one more question …", chosen: (id) => id && acts.answerTest(index, id, firstAnswer(questionOf(page.document, id))) })),
    draw("div", { key: "then", class: "field" },
      draw("label", { for: "test-determinant", class: "field-label", text: "Must come out" }),
      draw("div", { class: "leads" }, draw("span", { "aria-hidden": "true", class: "leads-arrow", text: "→" }), determinantPicker("test-determinant", item.determinant, page, (to) => acts.set(["tests", index, "determinant"], to, KEYS.tests)),
        draw("button", { type: "button", id: "play-test", text: "Play it", on: { click: () => acts.play(playable(answers, page.document), `Test ${idOf(item)}: must come to ${item.determinant}.`) } }))),
    idField(page, acts, { list: "tests", index, id: idOf(item) }),
  ];
}
