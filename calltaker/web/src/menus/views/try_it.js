// The drawer in which the draft is played as a caller: a telephone of words, keys and silence, and the facts around it.
import { draw } from "../../desk/in_place.js";
import { locate, nodeOf } from "../reading.js";
import { canSpeak } from "../speech.js";
import { languageName } from "../../publishing/words.js";
import { button } from "../../publishing/views/buttons.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMES = { 9: "9, emergency", 0: "0, a person", "*": "star", "#": "pound" };
const HANDED_OVER = {
  transfer: [["transfer_failed", "Nobody answers there"], ["transfer_ended", "They hang up"]],
  voicemail: [["recorded", "The message is recorded"]],
};
const AS_NOW = [["", "as it is now"]];

export function tryIt(page, acts) {
  const { call } = page;
  if (!call.is_open) return null;
  return draw("aside", { key: "try", class: "menu-try", "aria-labelledby": "try-title" },
    draw("div", { key: "head", class: "try-head" }, draw("h2", { id: "try-title", text: "Try it" }),
      button(call.muted ? "Sound off" : "Sound on", acts.mute, { key: "mute", pressed: call.muted, title: canSpeak() ? null : "This browser has no voices; the words stand below." }),
      button("Close", acts.closeTry, { key: "close" })),
    facts(page, acts),
    heard(call),
    telephone(call, handedOver(page), acts));
}

/** What can become of a caller who was handed over: nothing, or how a transfer or a voicemail may end. */
function handedOver({ document, call }) {
  if (!call.begun || call.over || call.listens || call.busy) return [];
  const { scope, id } = locate(document, call.here);
  return HANDED_OVER[nodeOf(document, scope, id)?.kind] ?? [];
}

function heard({ heard: said, begun, busy }) {
  return draw("div", { key: "heard", class: "try-heard", role: "log", "aria-label": "The call", tabindex: "0" },
    said.length ? draw("ol", {}, ...said.map((one, index) => draw("li", { key: String(index), class: `said said-${one.who}`, lang: one.language ?? null },
      one.who === "line" && draw("span", { class: "said-by", lang: "en", text: `${languageName(one.language)}${one.recording ? ", recording" : ""}` }),
      one.who === "caller" && draw("span", { class: "said-by", text: "Caller" }), one.text))) : null,
    !begun && !busy && !said.length ? draw("p", { class: "empty", text: "Call the draft as it stands now. What the line says appears here; the way that the call takes lights up in the menu." }) : null,
    busy && draw("p", { class: "quiet", text: "…" }));
}

function telephone({ begun, over, listens, busy }, events, acts) {
  if (!begun || over) return draw("div", { key: "telephone", class: "try-telephone" }, draw("button", { key: "begin", id: "try-begin", type: "button", class: "primary", text: begun ? "Call again" : "Call", on: { click: acts.begin } }));
  const isDeaf = busy || !listens;
  return draw("div", { key: "telephone", class: "try-telephone" },
    events.length ? draw("div", { key: "events", class: "try-more", role: "group", "aria-label": "What becomes of it" }, ...events.map(([event, words]) => button(words, () => acts.happens(event, words), { key: event }))) : null,
    draw("form", { key: "say", class: "try-say", on: { submit: (event) => say(event, acts) } },
      draw("label", { class: "visually-hidden", for: "try-words", text: "Say something" }),
      draw("input", { id: "try-words", name: "words", autocomplete: "off", placeholder: "Say something" }),
      draw("button", { type: "submit", "aria-disabled": isDeaf ? "true" : null, text: "Say" })),
    draw("div", { key: "keys", class: "try-keys", role: "group", "aria-label": "Keys" }, ...KEYS.map((key) => draw("button", { key, type: "button", "aria-label": NAMES[key] ?? key, "aria-disabled": isDeaf ? "true" : null, text: key, on: { click: () => !isDeaf && acts.press(key) } }))),
    draw("div", { key: "more", class: "try-more" },
      button("Say nothing", acts.silence, { disabled: isDeaf }),
      button("Begin again", acts.begin, { key: "again" }),
      button("Hang up", acts.hangUp, { key: "hang-up" })));
}

function say(event, acts) {
  event.preventDefault();
  const field = event.target.elements.words;
  const words = field.value.trim();
  if (!words) return;
  field.value = "";
  // What is typed like keys is pressed, as on a telephone.
  if (/^[0-9*#]+$/.test(words)) acts.press(words);
  else acts.say(words);
}

function facts(page, acts) {
  const { facts: now } = page.call;
  const figure = (name, label, offered) => draw("label", { key: name }, label, select(now[name], offered, (value) => acts.fact(name, value)));
  return draw("details", { key: "facts", class: "try-facts" },
    draw("summary", { text: "Pretend" }),
    draw("div", { class: "facts-grid" },
      figure("is_open", "Hours", [["true", "open"], ["false", "closed"]]),
      figure("holiday", "Holiday", [["true", "yes"], ["false", "no"]]),
      draw("label", { key: "line" }, "Callers in the line", draw("input", { id: "fact-line", type: "number", min: 0, max: 500, value: String(now.line_length), on: { input: ({ target }) => acts.fact("line_length", Math.max(0, Number(target.value) || 0)) } })),
      ...page.catalogue.switches.map(({ key }) => draw("label", { key: `switch-${key}` }, `Switch ${key}`, select(now.switches[key] ?? null, [["true", "on"], ["false", "off"]], (value) => acts.factSwitch(key, value)))),
      tick("seen_before", "Has called before", now, acts),
      tick("withheld", "Withheld number", now, acts)),
    draw("p", { class: "hint", text: "Counts from the next thing that the caller does." }));
}

function select(value, offered, chosen) {
  return draw("select", { value: value === null ? "" : String(value), on: { change: ({ target }) => chosen(target.value === "" ? null : target.value === "true") } }, ...[...AS_NOW, ...offered].map(([name, words]) => draw("option", { key: name, value: name, text: words })));
}

const tick = (name, label, now, acts) => draw("label", { key: name, class: "tick" }, draw("input", { type: "checkbox", ticked: Boolean(now[name]), on: { change: ({ target }) => acts.fact(name, target.checked) } }), label);
