// What the gate says of the draft, newest answer only; every finding leads to its node and shows how to get there.
import { draw } from "../../desk/in_place.js";
import { summary } from "../../publishing/views/check_summary.js";
import { languageName, seconds } from "../../publishing/words.js";

const IN_LIST = 100;

export function findings(page, acts) {
  const { check } = page;
  return draw("section", { key: "findings", class: "editor-findings", "aria-labelledby": "findings-title" },
    draw("div", { class: "findings-head" },
      draw("h2", { id: "findings-title" }, draw("span", { class: "label", text: "Findings" }), summary(check)),
      draw("p", { class: "quiet figures", text: figures(check) }),
      check.list.length ? draw("button", { type: "button", class: "text-button", "aria-expanded": String(page.areFindingsShown), text: page.areFindingsShown ? "Hide" : "Show", on: { click: () => acts.showFindings(!page.areFindingsShown) } }) : null),
    check.list.length && page.areFindingsShown ? draw("ul", { class: "findings-list" }, ...check.list.slice(0, IN_LIST).map((found, index) => finding(found, index, acts))) : null);
}

function figures({ isKnown, answer }) {
  if (!isKnown) return "";
  const { longest_path: longest, seconds_to_person: person, took_ms: took } = answer;
  return [
    typeof person === "number" && `a person within ${seconds(person)}`,
    typeof longest?.seconds === "number" && `longest way ${seconds(longest.seconds)}`,
    typeof took === "number" && `examined in ${Math.round(took)} ms`,
  ].filter(Boolean).join(" · ");
}

/** One finding: what, where, how to mend it, and the keys and words that lead there. */
export function finding(found, index, acts, isHere = false) {
  const { code, severity, where, language, message, mend, example = [] } = found;
  const isError = severity === "error";
  return draw("li", { key: `${code}-${where}-${language ?? ""}-${index}`, class: isError ? "finding finding-error" : "finding" },
    draw("span", { class: "finding-mark", "aria-hidden": "true", text: isError ? "▲" : "◆" }),
    draw("div", {},
      draw("p", {}, draw("span", { class: "visually-hidden", text: isError ? "Error: " : "Warning: " }),
        !isHere && draw("button", { type: "button", class: "text-button finding-where", text: where || "whole menu", on: { click: () => acts.find(where) } }),
        language && draw("span", { class: "tag", text: languageName(language) }), draw("span", { class: "finding-what", text: message }), draw("span", { class: "quiet finding-code", text: code })),
      mend && draw("p", { class: "quiet", text: mend }),
      example.length ? draw("p", { class: "finding-example" }, draw("span", { class: "quiet", text: "A caller gets there: " }), example.join(", then "), draw("button", { type: "button", class: "text-button", text: "Play this", on: { click: () => acts.playExample(example) } })) : null));
}
