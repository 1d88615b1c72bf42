// Nobody rings: the first desk teaches how to make a test call; a desk that is not ready says what is missing.
import { draw } from "../desk/in_place.js";
import { isElsewhere } from "./telephone_line.js";
import { checkAgain, deviceCheck } from "./device_check.js";
import { kbd } from "./words.js";

/** @param {import("../desk/desk_state.js").Page} page */
export function idle(page, acts) {
  const state = page.desk?.presence.state;
  const isReady = state === "available";
  const hasTelephone = ["ready", "in_call", "connecting"].includes(page.telephone.state);
  if (!page.desk) return [draw("p", { class: "empty", text: "Reading the desk…" })];
  if (page.check.open) return deviceCheck(page, acts);
  return [
    draw("h2", { class: "headline", text: headline(page, isReady, hasTelephone) }),
    isReady && hasTelephone ? draw("p", { class: "lead", text: "A call rings here, with sound, and in the title of this page. You see who it is and why before you accept." }) : beforeTheShift(page, acts),
    !isElsewhere(page) && checkAgain(page, acts),
    draw("section", { class: "lesson" },
      draw("h3", { class: "label", text: "Make a test call" }),
      draw("ol", { class: "steps" },
        draw("li", {}, "Open the resident's phone in another window", phoneLink(acts.phoneAddress()), "."),
        draw("li", { text: "Pick a resident there and press Dial 3-1-1. Say what you need, or use the keypad." }),
        draw("li", {}, "It rings here. Press ", kbd("F2"), draw("span", { class: "visually-hidden", text: "F2" }), " to accept."),
        draw("li", {}, "Answer the questions with the digits. ", kbd("F9"), draw("span", { class: "visually-hidden", text: "F9" }), " dials 911 at any moment."))),
  ];
}

function headline(page, isReady, hasTelephone) {
  const { state, reason_title: why } = page.desk.presence;
  if (isElsewhere(page)) return "Your telephone is in another window.";
  if (isReady && hasTelephone) return "You are ready.";
  if (isReady) return "Your telephone is off in this window.";
  if (state !== "break") return "Begin your shift.";
  return why ? `You are on a break: ${why.toLowerCase()}.` : "You are on a break.";
}

function elsewhere(acts) {
  return draw("div", { key: "elsewhere", class: "ready-card" },
    draw("p", { class: "lead", text: "You work in another tab, window or computer: calls ring there. Here you can read along, or go on working here." }),
    draw("button", { type: "button", class: "primary big", text: "Take the telephone here", on: { click: acts.takeTelephoneHere } }));
}

function phoneLink(address) {
  return address ? [" (", draw("a", { href: address, target: "_blank", rel: "noopener", text: "open it" }), ")"] : " (its address is printed by ./run demo)";
}

function beforeTheShift(page, acts) {
  if (isElsewhere(page)) return elsewhere(acts);
  return draw("div", { class: "ready-card" },
    draw("p", { class: "lead", text: "One click turns on the sound of a ringing call, asks for the microphone, and connects your telephone." }),
    draw("button", { type: "button", class: "primary big", on: { click: acts.ready }, "aria-disabled": page.telephone.state === "starting" ? "true" : null, text: page.telephone.state === "starting" ? "Starting…" : "Ready" }));
}
