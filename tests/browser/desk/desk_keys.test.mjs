// The map of keys and what the keys do are one: every entry answers to its own event, and has an act; every act has an entry.
import assert from "node:assert/strict";
import { register } from "node:module";
import test from "node:test";

// The bundler gives pictures an address; here they are nothing.
const NO_PICTURES = "export async function load(url, about, next) { return url.endsWith('.svg') ? { format: 'module', source: 'export default 0', shortCircuit: true } : next(url, about); }";
register(`data:text/javascript,${encodeURIComponent(NO_PICTURES)}`);

const nothing = { getElementById: () => null, querySelector: () => null, activeElement: null };
globalThis.document = nothing;
globalThis.localStorage = { getItem: () => null, setItem: () => {} };
globalThis.sessionStorage = globalThis.localStorage;

const { KEYS, meaning } = await import("../../../calltaker/web/src/desk/keys.js");
const { acts } = await import("../../../calltaker/web/src/desk/acts.js");
const { firstPage } = await import("../../../calltaker/web/src/desk/desk_state.js");
const { matching } = await import("../../../calltaker/web/src/views/tags.js");

const pressed = (key, about = {}) => ({ key: key.key, code: key.code ?? key.key, altKey: Boolean(key.alt), ctrlKey: false, metaKey: false, isComposing: false, target: null, ...about });
const SINGLE = { digit: { key: "4", code: "Digit4" }, confirm: { key: "Enter", code: "Enter" }, keys: { key: "?", code: "Slash" } };
const typing = { closest: (what) => (what.includes("textarea") ? {} : null) };

function idleActs() {
  const ordered = [];
  const does = (name) => () => ordered.push(name);
  const parts = { page: firstPage(), changed: () => {}, take: () => {}, telephone: { toggleMute: does("mute"), expectEnd: does("end") }, ringer: {}, red: { press: does("red") }, map: {} };
  return { act: acts(parts), ordered, page: parts.page };
}

test("every entry of the map answers to its own event and to no other's", () => {
  for (const key of KEYS) {
    const event = pressed(key, key.single ? SINGLE[key.does] : {});
    assert.equal(meaning(event)?.does, key.does, key.key);
  }
});

test("no two entries have one key or one act, and each is told in words", () => {
  for (const part of ["key", "does", "words"]) assert.equal(new Set(KEYS.map((key) => key[part])).size, KEYS.length, part);
});

test("the map and the acts are the same set", () => {
  assert.deepEqual(idleActs().act.key({}).sort(), KEYS.map(({ does }) => does).sort());
});

test("with no call and nothing ringing no key orders anything, and none fails", () => {
  const { act, ordered } = idleActs();
  for (const { does } of KEYS) act.key({ does, digit: 1 });
  assert.deepEqual(ordered.filter((name) => name !== "mute"), []);
});

test("while somebody types only function keys and Alt act", () => {
  for (const key of KEYS) {
    const event = pressed(key, { ...(key.single ? SINGLE[key.does] : {}), target: typing });
    assert.equal(meaning(event)?.does ?? null, key.single ? null : key.does, key.key);
  }
});

test("a key with Control or Meta belongs to the browser", () => {
  for (const key of KEYS) for (const held of [{ ctrlKey: true }, { metaKey: true }]) assert.equal(meaning(pressed(key, held)), null);
});

test("a tag is found by the beginning of its title first, then of any of its words", () => {
  const tags = ["City hall steps", "Safety of city staff", "School nearby", "City hall"].map((title) => ({ tag: title, title }));
  const found = (typed) => matching(tags, typed).map(({ title }) => title);
  assert.deepEqual(found("CIT"), ["City hall steps", "City hall", "Safety of city staff"]);
  assert.deepEqual(found("city hall"), ["City hall", "City hall steps"]);
  assert.deepEqual(found("ity"), []);
  assert.deepEqual(found("  "), []);
});
