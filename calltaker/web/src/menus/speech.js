// Speaks what the line says by the browser's own voices, one after the other, or plays the recording. Where there is no
// voice for a language nothing is spoken: the words stand in the drawer.
import { recordingAddress } from "./menus_door.js";

const LOCALES = { en: "en-US", es: "es-MX" };
let number = 0;
let playing = null;

export const canSpeak = () => Boolean(window.speechSynthesis?.getVoices().length);

/** @param {{language: string, text: string, recording?: string}[]} spoken */
export async function speak(spoken) {
  const mine = (number += 1);
  for (const said of spoken) {
    if (mine !== number) return;
    await (said.recording ? played(recordingAddress(said.recording)) : synthesised(said));
  }
}

export function stopSpeaking() {
  number += 1;
  window.speechSynthesis?.cancel();
  playing?.pause();
  playing = null;
}

/** Play a sound to its end. */
export function played(address) {
  playing?.pause();
  const sound = (playing = new Audio(address));
  return new Promise((done) => {
    for (const end of ["ended", "error", "pause"]) sound.addEventListener(end, done, { once: true });
    sound.play().catch(done);
  });
}

function synthesised({ language, text }) {
  const voice = window.speechSynthesis?.getVoices().find(({ lang }) => lang.startsWith(language));
  if (!voice) return Promise.resolve();
  const words = Object.assign(new SpeechSynthesisUtterance(text), { lang: LOCALES[language] ?? language, voice });
  return new Promise((done) => {
    words.addEventListener("end", done);
    words.addEventListener("error", done);
    window.speechSynthesis.speak(words);
  });
}
