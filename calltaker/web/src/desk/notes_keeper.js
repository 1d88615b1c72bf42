// Notes are saved as they are typed, and kept in this browser until the server has confirmed the very same text. One
// text field, made once: no live event ever touches what is in it while somebody types.
import { order } from "./staff_door.js";
import { wallTime } from "./clock.js";

const PAUSE_MS = 500;
const RETRY_MS = 3000;
const kept = (callId) => `old-pueblo.notes.${callId}`;

export class NotesKeeper {
  #callId = null;
  #timer = 0;
  #saving = false;
  #changed;

  /** @param {(state: {state: string, at: string}) => void} changed */
  constructor(changed) {
    this.#changed = changed;
    this.field = Object.assign(document.createElement("textarea"), { id: "notes", className: "notes-field", spellcheck: false });
    this.field.setAttribute("aria-describedby", "notes-state");
    this.field.placeholder = "Saved as you type";
    this.field.addEventListener("input", () => this.#typed());
  }

  /** Show the notes of this call; text typed here and never confirmed comes before the server's. */
  open(callId, notes) {
    if (callId === this.#callId) return;
    this.#flushLeft();
    this.#callId = callId;
    const unsaved = callId && localStorage.getItem(kept(callId));
    this.field.value = unsaved ?? notes?.text ?? "";
    this.field.disabled = !callId;
    this.#changed(notes?.saved_at ? { state: "saved", at: wallTime(notes.saved_at) } : { state: "", at: "" });
    if (unsaved !== null && callId) this.#save();
  }

  #typed() {
    localStorage.setItem(kept(this.#callId), this.field.value);
    this.#changed({ state: "typing", at: "" });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE_MS);
  }

  async #save() {
    if (this.#saving || !this.#callId) return;
    const [callId, text] = [this.#callId, this.field.value];
    this.#saving = true;
    const saved = await this.#post(callId, text);
    this.#saving = false;
    if (callId !== this.#callId) return;
    const isNewest = this.field.value === text;
    if (saved && isNewest) this.#confirmed(callId);
    else this.#timer = setTimeout(() => this.#save(), saved ? 0 : RETRY_MS);
  }

  async #post(callId, text) {
    this.#changed({ state: "saving", at: "" });
    try {
      await order(`/calls/${callId}/notes`, { text });
      return true;
    } catch {
      if (callId === this.#callId) this.#changed({ state: "kept", at: "" });
      return false;
    }
  }

  #confirmed(callId) {
    localStorage.removeItem(kept(callId));
    this.#changed({ state: "saved", at: wallTime(Date.now()) });
  }

  /** The call changes while its last words are unsaved: post them once more; they stay kept until a page confirms them. */
  #flushLeft() {
    clearTimeout(this.#timer);
    const unsaved = this.#callId && localStorage.getItem(kept(this.#callId));
    if (unsaved === null || !this.#callId) return;
    const callId = this.#callId;
    order(`/calls/${callId}/notes`, { text: unsaved }).then(() => localStorage.removeItem(kept(callId)), () => {});
  }
}
