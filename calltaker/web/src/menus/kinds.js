// The kinds of node that a menu is made of: what each is for, which fields it has, and which of them lead on. Every
// other part reads this table, so a new kind is an entry here and nothing else. Knows no page and no server.

/**
 * A field of a node. `type`: text (both languages), prompt (text, two re-prompts, seconds, hints), reprompts, options,
 * node (leads on), named, choice (one of `of`, or of a part of the catalogue), words, number, date, cases, greeting, offers.
 * @typedef {{name: string, type: string, label: string, of?: string[], from?: string, variables?: string[], optional?: boolean, hint?: string, least?: number, most?: number, start?: any, shownFor?: string[]}} Field
 * @typedef {{title: string, about: string, fields: Field[], ends?: boolean}} Kind
 */

const text = (name, label, more = {}) => ({ name, type: "text", label, ...more });
const leads = (name, label, more = {}) => ({ name, type: "node", label, ...more });
const prompt = (more = {}) => ({ name: "prompt", type: "prompt", label: "Question", ...more });
const options = (more = {}) => ({ name: "options", type: "options", label: "Keys", ...more });
const OPENS = { variables: ["opens_at"] };
const OWN_PHONE = { variables: ["your_phone"] };
const WAITING = { variables: ["opens_at", "wait", "position"] };

/** @type {Record<string, Kind>} */
export const KINDS = {
  language: {
    title: "Language", about: "Greets, and lets the caller choose a language",
    fields: [{ name: "greeting", type: "greeting", label: "Greeting" }, { name: "options", type: "offers", label: "Languages" }, { name: "reprompts", type: "reprompts", label: "When nothing is understood" }, leads("next", "Then"), leads("opening", "Words that already say it go to"), { name: "timeout_seconds", type: "number", label: "Waits, seconds", least: 5, most: 10, start: 7 }],
  },
  say: { title: "Say", about: "Speaks and goes on", fields: [text("text", "Words", WAITING), leads("next", "Then")] },
  choose: { title: "Choose", about: "A choice by key or by word", fields: [prompt(WAITING), options()] },
  ask_intent: { title: "Ask what it is", about: "Asks what the caller needs", fields: [prompt(), options({ intents: true }), leads("next", "When understood"), leads("unclear", "When unclear")] },
  ask_location: { title: "Ask where", about: "Asks for the place", fields: [prompt(OWN_PHONE), options(), text("change", "When it is to be changed", OWN_PHONE), leads("next", "When heard")] },
  location_link: {
    title: "Location by text", about: "Texts a link that tells where the caller is, and waits for it",
    fields: [text("text", "When it is sent"), prompt(), options(), leads("next", "When the place has come"), leads("give_up", "When it does not come"), leads("declined", "When the number takes none")],
  },
  ask: { title: "Ask freely", about: "Keeps an answer in the caller's own words", fields: [{ name: "name", type: "words", label: "Name of the answer", start: "answer" }, prompt(), options(), leads("next", "When answered")] },
  confirm: {
    title: "Confirm", about: "Reads back; 1 is yes, 2 changes it",
    fields: [{ name: "of", type: "words", label: "Reads back", optional: true, hint: "place, intent, or answer:NAME; place when empty" }, prompt({ variables: ["place", "intent", "answer"] }), leads("right", "When right"), leads("change", "To change it"), leads("give_up", "When it does not succeed")],
  },
  branch: {
    title: "Branch", about: "Goes one way or another; nobody hears it",
    fields: [{ name: "by", type: "choice", label: "Looks at", of: ["language", "intent", "hours", "holiday", "jurisdiction", "caller", "line_length", "switch"], start: "hours" }, { name: "line", type: "choice", label: "Of the line", from: "lines", optional: true, shownFor: ["hours", "line_length"] }, { name: "switch", type: "named", label: "Switch", from: "switches", start: "", hint: "A name of your own", shownFor: ["switch"] }, { name: "cases", type: "cases", label: "Cases" }, leads("otherwise", "Otherwise")],
  },
  information: {
    title: "Information", about: "Speaks an answer, then offers more",
    fields: [text("text", "Answer", OPENS), { name: "source", type: "words", label: "Source", hint: "where the city says so" }, { name: "verified_on", type: "date", label: "Verified on", start: null }, prompt(), options({ does: ["repeat", "text_me"] }), text("text_message", "Text message", { optional: true })],
  },
  status: { title: "Request status", about: "Takes a request number and tells its status", fields: [prompt(), text("found", "When found", { variables: ["request_number", "status", "service"] }), text("not_found", "When not found", { variables: ["request_number"] }), leads("next", "Then"), leads("give_up", "When it does not succeed")] },
  voicemail: { title: "Voicemail", about: "Records a message", fields: [text("text", "Before the tone", OPENS), { name: "longest_seconds", type: "number", label: "Longest, seconds", least: 10, most: 180, start: 120 }, text("thanks", "Thanks"), leads("next", "Then", { optional: true })], ends: true },
  call_back: { title: "Call-back", about: "Offers to call the caller back", fields: [prompt({ variables: ["number", "opens_at", "wait", "position"] }), options({ does: ["call_back"] }), leads("done", "When promised"), leads("declined", "When declined")] },
  transfer: { title: "Transfer", about: "Connects to an entry of the directory", fields: [{ name: "to", type: "choice", label: "To", from: "directory" }, text("text", "Words", OPENS), leads("failed", "When nobody answers")] },
  line: { title: "To a person", about: "Into the waiting line", fields: [text("text", "Words", WAITING), { name: "priority", type: "choice", label: "Priority", of: ["ordinary", "priority"], start: "ordinary" }, { name: "skill", type: "choice", label: "Skill", from: "skills", start: "general" }], ends: true },
  emergency: { title: "911", about: "Dials 911 at once", fields: [text("text", "Words")], ends: true },
  human_line: { title: "Staffed number", about: "Rings the number outside this system", fields: [text("text", "Words", OPENS)], ends: true },
  goodbye: { title: "Goodbye", about: "The end that a caller chose", fields: [text("text", "Words", OPENS)], ends: true },
  menu: { title: "Sub-menu", about: "Goes through a sub-menu and comes back", fields: [{ name: "menu", type: "choice", label: "Sub-menu", from: "menus" }, leads("next", "Afterwards")] },
  return: { title: "Return", about: "Back to the menu that uses this one", fields: [], ends: true },
};

/** The values that a branch may have as cases, by what it looks at; an empty list where the author writes them. */
export const CASES = { hours: ["open", "closed"], holiday: ["yes", "no"], caller: ["seen", "new"], switch: ["on", "off"], language: ["en", "es"], line_length: ["0", "1-4", "5+"] };

/** The keys that an author may give; 9, 0, * and # mean the same everywhere. */
export const OPTION_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** The fields of a node that are shown: a kind's own, without those that only another choice needs. */
export const fieldsOf = (node) => (KINDS[node?.kind]?.fields ?? []).filter((field) => !field.shownFor || field.shownFor.includes(node.by));

const SEPARATE = { text: () => ({ en: "", es: "" }), reprompts: () => [{ en: "", es: "" }, { en: "", es: "" }], options: () => [], node: () => "", words: () => "", number: () => 0, date: () => null, cases: () => ({}) };

/** A new node of a kind, with every field that it needs and no words yet. */
export function blankNode(kind) {
  const node = { kind };
  for (const field of fieldsOf({ kind, by: "hours" })) if (!field.optional) node[field.name] = blankField(field);
  return kind === "branch" ? { ...node, cases: { open: "", closed: "" } } : node;
}

/** The empty value of a field. */
export function blankField(field) {
  if (field.start !== undefined) return field.start;
  if (field.type === "prompt") return { text: SEPARATE.text(), reprompts: SEPARATE.reprompts(), timeout_seconds: 7 };
  if (field.type === "greeting") return ["en", "es"].map((language) => ({ language, text: "" }));
  if (field.type === "offers") return [["en", "1"], ["es", "2"]].map(([language, key]) => ({ language, key, words: [], text: "" }));
  if (field.type === "choice") return field.of?.[0] ?? "";
  return SEPARATE[field.type]();
}
