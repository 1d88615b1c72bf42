// The check before a shift as it is shown: three steps, each with what was found and what to do; and how to go on without.
import { draw, living } from "../desk/in_place.js";
import { SKIPPED } from "../desk/check_words.js";
import { chip } from "./words.js";

const MARKS = {
  untried: { mark: "○", words: "Not tried", tone: "plain" },
  running: { mark: "◌", words: "Trying", tone: "held" },
  good: { mark: "✓", words: "Good", tone: "connected" },
  bad: { mark: "◆", words: "Not good", tone: "possible" },
};

/** The whole check, opened. @param {import("../desk/desk_state.js").Page} page */
export function deviceCheck(page, acts) {
  const { check } = page;
  const isDone = ["microphone", "speaker", "network"].every((step) => check[step].state === "good");
  return [
    draw("h2", { key: "check-title", class: "headline", text: isDone ? "Everything works." : "Check your telephone" }),
    draw("ol", { key: "check", class: "check-steps" },
      step("Microphone", check.microphone, choose("Microphone", check.inputs, check.input, acts.chooseMicrophone), living(acts.voiceLevel())),
      step("Speaker", check.speaker, choose("Speaker", check.outputs, check.output, acts.chooseSpeaker),
        draw("button", { key: "tone", type: "button", text: "Play a tone", on: { click: acts.playTone } }),
        check.speaker.state === "running" && draw("button", { key: "yes", type: "button", text: "Yes, I hear it", on: { click: () => acts.heardTone(true) } }),
        check.speaker.state === "running" && draw("button", { key: "no", type: "button", text: "No", on: { click: () => acts.heardTone(false) } })),
      step("Network", check.network, draw("button", { key: "network", type: "button", "aria-disabled": check.network.state === "running" ? "true" : null, on: { click: () => check.network.state !== "running" && acts.tryNetwork() }, text: "Make a test call" }))),
    draw("div", { key: "check-acts", class: "check-acts" },
      draw("button", { key: "done", type: "button", class: isDone ? "primary big" : "primary", text: "Ready", on: { click: acts.finishCheck } }),
      !isDone && draw("button", { key: "today", type: "button", text: "Skip: checked today already", on: { click: () => acts.skipCheck("checked") } }),
      !isDone && draw("button", { key: "waiting", type: "button", text: "Skip: callers are waiting", on: { click: () => acts.skipCheck("waiting") } })),
    deskTelephone(page, acts),
  ];
}

function step(title, { state, words, to_do: toDo }, ...parts) {
  return draw("li", { key: title, class: "check-step" },
    draw("h3", { class: "check-name" }, title, chip(MARKS[state])),
    draw("div", { class: "check-parts" }, ...parts),
    draw("p", { role: "status", class: "check-found" }, words, toDo && draw("span", { class: "check-to-do", text: ` ${toDo}` })));
}

function choose(title, devices, chosen, act) {
  if (!devices.length) return null;
  return draw("select", { key: "choose", "aria-label": title, value: chosen, on: { change: (event) => act(event.target.value) } },
    ...devices.map(({ id, name }) => draw("option", { key: id, value: id, text: name })));
}

/** What is said of the check while it is closed, and the way to it. */
export function checkAgain(page, acts) {
  const said = SKIPPED[page.check.skipped] ?? (page.check.skipped === null ? "Before the first call of a day: hear yourself, the tone, and the line." : "Your telephone was checked.");
  return draw("p", { key: "check-again", class: "check-again" }, draw("span", { class: "quiet", text: said }), " ",
    draw("button", { type: "button", class: page.check.skipped === null ? "" : "text-button", on: { click: acts.openCheck }, text: "Check my telephone" }));
}

function deskTelephone(page, acts) {
  const known = page.desk.desk_telephone;
  const said = known ? `${known.number}: ${known.is_approved ? "approved" : "waits for an administrator's approval"}` : "None. When this browser's sound fails, calls can ring there: you press 1 to take one.";
  return draw("section", { key: "desk-telephone", class: "lesson" },
    draw("h3", { class: "label", text: "Desk telephone" }),
    draw("p", { role: "status", text: said }),
    draw("form", { class: "typed", on: { submit: acts.registerDeskTelephone } },
      draw("label", { for: "desk-number", text: "Its direct number; empty takes it away" }),
      draw("input", { id: "desk-number", type: "tel", maxlength: "40", autocomplete: "off" }),
      draw("button", { type: "submit", text: "Register" })));
}
