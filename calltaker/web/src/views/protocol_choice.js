// Find a protocol by words typed, or take one by its digit: the first of a call, or another one in the middle of it.
import { draw } from "../desk/in_place.js";
import { optionButton } from "./option.js";
import { dangerButton } from "./red_flags.js";
import { kbd, titleOf } from "./words.js";

const MARKS = /[\u0300-\u036f]/g;
const folded = (text) => text.normalize("NFD").replace(MARKS, "").toLowerCase();

/** The protocols whose title, in either language, holds every typed word's beginning; the order stays. */
export function matching(protocols, typed) {
  const words = folded(typed ?? "").split(/\s+/).filter(Boolean);
  const holds = ({ title, protocol }) => {
    const said = ` ${folded(`${title.en} ${title.es} ${protocol.replaceAll("_", " ")}`)}`;
    return words.every((word) => said.includes(` ${word}`));
  };
  return protocols.filter(holds);
}

/** The protocols in the order of their digits: in a protocol those that it often leads to, then all others. */
export function choosable(page) {
  const { protocol, protocols } = page.desk.call;
  if (!protocol) return matching(protocols, page.wanted);
  const rank = new Map((protocol.jumps ?? []).map((jump, index) => [jump.protocol, index]));
  const others = protocols.filter((one) => one.protocol !== protocol.protocol || protocol.ended);
  const near = others.filter((one) => rank.has(one.protocol)).sort((one, two) => rank.get(one.protocol) - rank.get(two.protocol));
  return matching([...near.map((one) => ({ ...one, near: true })), ...others.filter((one) => !rank.has(one.protocol))], page.wanted);
}

/** In a protocol: go to another one; what both ask in the same words is not asked again. */
export function otherProtocol(page, acts) {
  const { call } = page.desk;
  const found = choosable(page);
  return [
    draw("header", { key: "panel-head", class: "panel-head" },
      draw("h2", { class: "headline", text: "Go to another protocol" }),
      draw("button", { type: "button", class: "text-button", on: { click: acts.closeSheet } }, `Stay in ${titleOf(call.protocol.title)} `, kbd("Esc"))),
    finder(page, acts, found),
    draw("p", { key: "counted", class: "lead", role: "status", text: counted(found.length, page.wanted, "What both protocols ask in the same words is kept and not asked again.") }),
    draw("ol", { key: "protocols", class: "options" }, ...found.map((one, index) =>
      optionButton(one.protocol, index, one.title, call.language, () => acts.startProtocol(one.protocol), tag(one)))),
  ];
}

const tag = ({ near, suggested }) => (near ? draw("span", { class: "tag", text: "often follows" }) : suggested ? draw("span", { class: "tag", text: "suggested" }) : null);

/** @param {import("../desk/desk_state.js").Page} page */
export function protocolChoice(page, acts) {
  const { call } = page.desk;
  if (!call.protocols.length) return [draw("h2", { class: "headline", text: "No protocol for this call" }), draw("p", { class: "lead", text: "Help the caller, write notes, then hang up." })];
  const found = choosable(page);
  return [
    draw("header", { key: "panel-head", class: "panel-head" }, draw("h2", { class: "headline", text: "Which protocol?" }), dangerButton(acts)),
    finder(page, acts, found),
    draw("p", { class: "lead", role: "status", text: counted(found.length, page.wanted, "The suggested one comes first. Press its digit, or type to find another.") }),
    draw("ol", { class: "options" }, ...found.map((one, index) =>
      optionButton(one.protocol, index, one.title, call.language, () => acts.startProtocol(one.protocol), tag(one)))),
  ];
}

function finder(page, acts, [first]) {
  const submit = (event) => {
    event.preventDefault();
    if (first && page.wanted) acts.startProtocol(first.protocol);
  };
  return draw("form", { key: "find", class: "typed", role: "search", on: { submit } },
    draw("label", { for: "find-protocol" }, "Find a protocol ", kbd("F3")),
    draw("input", { id: "find-protocol", type: "search", autocomplete: "off", value: page.wanted, on: { input: (event) => acts.find(event.target.value) } }));
}

function counted(count, wanted, hint) {
  if (!wanted) return hint;
  if (!count) return "No protocol has these words. Take them back, or help without one.";
  return count === 1 ? "Enter takes it." : `${count} found. Enter takes the first.`;
}
