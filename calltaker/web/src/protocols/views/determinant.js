// A determinant: how urgent, where it goes, what the caller hears, and the codes that others know it by.
import { draw } from "../../desk/in_place.js";
import { capital, plain, titleOf } from "../../views/words.js";
import { pick } from "../../publishing/views/pickers.js";
import { KEYS, idOf, leadersTo, listOf, mapOf, wordsOf } from "../reading.js";
import { bothTexts, idField, labelled, line, usedBy } from "./fields.js";

const LEVELS = ["emergency", "urgent", "routine", "information"];

export function determinant({ index, item }, page, acts) {
  const path = ["determinants", index];
  const order = KEYS.determinants;
  const { catalogue } = page;
  const isEmergency = item.level === "emergency";
  return [
    bothTexts({ label: "Title", value: item.title, path: [...path, "title"], acts, order, rows: 1 }),
    draw("div", { key: "level", class: "pair" },
      labelled("Level", "determinant-level", pick({ id: "determinant-level", value: wordsOf(item.level), offered: LEVELS.map((level) => [level, capital(level)]), chosen: (to) => acts.setLevel(index, to) })),
      line({ label: "Priority, 0 to 10", value: item.priority, path: [...path, "priority"], acts, order, optional: false, about: { inputmode: "numeric" } })),
    isEmergency ? draw("p", { key: "911", class: "goes-911" }, draw("span", { class: "mark", "aria-hidden": "true", text: "▲ " }), "Dials 911, by the caller's place. Nothing takes the dial back.") : null,
    labelled("Goes to", "determinant-destination", pick({ id: "determinant-destination", value: spelled(mapOf(item.destination)), offered: destinations(catalogue, isEmergency), chosen: (to) => acts.set([...path, "destination"], { kind: to.split(" ")[0], key: to.split(" ")[1] ?? "" }, order) })),
    bothTexts({ label: "Said when it is settled", value: item.script, path: [...path, "script"], acts, order }),
    bothTexts({ label: "Advice while help is on its way", value: item.advice, path: [...path, "advice"], acts, order }),
    draw("div", { key: "codes", class: "pair" },
      labelled("Common code", "determinant-common", pick({ id: "determinant-common", value: wordsOf(item.common_code), offered: listOf(catalogue.common_codes).map(coded), chosen: (to) => acts.set([...path, "common_code"], to, order) })),
      labelled("Service request", "determinant-request", pick({ id: "determinant-request", value: wordsOf(item.request_code), offered: [["none", "none is made"], ...listOf(catalogue.request_codes).map(coded)], chosen: (to) => acts.set([...path, "request_code"], to, order) }))),
    usedBy("Met by", leadersTo(page.document, idOf(item)), acts, "No rule leads here."),
    idField(page, acts, { list: "determinants", index, id: idOf(item) }),
  ];
}

const spelled = ({ kind, key }) => (kind ? `${kind} ${key ?? ""}`.trim() : "");
const coded = (one) => (typeof one === "string" ? [one, one] : [one.code, one.title ? `${one.code}: ${titleOf(one.title)}` : one.code]);

function destinations({ destinations: known }, isEmergency) {
  const all = listOf(known).map((one) => [`${one.kind} ${one.key}`, `${plain(one.kind)}: ${one.title ? titleOf(one.title) : plain(one.key)}`]);
  const to911 = all.some(([id]) => id.startsWith("911 ")) ? [] : [["911 by_jurisdiction", "911: by the caller's place"]];
  return [...to911, ...all].filter(([id]) => id.startsWith("911 ") === isEmergency);
}
