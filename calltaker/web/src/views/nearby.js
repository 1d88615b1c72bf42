// The open requests around the place, in words: what is marked by a number on the map is known already.
import { ago } from "../desk/clock.js";
import { draw } from "../desk/in_place.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function nearby({ nearby: found }) {
  if (!found) return null;
  const { requests, within_metres: metres } = found;
  return draw("section", { key: "nearby", class: "nearby", "aria-labelledby": "nearby-title" },
    draw("h2", { id: "nearby-title", class: "label" }, "Nearby open ", draw("span", { class: "count figures", text: requests.length })),
    requests.length === 0 ? draw("p", { class: "quiet", text: `Nothing is open within ${metres} m.` }) : draw("ol", { class: "near-list", tabindex: 0, "aria-label": `Open requests within ${metres} m, the nearest first` }, ...requests.map(entry)));
}

function entry({ number, title, state, made_at, metres }, index) {
  return draw("li", { key: number },
    draw("span", { class: "near-mark", "aria-hidden": "true", text: index + 1 }),
    draw("span", { class: "near-words" }, draw("strong", { text: title }), ` ${metres} m away, ${ago(made_at)}${state === "forwarded" ? ", with the department" : ""}, `, draw("span", { class: "figures", text: number.replace(/^\d{4}/, "$& ") })));
}
