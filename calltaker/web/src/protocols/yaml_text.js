// A protocol's text as values, and changes of values as changes of the text: the author's comments, blank lines and order
// stay. Every scalar is text, as the server reads it ("yes" is a word, "true" is a word). Pure; knows no protocol.
import { Scalar, isCollection, isMap, isScalar, isSeq, parseDocument, visit } from "yaml";

const READING = { schema: "failsafe", uniqueKeys: false };
const WRITING = { lineWidth: 0, flowCollectionPadding: false };
const LONGEST = 300_000;
/** Other readers of YAML take these for true and false. */
const MISREAD = /^(?:y|n|yes|no|on|off)$/i;

/** The newest document: typing in one field reads it once, not once a letter. */
let last = { text: null, document: null };

function documentOf(text) {
  if (last.text !== text) last = { text, document: parseDocument(text, READING) };
  return last.document;
}

/**
 * What a text says. `fault` says why it cannot be shown as a form: then `value` is null.
 * @returns {{value: ?object, fault: ?{line: ?number, message: string}}}
 */
export function read(text) {
  if (text.length > LONGEST) return { value: null, fault: { line: null, message: "The text is too long for the form." } };
  const document = documentOf(text);
  const [error] = document.errors;
  if (error) return { value: null, fault: { line: error.linePos?.[0].line ?? null, message: plainly(error.message) } };
  try {
    const value = document.toJS({ maxAliasCount: 0 });
    return isMap(document.contents) ? { value, fault: null } : { value: null, fault: { line: 1, message: "A protocol has keys and values." } };
  } catch {
    return { value: null, fault: { line: null, message: "Aliases (*) are not used here; write it out." } };
  }
}

/** The reader's own words end with the place and a picture of it. */
const plainly = (message) => `${message.split("\n")[0].replace(/ at line \d+, column \d+:?$/, "")}.`.replace("..", ".");

/** Change a text by changing its document. @param {(document: import("yaml").Document) => void} change */
export function changed(text, change) {
  const document = documentOf(text);
  last = { text: null, document: null }; // it is about to differ from its text
  change(document);
  const written = document.toString(WRITING);
  last = { text: written, document };
  return written;
}

/**
 * Put a value at a path; undefined takes it away. A new key comes where `order` has it, else at the end.
 * @param {(string|number)[]} path @param {string[]} order
 */
export function setIn(text, path, value, order = []) {
  return changed(text, (document) => {
    if (value === undefined) return void document.deleteIn(path);
    const at = document.getIn(path, true);
    if (isScalar(at) && !isObject(value)) return void write(at, value);
    const node = nodeOf(value);
    const parent = document.getIn(path.slice(0, -1), true);
    if (!isMap(parent) || parent.has(path.at(-1))) return void document.setIn(path, node);
    insertKey(document, parent, path.at(-1), node, order);
  });
}

function insertKey(document, map, key, node, order) {
  const after = order.slice(order.indexOf(key) + 1);
  const place = order.includes(key) ? map.items.findIndex((pair) => after.includes(nameOf(pair))) : -1;
  const pair = document.createPair(new Scalar(key), node);
  if (place < 0) map.items.push(pair);
  else map.items.splice(place, 0, pair);
}

const nameOf = ({ key }) => (isScalar(key) ? String(key.value) : "");

/** Put an item into a list, which is made if it is not there. */
export function insertItem(text, path, index, value) {
  return changed(text, (document) => {
    const list = document.getIn(path, true);
    if (!isSeq(list)) return void document.setIn(path, nodeOf([value]));
    const node = nodeOf(value);
    list.flow = list.flow && list.items.length > 0;
    list.items.splice(index, 0, node);
    spaced(list);
  });
}

/** Take an item out of a list. */
export function removeItem(text, path, index) {
  return changed(text, (document) => {
    const list = document.getIn(path, true);
    if (!isSeq(list)) return;
    list.items.splice(index, 1);
    if (!list.items.length) list.flow = true; // an empty list is written []
    spaced(list);
  });
}

/** Move an item of a list by so many places; beyond an end it stays there. */
export function moveItem(text, path, index, by) {
  return changed(text, (document) => {
    const list = document.getIn(path, true);
    if (!isSeq(list)) return;
    const [moved] = list.items.splice(index, 1);
    list.items.splice(Math.min(list.items.length, Math.max(0, index + by)), 0, moved);
    spaced(list);
  });
}

/** Where the items of a list stand apart, all but the first do. */
function spaced({ items }) {
  const apart = items.some((item, index) => index > 0 && item.spaceBefore);
  items.forEach((item, index) => { if (isCollection(item)) item.spaceBefore = apart && index > 0; });
}

/** Give every scalar that `wanted` names another text. @param {(path: (string|number)[], text: string, isKey: boolean) => ?string} wanted */
export function rewrite(text, wanted) {
  return changed(text, (document) => visit(document, {
    Scalar(key, node, ancestors) {
      const to = wanted(pathOf(ancestors, key, node), String(node.value), key === "key");
      if (to !== null && to !== undefined) write(node, to);
    },
  }));
}

/** The steps from the root to a node: keys of maps, places in lists. */
function pathOf(ancestors, key, node) {
  const path = [];
  const chain = [...ancestors, node];
  chain.forEach((one, index) => {
    if (isSeq(one)) path.push(one.items.indexOf(chain[index + 1]));
    else if (isMap(one)) path.push(nameOf(chain[index + 1]));
  });
  return path;
}

function write(scalar, value) {
  scalar.value = String(value);
  if (needsQuotes(scalar.value) && (!scalar.type || scalar.type === "PLAIN")) scalar.type = "QUOTE_DOUBLE";
}

const needsQuotes = (text) => text === "" || MISREAD.test(text);
const isObject = (value) => value !== null && typeof value === "object";

/** A value as it is written by hand: short tables and lists of words on one line. */
function nodeOf(value) {
  const { contents } = parseDocument("{}", READING);
  const node = built(value);
  return node ?? contents;
}

function built(value) {
  if (!isObject(value)) {
    const scalar = new Scalar(String(value));
    if (needsQuotes(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    return scalar;
  }
  const shell = parseDocument(Array.isArray(value) ? "[]" : "{}", READING).contents;
  if (Array.isArray(value)) shell.items = value.map(built);
  else shell.items = Object.entries(value).filter(([, one]) => one !== undefined).map(([name, one]) => parseDocument("{}", READING).createPair(new Scalar(name), built(one)));
  shell.flow = !shell.items.length || isShort(value);
  return shell;
}

const SHORT = 72;

/** Whether a table or list of plain words fits on one line; a sentence in two languages stands on two. */
function isShort(value) {
  const parts = Object.values(value);
  const flat = parts.every((one) => !isObject(one) || (Array.isArray(one) && one.every((word) => !isObject(word))));
  return flat && JSON.stringify(value).length <= SHORT && !isSentence(value);
}

const isSentence = (value) => !Array.isArray(value) && "en" in value && "es" in value && (value.en === "" || `${value.en}${value.es}`.length > 40);
