// The page of the residents' telephones: one to a browser tab, or several side by side.
import { pageData } from "./control.js";
import { button, make, tick } from "./elements.js";
import { Telephone } from "./telephone.js";
import { canSpeak, isWanted, want } from "./voice.js";

const { residents } = pageData();
const strip = document.getElementById("telephones");
const choice = document.getElementById("residents");
const inUse = new Map();

function take(resident) {
  const telephone = inUse.get(resident.number) || new Telephone(resident, putAway);
  inUse.set(resident.number, telephone);
  if (!telephone.element.isConnected) strip.append(telephone.element);
  marked();
  return telephone;
}

/** Bring somebody who has chosen a telephone to it; a page that has just opened stays at its top. */
function handTo({ element }) {
  element.scrollIntoView({ block: "nearest" });
  element.querySelector("button.go:not([hidden])")?.focus({ preventScroll: true });
}

function putAway(telephone) {
  telephone.close();
  telephone.element.remove();
  inUse.delete(telephone.resident.number);
  marked();
}

/** Show which residents' telephones are on the table, and keep the choice in the address: a reload keeps it. */
function marked() {
  for (const item of choice.querySelectorAll("button")) item.setAttribute("aria-pressed", String(inUse.has(item.dataset.number)));
  strip.classList.toggle("single", inUse.size === 1);
  const address = new URL(location.href);
  address.searchParams.delete("resident");
  for (const number of inUse.keys()) address.searchParams.append("resident", number);
  history.replaceState(null, "", address);
}

function residentButton(resident) {
  const taken = () => (inUse.has(resident.number) ? putAway(inUse.get(resident.number)) : handTo(take(resident)));
  const words = make("span", {}, make("b", {}, resident.name), " ", make("span", { class: "quiet" }, resident.note || ""));
  const item = button("", taken, { class: "resident", "data-number": resident.number, "aria-pressed": "false" });
  item.append(words);
  return item;
}

choice.append(...residents.map(residentButton));
if (canSpeak) document.getElementById("speaking").append(tick("Read the line aloud", want, isWanted()));

const asked = new URLSearchParams(location.search).getAll("resident");
const first = residents.filter((resident) => asked.includes(resident.number));
for (const resident of first.length ? first : residents.slice(0, 1)) take(resident);
