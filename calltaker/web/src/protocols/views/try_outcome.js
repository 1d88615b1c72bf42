// Where the played call leads so far, always in sight, with the rules that hold and the answers that they read.
import { draw } from "../../desk/in_place.js";
import { why } from "../../views/outcome.js";
import { bothLanguages, destinationWords, levelChip, titleOf } from "../../views/words.js";
import { whyNotEdit } from "../page.js";

export function outcomeSoFar(page, acts) {
  const { call } = page;
  const { determinant } = call.run;
  if (!determinant) return draw("p", { key: "outcome", class: "hint", text: "No determinant yet." });
  return draw("section", { key: "outcome", class: determinant.emergency ? "so-far so-far-emergency" : "so-far", "aria-label": "Where it leads so far", "aria-live": "polite" },
    draw("p", {}, levelChip(determinant.level), " ", draw("strong", { text: titleOf(determinant.title) })),
    draw("p", { class: "quiet" }, determinant.final ? "Whatever else is said. " : "If nothing else is said. ", determinant.destination && `Goes to ${destinationWords(determinant.destination)}.`),
    why(determinant),
    determinant.script && draw("div", { class: "advice" }, draw("h3", { class: "label", text: "Say" }), ...bothLanguages(determinant.script, call.language, "advise")),
    determinant.advice && draw("div", { class: "advice" }, draw("h3", { class: "label", text: "Advice" }), ...bothLanguages(determinant.advice, call.language, "advise")),
    !whyNotEdit(page) && !page.fault && Object.keys(call.answers).length > 0 && draw("button", { type: "button", class: "small", id: "keep-test", text: "Keep these answers as a test", on: { click: () => acts.keepTest(call.answers, determinant.id) } }));
}
