// Choosing one of several: the value that stands is always among those offered, even one that nobody knows.
import { draw } from "../../desk/in_place.js";

/** @param {{id: string, value: string, offered: [string, string][], chosen: (value: string) => void, empty?: string, label?: string}} about */
export function pick({ id, value, offered, chosen, empty = "", label = null }) {
  const isKnown = value === "" || offered.some(([name]) => name === value);
  const all = [...(empty || value === "" ? [["", empty || "choose …"]] : []), ...offered, ...(isKnown ? [] : [[value, `${value} (not known)`]])];
  return draw("select", { id, value: String(value), "aria-label": label, on: { change: ({ target }) => chosen(target.value) } }, ...all.map(([name, words]) => draw("option", { key: name, value: name, text: words })));
}
