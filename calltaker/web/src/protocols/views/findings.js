// What the proof says of the draft, newest answer only. Every finding leads to what it is about, and its counter-example can
// be played as a call.
import { draw } from "../../desk/in_place.js";
import { plain, titleOf } from "../../views/words.js";
import { languageName } from "../../publishing/words.js";
import { summary } from "../../publishing/views/check_summary.js";

const IN_LIST = 100;

export function findings(page, acts) {
  const { check } = page;
  // Errors show themselves; warnings only once somebody asks.
  const areShown = page.areFindingsShown ?? check.errors > 0;
  return draw("section", { key: "findings", class: "editor-findings", "aria-labelledby": "findings-title" },
    draw("div", { class: "findings-head" },
      draw("h2", { id: "findings-title" }, draw("span", { class: "label", text: "Findings" }), summary(check)),
      proven(check, acts),
      check.list.length ? draw("button", { type: "button", class: "text-button", "aria-expanded": String(areShown), text: areShown ? "Hide" : "Show", on: { click: () => acts.showFindings(!areShown) } }) : null),
    check.list.length && areShown ? draw("ul", { class: "findings-list" }, ...check.list.slice(0, IN_LIST).map((one, index) => finding(one, index, acts))) : null,
    check.list.length > IN_LIST && areShown ? draw("p", { class: "hint findings-more", text: `and ${check.list.length - IN_LIST} more` }) : null);
}

/** Over how many answers it was proven, in what time. */
function proven({ isKnown, answer }, acts) {
  if (!isKnown || !answer.statements?.length) return null;
  const words = `${answer.answer_sets ? `${answer.answer_sets.toLocaleString("en-US")} sets of answers examined` : "examined"} in ${Math.round(answer.took_ms)} ms${answer.complete ? "" : ", not all of them"}`;
  return draw("button", { type: "button", class: "text-button figures", id: "open-proven", text: words, on: { click: acts.openProven } });
}

/** One finding: what, where, how to mend it, and the answers that lead there. */
export function finding(found, index, acts, isHere = false) {
  const { code, severity, where, line, language, message, mend } = found;
  const isError = severity === "error";
  return draw("li", { key: `${code}-${where}-${language}-${index}`, class: isError ? "finding finding-error" : "finding" },
    draw("span", { class: "finding-mark", "aria-hidden": "true", text: isError ? "▲" : "◆" }),
    draw("div", {},
      draw("p", {}, draw("span", { class: "visually-hidden", text: isError ? "Error: " : "Warning: " }),
        !isHere && draw("button", { type: "button", class: "text-button finding-where", text: plainWhere(where), on: { click: () => acts.find(found) } }),
        line ? draw("button", { type: "button", class: "text-button finding-line figures", text: `line ${line}`, on: { click: () => acts.goToLine(line) } }) : null,
        language && draw("span", { class: "tag", text: languageName(language) }), draw("span", { class: "finding-what", text: message }), draw("span", { class: "quiet finding-code", text: code })),
      mend && draw("p", { class: "quiet", text: mend }),
      example(found, acts)));
}

const plainWhere = (where) => (where || "protocol").replace(/^line \d+, /, "");

function example(found, acts) {
  const pairs = found.replay?.length ? found.replay : (found.example ?? []);
  if (!pairs.length && !found.caller_gone) return null;
  const shortest = found.example?.length ? found.example : pairs;
  const said = shortest.map(([question, value]) => `${plain(question)}: ${answerWords(value)}`);
  const gone = found.caller_gone ? [said.length ? "then the caller is gone" : "the caller is gone at once"] : [];
  const isTold = !gone.length && shortest.every(([question, value]) => found.message.includes(`${question} = ${value}`));
  return draw("p", { class: "finding-example" },
    !isTold && [draw("span", { class: "quiet", text: "Counter-example: " }), [...said, ...gone].join(", ")],
    draw("button", { type: "button", class: "text-button", "aria-label": `Play it: ${[...said, ...gone].join(", ")}`, text: "Play it", on: { click: () => acts.play(pairs, found.message, Boolean(found.caller_gone)) } }));
}

/** An answer as it stands in a protocol, for people. */
export function answerWords(value) {
  if (Array.isArray(value)) return value.length ? value.map(plain).join(" and ") : "none of them";
  return value !== null && typeof value === "object" ? String(value.text ?? Object.values(value)[0] ?? "") : titleOf(value);
}
