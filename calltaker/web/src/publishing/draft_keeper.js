// Saves a draft as it is edited, one request at a time, and keeps it in this browser until the server has confirmed the
// very same document. When somebody else has saved meanwhile, it stops and hands both over: nothing is overwritten
// unasked, and nothing typed is lost. Each tab keeps its own; what a closed tab left is found by the next.

const PAUSE_MS = 700;
const RETRY_MS = 3000;
const PREFIX = "old-pueblo";

export class DraftKeeper {
  #name; #save; #changed; #conflict;
  #timer = 0;
  #saving = false;
  #stopped = false;
  #document = null;
  #place;
  revision = 0;

  /**
   * @param {{kind: string, key: string, save: (revision: number, document: object|string) => Promise<any>, changed: (state: object) => void, conflict: (theirs: object) => void}} parts
   *   `kind` and `key` name the document; `changed` hears {state: saved|typing|saving|kept, at, why}; `conflict` hears the other one's draft.
   */
  constructor({ kind, key, save, changed, conflict }) {
    this.#name = `${PREFIX}.${kind}.${key}`;
    this.#save = save;
    this.#changed = changed;
    this.#conflict = conflict;
    this.#place = `${this.#name}.${tabName()}`;
  }

  /** Whether something typed here is not yet confirmed. */
  get isUnsaved() {
    return this.#document !== null;
  }

  /** What this browser still keeps of this document, typed and never confirmed: of this tab, else of one that is gone. It is taken out: `edited` keeps it again. */
  async left() {
    const own = read(this.#place);
    if (own) return own;
    for (const place of await orphans(`${this.#name}.`)) {
      const found = read(place);
      if (found) {
        localStorage.removeItem(place);
        return found;
      }
    }
    return null;
  }

  /** The draft is now this; it is saved after a pause. */
  edited(document) {
    this.#document = document;
    const isKept = keep(this.#place, { document, revision: this.revision });
    this.#changed({ state: "typing", at: "", why: isKept ? "" : "This browser cannot keep a copy." });
    if (!this.#stopped) this.#after(PAUSE_MS);
  }

  /** Go on from a revision that the server has: after a conflict is decided, or another's draft is taken. */
  goOnFrom(revision, document) {
    this.revision = revision;
    this.#stopped = false;
    if (document !== undefined) return this.edited(document);
    this.#forget();
  }

  /** Save what is unsaved now. @returns {Promise<boolean>} whether everything is saved. */
  async flush() {
    clearTimeout(this.#timer);
    while (this.#saving) await new Promise((done) => setTimeout(done, 20));
    if (this.#document !== null && !this.#stopped) await this.#send();
    return this.#document === null;
  }

  #after(pauseMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), pauseMs);
  }

  async #send() {
    if (this.#saving || this.#stopped || this.#document === null) return;
    const sent = this.#document;
    this.#saving = true;
    this.#changed({ state: "saving", at: "", why: "" });
    try {
      this.#confirmed(sent, await this.#save(this.revision, sent));
    } catch (refused) {
      this.#refused(refused);
    } finally {
      this.#saving = false;
    }
  }

  #confirmed(sent, { revision, saved_at: at }) {
    this.revision = revision;
    if (this.#document !== sent) {
      keep(this.#place, { document: this.#document, revision });
      return this.#after(PAUSE_MS);
    }
    this.#forget();
    this.#changed({ state: "saved", at, why: "" });
  }

  #refused(refused) {
    this.#changed({ state: "kept", at: "", why: refused.problem ?? String(refused) });
    if (refused.status === 409 && refused.told?.theirs) {
      this.#stopped = true;
      this.#conflict(refused.told.theirs);
    } else if (refused.status === 0 || refused.status >= 500 || refused.status === 401) {
      this.#after(RETRY_MS);
    }
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#document = null;
    localStorage.removeItem(this.#place);
  }
}

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

function keep(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or forbidden: said beside the saving state
  }
}

/** This tab's name. It holds a lock of that name while it lives, so that others know what is still in use. */
function tabName() {
  const name = sessionStorage.getItem(`${PREFIX}-tab`) ?? crypto.randomUUID();
  sessionStorage.setItem(`${PREFIX}-tab`, name);
  navigator.locks?.request(`${PREFIX}-tab.${name}`, { ifAvailable: true }, () => new Promise(() => {}));
  return name;
}

async function orphans(prefix) {
  const places = Object.keys(localStorage).filter((place) => place.startsWith(prefix));
  if (!places.length || !navigator.locks) return places;
  const { held } = await navigator.locks.query();
  const living = new Set(held.map(({ name }) => name));
  return places.filter((place) => !living.has(`${PREFIX}-tab.${place.slice(prefix.length)}`));
}
