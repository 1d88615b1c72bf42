// What was proven of the draft: each rule of the gate, over how many sets of answers, how, and in what time.
import { draw } from "../../desk/in_place.js";
import { counted } from "../../publishing/words.js";

const RULES = {
  E01: "Every id that is named exists", E02: "Nothing reads itself", E03: "No id is used twice", E04: "Nothing leads in a circle", E05: "Nothing reads what is asked later", E06: "Every comparison fits its question",
  E07: "Every question and determinant can be reached", E08: "No path ends without a determinant", E09: "No condition is always or never true", E10: "No two outcomes at once", E11: "There is an outcome for every set of answers",
  E12: "Every red flag ends in an emergency, whatever follows", E13: "Every emergency has somebody to dial", E14: "Every destination is open, or has a fall-back", E15: "Not knowing counts", E16: "Every outcome has its codes", E17: "Every text is in both languages",
  E18: "The first emergency decision comes within three questions", I12: "Nothing worse makes it less urgent", I13: "Turning any one rule off is noticed", W01: "Texts are easy to read", W02: "Danger is asked first", W03: "Every rule and exit has a test", T01: "The author's tests pass", A01: "The content is approved",
};
const VERDICTS = { true: ["tone-connected", "✓", "holds"], false: ["tone-emergency", "▲", "does not hold"], null: ["tone-possible", "◆", "not proven"] };

export function proven({ answer }) {
  if (!answer) return draw("p", { class: "quiet", text: "checking …" });
  return [
    draw("p", { class: "lead", text: answer.answer_sets ? `${counted(answer.answer_sets, "set", "sets")} of answers, unknown, refused and hung up included, in ${Math.round(answer.took_ms)} ms.` : `Examined in ${Math.round(answer.took_ms)} ms.` }),
    !answer.complete && draw("p", { class: "fault", text: "Too large to be examined whole while somebody types. Proposing examines all of it." }),
    draw("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "What was proven" }, draw("table", { class: "table proven" },
      draw("thead", {}, draw("tr", {}, ...["Rule", "What it says", "Verdict", "Sets of answers", "Time"].map((words) => draw("th", { scope: "col", key: words, text: words })))),
      draw("tbody", {}, ...answer.statements.map(statement)))),
  ];
}

function statement({ code, proven: verdict, answer_sets: sets, how, seconds }, index) {
  const [tone, mark, words] = VERDICTS[String(verdict)];
  return draw("tr", { key: `${code}-${index}` },
    draw("th", { scope: "row", class: "mono", text: code }), draw("td", {}, RULES[code] ?? "", draw("span", { class: "outline-id", text: how })),
    draw("td", {}, draw("span", { class: `chip ${tone}` }, draw("span", { class: "mark", "aria-hidden": "true", text: mark }), words)),
    draw("td", { class: "figures", text: sets ? sets.toLocaleString("en-US") : "–" }), draw("td", { class: "figures", text: took(seconds * 1000) }));
}

function took(ms) {
  if (ms < 0.1) return "under 0.1 ms";
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
