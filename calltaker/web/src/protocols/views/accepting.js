// Warnings that go live only if somebody takes them on, each by name and with a reason.
import { draw } from "../../desk/in_place.js";

export function accepting(warnings, words) {
  if (!warnings.length) return null;
  return draw("fieldset", { key: "accepting", class: "accepting" },
    draw("legend", {}, draw("span", { class: "mark", "aria-hidden": "true", text: "◆ " }), `${warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`} to accept. ${words}`),
    ...warnings.map(({ id, code, where, message, accepted_before: before }, index) => draw("div", { key: id, class: "accept-one" },
      draw("label", { for: `accept-${index}` }, draw("strong", { text: `${where}: ` }), message, draw("span", { class: "quiet finding-code", text: ` ${code}` })),
      draw("textarea", { id: `accept-${index}`, name: `accept-${id}`, rows: 1, required: true, maxlength: 400, placeholder: "Why it may stay", text: before?.reason ?? "" }), // no value: what is typed outlives every drawing
      before && draw("p", { class: "hint", text: `Accepted before by ${before.by}.` }))));
}
