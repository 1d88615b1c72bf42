// What went wrong, until it is read; and the map of keys. Both leave the strip and the red button free.
import { draw } from "../desk/in_place.js";
import { KEYS, singleKeysOn } from "../desk/keys.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function problems(page, acts) {
  return draw("div", { key: "problems", class: "problems" }, ...page.problems.map((problem) => draw("div", { key: problem.id, class: "problem", role: "alert" },
    draw("div", {},
      draw("p", {}, draw("strong", { text: problem.what })),
      problem.hears && draw("p", {}, draw("span", { class: "quiet", text: "Caller: " }), problem.hears),
      problem.to_do && draw("p", {}, draw("span", { class: "quiet", text: "Do: " }), problem.to_do)),
    problem.sign_in ? draw("a", { class: "button primary", href: "/login", target: "_blank", rel: "opener", text: "Sign in again" }) : draw("button", { type: "button", text: "Read", "aria-label": `Read: ${problem.what}`, on: { click: () => acts.read(problem.id) } }))));
}

/** The map of keys: beside the work, not over it. */
export function keyMap(page, acts) {
  if (!page.keys_shown) return null;
  return draw("aside", { key: "keys", class: "key-map", "aria-labelledby": "keys-title" },
    draw("div", { class: "heading" }, draw("h2", { id: "keys-title", text: "Keys" }), draw("button", { type: "button", text: "Close", on: { click: acts.toggleKeys } })),
    draw("dl", {}, ...KEYS.map(({ does, key, words }) => draw("div", { key: does, class: "key-row" }, draw("dt", {}, draw("kbd", { text: key })), draw("dd", { text: words })))),
    draw("label", { class: "check" }, draw("input", { type: "checkbox", checked: singleKeysOn(), on: { change: (event) => acts.singleKeys(event.target.checked) } }), "Single keys (digits and ?) act when no field has focus"));
}
