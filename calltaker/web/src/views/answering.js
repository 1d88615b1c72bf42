// How each kind of question is answered: options by digit, several of them, a number with its unit, the caller's words, a
// place, a time, a person. Not knowing and not saying are always there.
import { draw } from "../desk/in_place.js";
import { localMinute } from "../desk/clock.js";
import { keepTyped, typedText } from "../desk/typed_keeper.js";
import { isWithheld, optionButton, optionsOf } from "./option.js";
import { kbd, otherLanguage } from "./words.js";

const RIGHT_NOW = { id: "right_now", text: { en: "Right now", es: "Ahora mismo" } };
const THAT_PLACE = { id: "that_place", text: { en: "Yes, that is the place", es: "Sí, ahí es" } };
/** A person question of this name asks how the caller can be reached. */
const CALL_BACK = "call_back";
const PERSON = [["name", "Name"], ["phone", "Telephone"], ["relation", "Who they are to the caller"], ["description", "What they look like"]];

/** What a digit stands for, in order: the question's options, and for a place and a time what is said most. */
export function answersOf(asked, call) {
  const place = call.place;
  if (asked.kind === "place" && place && place.latitude !== null) return [{ ...THAT_PLACE, value: placeValue(place) }, ...optionsOf(asked)];
  if (asked.kind === "time") return [{ ...RIGHT_NOW, value: { text: RIGHT_NOW.text[call.language], at: localMinute() } }, ...optionsOf(asked)];
  const hasNumber = /\d/.test(call.caller);
  if (asked.id === CALL_BACK && asked.kind === "person" && hasNumber) return [{ id: "this_number", text: { en: `The number that calls: ${call.caller}`, es: `El número del que llama: ${call.caller}` }, value: { phone: call.caller } }, ...optionsOf(asked)];
  return optionsOf(asked);
}

const placeValue = ({ text, latitude, longitude }) => ({ text, latitude, longitude, confirmed: true });

/** @param {import("../desk/desk_state.js").Question} asked @param {import("../desk/desk_state.js").Call} call */
export function answering(asked, call, page, acts) {
  const digits = options(asked, call, page, acts);
  if (asked.kind === "place") return [readBack(call), digits, notVerified(asked, call, acts)];
  return [FORMS[asked.kind]?.(asked, call, acts), digits, asked.kind === "many" && confirm(asked, page, acts)];
}

const FORMS = { number: aNumber, text: words, time: aTime, person: aPerson };

function options(asked, call, page, acts) {
  const chosen = chosenOf(asked, page, call);
  return draw("ol", { key: "options", class: "options" }, ...answersOf(asked, call).map((option, index) => {
    const isOneOfMany = asked.kind === "many" && !isWithheld(option.id);
    const about = isOneOfMany ? { "aria-pressed": chosen.includes(option.id) ? "true" : "false" } : {};
    return optionButton(option.id, index, option.text, call.language, () => acts.take(asked, option), null, about);
  }));
}

/** Which of several are chosen: by the hand just now, else as they were answered before. */
export function chosenOf(asked, page, call) {
  if (page.chosen?.question === asked.id) return page.chosen.ids;
  const before = given(asked, call);
  return Array.isArray(before) ? before : [];
}

/** The answer that a question has already, for asking it again. */
const given = (asked, call) => call.protocol.answered.find(({ question }) => question === asked.id)?.value;

function confirm(asked, page, acts) {
  const count = chosenOf(asked, page, page.desk.call).length;
  const words = count ? `Confirm ${count} chosen` : "None of these";
  return draw("p", { key: "confirm", class: "confirm" },
    draw("button", { type: "button", class: "primary", on: { click: () => acts.confirm() } }, words, kbd("Enter")),
    draw("span", { class: "quiet", text: "Digits choose and take back; Enter confirms." }));
}

function field(asked, call, name, label, about = {}) {
  const [id, place] = [`answer-${name}`, { session_id: call.protocol.session_id, question: asked.id }];
  const before = given(asked, call);
  const fallback = typeof before === "object" && before !== null ? (before[name] ?? "") : name === "value" && !isWithheld(before) ? (before ?? "") : "";
  return [
    draw("label", { key: `label-${name}`, for: id, ...(about.hidden_label ? { class: "visually-hidden" } : {}) }, label),
    draw("input", { key: name, id, name, type: "text", autocomplete: "off", ...about.input, value: String(typedText(place, name, fallback)), on: { input: (event) => keepTyped(place, name, event.target.value) } }),
  ];
}

/** A form whose fields become the answer; nothing is sent while `answer` gives null. */
function form(asked, acts, answer, ...children) {
  const submit = (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.target)].map(([name, text]) => [name, text.trim()]));
    const value = answer(fields);
    if (value !== null) acts.answer(asked, value);
  };
  return draw("form", { key: "typed", class: `typed typed-${asked.kind}`, on: { submit } }, ...children);
}

const enter = (text = "Enter") => draw("button", { key: "enter", type: "submit", class: "primary", text });

function aNumber(asked, call, acts) {
  const unit = asked.unit;
  return form(asked, acts, ({ value }) => (value === "" ? null : Number(value)),
    field(asked, call, "value", unit ? ["How many ", draw("strong", { lang: call.language, text: unit[call.language] }), " ", draw("span", { lang: otherLanguage(call.language), text: `(${unit[otherLanguage(call.language)]})` })] : "A number", { input: { type: "number", step: "any", required: true } }),
    unit && draw("span", { key: "unit", class: "unit", lang: call.language, text: unit[call.language] }), enter());
}

function words(asked, call, acts) {
  return form(asked, acts, ({ value }) => value || null, field(asked, call, "value", "In the caller's words", { input: { required: true, maxlength: 2000 } }), enter());
}

/** The place stands at the right with its map; here it is read back, and its digit confirms it. */
function readBack({ place }) {
  const isOnMap = place && place.latitude !== null;
  const words = isOnMap ? "On the map at the right. Ask for a landmark or a cross street. " : place ? "No map knows this place. " : "Write it at the right first. ";
  return draw("div", { key: "read-back", class: "read-back" },
    draw("p", { class: "read-back-place" }, draw("span", { class: "label", text: place ? "Read back" : "Place" }), draw("strong", { text: place?.text ?? "Not known yet" })),
    draw("p", { class: "quiet" }, words, kbd("Alt+P"), draw("span", { class: "visually-hidden", text: "Alt+P" }), place ? " changes it." : " goes there."));
}

/** A place that nobody can verify is kept all the same, with the reason. */
function notVerified(asked, call, acts) {
  const { place } = call;
  if (!place) return null;
  const point = place.latitude === null ? {} : { latitude: place.latitude, longitude: place.longitude };
  const answer = ({ unverified_reason }) => (unverified_reason ? { text: place.text, ...point, confirmed: false, unverified_reason } : null);
  return form(asked, acts, answer, field(asked, call, "unverified_reason", "Or it cannot be verified, because", { input: { required: true, maxlength: 300 } }), draw("button", { key: "enter", type: "submit", text: "Keep it unverified" }));
}

function aTime(asked, call, acts) {
  return form(asked, acts, ({ text, at }) => (text || at ? { text: text || at.replace("T", " "), ...(at ? { at } : {}) } : null),
    field(asked, call, "text", "In the caller's words", { input: { maxlength: 300 } }),
    field(asked, call, "at", "Date and time, if they can say", { input: { type: "datetime-local" } }), enter());
}

function aPerson(asked, call, acts) {
  const answer = (fields) => {
    const said = Object.fromEntries(Object.entries(fields).filter(([, text]) => text));
    return Object.keys(said).length ? said : null;
  };
  return form(asked, acts, answer, ...PERSON.flatMap(([name, label]) => field(asked, call, name, label, { input: { maxlength: 300 } })), enter());
}
