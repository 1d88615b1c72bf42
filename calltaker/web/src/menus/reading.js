// Reads a menu document: its nodes, the ways out of each, the order in which callers reach them, and where a finding is.
// A document is a plain value that came from outside: whatever is missing or misshaped reads as nothing.

import { KINDS, fieldsOf } from "./kinds.js";

/** @typedef {{path: (string|number)[], label: string, key: string, target: string}} Exit  A way out: where it stands in the node, its words, its key or "", the node it leads to or "". */
/** @typedef {"" | string} Scope  Which menu: "" the menu itself, else the name of one of its sub-menus. */

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const asMap = (value) => (isMap(value) ? value : {});
const asList = (value) => (Array.isArray(value) ? value : []);
const asWord = (value) => (typeof value === "string" ? value : "");

/** The place of a menu's own start and nodes in the document. */
export const scopePath = (scope) => (scope ? ["menus", scope] : []);
export const nodePath = (scope, id) => [...scopePath(scope), "nodes", id];
export const menuOf = (document, scope) => asMap(scope ? asMap(document?.menus)[scope] : document);
export const nodesOf = (document, scope) => asMap(menuOf(document, scope).nodes);
export const startOf = (document, scope) => asWord(menuOf(document, scope).start);
export const nodeOf = (document, scope, id) => { const found = nodesOf(document, scope)[id]; return isMap(found) ? found : null; };
export const subMenus = (document) => Object.keys(asMap(document?.menus));

/** What stands at a path, undefined where there is nothing. */
export const valueAt = (value, path) => path.reduce((inner, step) => (inner === null || inner === undefined ? undefined : inner[step]), value);

/** The words of one language of a text, whether it is spoken or a recording. */
export const wordsOf = (said) => (isMap(said) ? asWord(said.text) : asWord(said));

/** Every way out of a node, in the order of its fields. @returns {Exit[]} */
export function exitsOf(node) {
  return fieldsOf(node).flatMap((field) => {
    const value = node[field.name];
    if (field.type === "node") return field.optional && !value ? [] : [{ path: [field.name], label: field.label, key: "", target: asWord(value) }];
    if (field.type === "options") return asList(value).flatMap((option, index) => optionExit(field, asMap(option), index));
    if (field.type === "cases") return Object.entries(asMap(value)).map(([name, target]) => ({ path: ["cases", name], label: name, key: "", target: asWord(target) }));
    return [];
  });
}

function optionExit(field, option, index) {
  if (option.does && !option.next) return [];
  return [{ path: [field.name, index, "next"], label: asList(asMap(option.words).en)[0] ?? "", key: String(option.key ?? ""), target: asWord(option.next) }];
}

/** What a node says first, in the language asked for: "" for one that nobody hears. */
export function firstWords(node, language = "en") {
  if (!isMap(node)) return "";
  if (node.kind === "language") return asList(node.greeting).map((said) => wordsOf(said?.text)).join(" ");
  const said = asMap(node.text)[language] ?? asMap(asMap(node.prompt).text)[language];
  return wordsOf(said);
}

/** What a node does, for one that says nothing. */
export function gist(node) {
  if (node.kind === "branch") return `by ${node.by === "switch" ? `switch ${node.switch || "?"}` : String(node.by ?? "?").replace("_", " ")}`;
  if (node.kind === "menu") return `through ${node.menu || "?"}`;
  return KINDS[node.kind]?.about ?? "";
}

/**
 * The nodes as a caller reaches them, depth first from the start, those that nobody reaches last.
 * @returns {{id: string, depth: number, reached: boolean}[]}
 */
export function asReached(document, scope) {
  const nodes = nodesOf(document, scope);
  const order = [];
  const seen = new Set();
  const waiting = [[startOf(document, scope), 0]];
  while (waiting.length) {
    const [id, depth] = waiting.pop();
    if (seen.has(id) || !isMap(nodes[id])) continue;
    seen.add(id);
    order.push({ id, depth, reached: true });
    waiting.push(...exitsOf(nodes[id]).map(({ target }) => [target, depth + 1]).reverse());
  }
  return [...order, ...Object.keys(nodes).filter((id) => !seen.has(id)).map((id) => ({ id, depth: 0, reached: false }))];
}

/**
 * Which node a finding (or a step of a path) is about: `node X: prompt`, `menu M, node X`, or an id; sub-menus are
 * expanded to USE/NODE when a menu is examined.
 * @returns {{scope: Scope, id: string}}  `id` is "" where it is about a whole menu.
 */
export function locate(document, where) {
  const [, menu = "", said = ""] = /^(?:menu ([^,:\s]+)(?:, |$|:| ))?(?:node )?([^,:\s(]*)/.exec(String(where ?? "")) ?? [];
  let [scope, rest] = [subMenus(document).includes(menu) ? menu : "", said];
  while (!nodeOf(document, scope, rest) && rest.includes("/")) {
    const [use, ...deeper] = rest.split("/");
    const through = nodeOf(document, scope, use)?.menu ?? (subMenus(document).includes(use) ? use : null);
    if (!through) break;
    [scope, rest] = [through, deeper.join("/")];
  }
  return { scope, id: nodeOf(document, scope, rest) ? rest : "" };
}

/** Where the picture has a node: its place, or null when nobody has put it anywhere. @returns {?[number, number]} */
export function placeOf(document, scope, id) {
  const at = asMap(menuOf(document, scope).layout)[id];
  return Array.isArray(at) && at.length === 2 && at.every(Number.isFinite) ? at : null;
}
