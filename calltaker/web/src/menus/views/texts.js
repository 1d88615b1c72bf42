// What is spoken: both languages side by side, each as words or as a recording with its words beside it.
import { draw } from "../../desk/in_place.js";
import { wordsOf } from "../reading.js";
import { LANGUAGES, languageName, seconds } from "../../publishing/words.js";

/** A text in both languages. */
export function texts(at) {
  return [
    draw("h3", { class: "field-label", text: at.field.label }),
    draw("div", { class: "twin" }, ...LANGUAGES.map((language) => draw("div", { key: language, class: "tongue" }, ...one(at, language)))),
    at.field.variables?.length ? draw("p", { class: "hint", text: `May hold ${at.field.variables.map((name) => `{${name}}`).join(" ")}, the same in both languages.` }) : null,
  ];
}

/** The two different sentences after a first and a second miss; the third is a person. */
export function reprompts(at) {
  const fields = [0, 1].map((index) => ({ ...at, path: [...at.path, index], whole: [...at.whole, index], value: at.value?.[index], field: { label: index ? "Second time" : "First time" } }));
  return [draw("details", { class: "again", open: true }, draw("summary", { class: "field-label", text: at.field.label }), ...fields.map((inner, index) => draw("div", { key: String(index), class: "again-one" }, ...texts(inner))))];
}

function one(at, language) {
  const said = at.value?.[language];
  return spokenField({ ...at, path: [...at.path, language] }, language, said, `${at.field.label}, ${languageName(language)}`);
}

/** One language of a text: its words, and the recording that is played instead. */
export function spokenField(at, language, said, name) {
  const id = `f-${at.path.join("-")}`;
  const recording = said?.recording ?? "";
  const write = (words) => at.acts.set(at.path, recording ? { text: words, recording } : words);
  return [
    draw("label", { for: id, class: "tongue-name" }, languageName(language), draw("span", { class: "visually-hidden", text: `: ${name}` })),
    draw("textarea", { id, lang: language, rows: 2, spellcheck: "true", value: wordsOf(said), on: { input: ({ target }) => write(target.value) } }),
    recordingOf(at, id, language, said, recording),
  ];
}

function recordingOf(at, id, language, said, recording) {
  const { page, acts } = at;
  const chosen = page.catalogue.recordings.find((one) => one.id === recording);
  const use = (chosenId) => acts.set(at.path, chosenId ? { text: wordsOf(said), recording: chosenId } : wordsOf(said));
  const isBusy = page.uploading === at.path.join(".");
  return draw("details", { class: "recording" },
    draw("summary", { text: recording ? `Recording: ${chosen ? `${chosen.name}, ${seconds(chosen.seconds)}` : "not known"}` : "Spoken by voice; use a recording" }),
    draw("div", { class: "recording-choice" },
      draw("select", { id: `${id}-recording`, value: recording, "aria-label": `Recording, ${languageName(language)}`, on: { change: ({ target }) => use(target.value) } },
        draw("option", { key: "", value: "", text: "No recording" }), ...page.catalogue.recordings.map((one) => draw("option", { key: one.id, value: one.id, text: `${one.name}, ${seconds(one.seconds)}` }))),
      recording && draw("button", { type: "button", class: "small", text: "Listen", on: { click: () => acts.listen(recording) } }),
      draw("label", { class: "upload", for: `${id}-file` }, isBusy ? "Uploading …" : "Upload wav or mp3", draw("input", { id: `${id}-file`, type: "file", accept: ".wav,.mp3,audio/wav,audio/mpeg", on: { change: ({ target }) => uploaded(target, at, use) } }))));
}

async function uploaded(field, { acts, path }, use) {
  const [file] = field.files;
  if (!file) return;
  const made = await acts.upload(file, path.join("."));
  field.value = "";
  if (made) use(made.id);
}
