// How a check came out, in one look: errors, warnings, nothing to mend, or not checked and why.
import { draw } from "../../desk/in_place.js";
import { counted } from "../words.js";

export function summary({ state, why, errors, warnings, isKnown }) {
  if (state === "failed") return draw("span", { class: "chip tone-possible", text: `Not checked: ${why}` });
  if (state === "unasked") return draw("span", { class: "quiet", text: "shown to those who may edit" });
  if (!isKnown) return draw("span", { class: "quiet", text: "checking …" });
  return [
    errors ? draw("span", { key: "errors", class: "badge badge-error" }, draw("span", { "aria-hidden": "true", text: "▲" }), counted(errors, "error")) : null,
    warnings ? draw("span", { key: "warnings", class: "badge badge-warning" }, draw("span", { "aria-hidden": "true", text: "◆" }), counted(warnings, "warning")) : null,
    errors + warnings === 0 ? draw("span", { key: "none", class: "chip tone-connected" }, draw("span", { "aria-hidden": "true", text: "✓" }), "Nothing to mend") : null,
    state === "checking" && draw("span", { key: "again", class: "quiet", text: "checking …" }),
  ];
}
