// In a call without a protocol: find one by words typed, or take one by its digit.
import { draw } from "../desk/in_place.js";
import { optionButton } from "./option.js";
import { kbd } from "./words.js";

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

/** @param {import("../desk/desk_state.js").Page} page */
export function protocolChoice(page, acts) {
  const { call } = page.desk;
  if (!call.protocols.length) return [draw("h2", { class: "headline", text: "No protocol for this call" }), draw("p", { class: "lead", text: "Help the caller, write notes, then hang up." })];
  const found = matching(call.protocols, page.wanted);
  return [
    draw("h2", { class: "headline", text: "Which protocol?" }),
    finder(page, acts, found),
    draw("p", { class: "lead", role: "status", text: counted(found.length, page.wanted) }),
    draw("ol", { class: "options" }, ...found.map((one, index) =>
      optionButton(one.protocol, index, one.title, call.language, () => acts.startProtocol(one.protocol), one.suggested && draw("span", { class: "tag", text: "suggested" })))),
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

function counted(count, wanted) {
  if (!wanted) return "The suggested one comes first. Press its digit, or type to find another.";
  if (!count) return "No protocol has these words. Take them back, or help without one.";
  return count === 1 ? "Enter takes it." : `${count} found. Enter takes the first.`;
}
