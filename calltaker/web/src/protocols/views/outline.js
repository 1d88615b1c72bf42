// The protocol as a list at the left: itself, its questions in order, rules, determinants, tests; each with what is wrong there.
import { draw } from "../../desk/in_place.js";
import { capital, levelChip } from "../../views/words.js";
import { LISTS, idOf, itemsOf, mapOf, wordsOf } from "../reading.js";
import { whyNotEdit } from "../page.js";

export function outline(page, acts) {
  return draw("nav", { key: "outline", class: "outline", "aria-label": "Parts of the protocol", on: { keydown: walk } },
    draw("ul", { class: "outline-list" }, row({ place: "", words: "The protocol itself" }, page, acts)),
    ...Object.entries(LISTS).map(([list, { one, title }]) => group(list, one, title, page, acts)));
}

function group(list, one, title, page, acts) {
  const items = itemsOf(page.document, list);
  const isOpen = page.open.has(list);
  const wrong = items.flatMap((_, index) => page.byPlace.get(`${list}.${index}`) ?? []);
  return draw("section", { key: list, class: "outline-group" },
    draw("div", { class: "outline-head" },
      draw("h2", {}, draw("button", { type: "button", class: "outline-fold", "aria-expanded": String(isOpen), on: { click: () => acts.unfold(list) } },
        draw("span", { class: "fold-mark", "aria-hidden": "true", text: isOpen ? "▾" : "▸" }), title, draw("span", { class: "quiet figures", text: String(items.length) }), !isOpen && badge(wrong))),
      draw("button", { type: "button", class: "small", id: `add-${list}`, "aria-label": `Add a ${one}`, disabled: Boolean(whyNotEdit(page) || page.fault), text: "Add", on: { click: () => acts.add(list) } })),
    isOpen ? draw("ol", { class: "outline-list" }, ...items.map((item, index) => row(rowOf(list, item, index), page, acts))) : null);
}

function rowOf(list, item, index) {
  const id = idOf(item) || "no id";
  const about = {
    questions: () => ({ number: index + 1, words: wordsOf(mapOf(item.text).en) || id, id, mark: item.safety === "true" }),
    rules: () => ({ words: id, to: wordsOf(item.determinant) || "nowhere" }),
    determinants: () => ({ words: wordsOf(mapOf(item.title).en) || id, id, level: wordsOf(item.level) }),
    tests: () => ({ words: id, to: wordsOf(item.determinant) || "nowhere" }),
  }[list]();
  return { ...about, place: `${list}.${index}`, question: list === "questions" ? id : "" };
}

function row({ place, number, words, id, to, mark, level, question }, page, acts) {
  const isChosen = page.selected === place;
  const wrong = page.byPlace.get(place) ?? [];
  const { run, is_open: isPlaying, reopened } = page.call;
  const isHere = isPlaying && question && (reopened || run?.question?.id) === question;
  const isLit = isPlaying && question && run?.answered.some((one) => one.question === question);
  const looks = ["outline-row", to && "outline-leads", isChosen && "row-chosen", isHere && "row-here", isLit && "row-lit"].filter(Boolean).join(" ");
  return draw("li", { key: place || "itself" }, draw("button", { type: "button", class: looks, "data-place": place, "aria-current": isChosen ? "true" : null, on: { click: () => acts.select(place) } },
    number && draw("span", { class: "outline-number figures quiet", text: String(number) }),
    draw("span", { class: "outline-words" }, words, mark && draw("span", { class: "safety-mark", title: "Safety question" }, draw("span", { "aria-hidden": "true", text: " ◆" }), draw("span", { class: "visually-hidden", text: ", safety question" }))),
    isHere && draw("span", { class: "visually-hidden", text: ", asked now" }),
    to && draw("span", { class: "outline-to", text: `→ ${to}` }),
    badge(wrong),
    level ? levelChip(level) : null,
    id && id !== words && draw("span", { class: "outline-id", text: id })));
}

function badge(wrong) {
  const errors = wrong.filter(({ severity }) => severity === "error").length;
  if (!wrong.length) return null;
  const [count, tone, mark, name] = errors ? [errors, "badge-error", "▲", "error"] : [wrong.length, "badge-warning", "◆", "warning"];
  return draw("span", { class: `badge ${tone}` }, draw("span", { "aria-hidden": "true", text: mark }), String(count), draw("span", { class: "visually-hidden", text: ` ${capital(name)}${count === 1 ? "" : "s"}` }));
}

/** Arrow keys walk the rows, Home and End go to the first and the last. */
function walk(event) {
  const rows = [...event.currentTarget.querySelectorAll(".outline-row")];
  const at = rows.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, to))].focus();
}
