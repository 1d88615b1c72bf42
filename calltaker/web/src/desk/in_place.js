// Brings what is on the page to what should be on it, changing only what differs: elements keep their identity, so
// focus, scroll and a finger's target survive every live event. Data becomes text, never markup.

/**
 * What one element should be. `about` holds attributes (null and false take one away, true sets it empty), and:
 * `key` (identity among its siblings), `on` (listeners by event), `text` (instead of children), `value` (of a field),
 * `ticked` (of a check box).
 * @typedef {{tag: string, about: Record<string, any>, children: any[]}} Element_
 * @typedef {Element_ | string | {node: Node}} Drawn
 */

/** @type {WeakMap<Node, {identity: string, about: Record<string, any>}>} */
const remembered = new WeakMap();
const SPECIAL = new Set(["key", "on", "text", "value", "ticked"]);

/** @returns {Element_} */
export function draw(tag, about = {}, ...children) {
  const told = about.text === undefined ? children : [String(about.text)];
  return { tag, about, children: told };
}

/** Keep a living node (a map, a text field) where it is drawn; nobody else touches its inside. */
export const living = (node) => ({ node });

/** Make the children of `parent` equal to these, in place; nothing (null, false) draws nothing. */
export function show(parent, children) {
  const wanted = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
  const before = new Map([...parent.childNodes].map((node) => [remembered.get(node)?.identity, node]));
  const named = identities(wanted);
  const kept = new Set(named.map((identity) => before.get(identity)));
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  let cursor = parent.firstChild;
  wanted.forEach((drawn, index) => {
    const node = before.get(named[index]) ?? made(drawn, named[index]);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    update(node, drawn);
  });
}

/** A name for each child: its key, its node, or its place among the unkeyed ones of its kind. */
function identities(wanted) {
  const counts = new Map();
  return wanted.map((drawn) => {
    if (drawn.node) return `node:${nodeNumber(drawn.node)}`;
    const kind = typeof drawn === "string" ? "#text" : drawn.tag;
    if (drawn.about?.key !== undefined) return `${kind}=${drawn.about.key}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return `${kind}:${counts.get(kind)}`;
  });
}

const numbers = new WeakMap();
let lastNumber = 0;
function nodeNumber(node) {
  if (!numbers.has(node)) numbers.set(node, (lastNumber += 1));
  return numbers.get(node);
}

function made(drawn, identity) {
  const node = drawn.node ?? (typeof drawn === "string" ? document.createTextNode("") : document.createElement(drawn.tag));
  remembered.set(node, { identity, about: {} });
  return node;
}

function update(node, drawn) {
  if (drawn.node) return;
  if (typeof drawn === "string") {
    if (node.data !== drawn) node.data = drawn;
    return;
  }
  const memory = remembered.get(node);
  attributes(node, memory.about, drawn.about);
  listeners(node, memory.about.on ?? {}, drawn.about.on ?? {});
  memory.about = drawn.about;
  show(node, drawn.children);
  // After the children: a select has its options only now.
  if (drawn.about.value !== undefined && (node !== document.activeElement || node.tagName === "SELECT") && node.value !== drawn.about.value) node.value = drawn.about.value;
  if (drawn.about.ticked !== undefined) node.checked = drawn.about.ticked;
}

function attributes(node, before, after) {
  for (const name of Object.keys(before)) if (!SPECIAL.has(name) && !(name in after)) node.removeAttribute(name);
  for (const [name, value] of Object.entries(after)) {
    if (SPECIAL.has(name)) continue;
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value === true ? "" : value)) node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** One listener a kind for the element's life; it calls whatever was drawn last. */
function listeners(node, before, after) {
  for (const kind of Object.keys(after)) {
    if (!(kind in before) && !node[`heard:${kind}`]) {
      node[`heard:${kind}`] = true;
      node.addEventListener(kind, (event) => remembered.get(node)?.about.on?.[kind]?.(event));
    }
  }
}
