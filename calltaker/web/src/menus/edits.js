// Every change that can be made to a menu document: each takes a document and gives a new one, never touching the old,
// so that undoing is keeping the old one. Pure; knows no page and no server.

import { blankNode, OPTION_KEYS } from "./kinds.js";
import { exitsOf, menuOf, nodeOf, nodePath, nodesOf, scopePath, startOf, subMenus, valueAt } from "./reading.js";

/** Put a value at a path; undefined takes it away (an element of a list closes up). */
export function setIn(value, path, wanted) {
  if (!path.length) return wanted;
  const [step, ...rest] = path;
  const copy = Array.isArray(value) ? [...value] : { ...(value !== null && typeof value === "object" ? value : {}) };
  if (rest.length) copy[step] = setIn(value?.[step] ?? (typeof rest[0] === "number" ? [] : {}), rest, wanted);
  else if (wanted !== undefined) copy[step] = wanted;
  else if (Array.isArray(copy)) copy.splice(step, 1);
  else delete copy[step];
  return copy;
}

/** Add a node of a kind. The first node of a menu is its start. */
export function addNode(document, scope, id, kind) {
  const made = setIn(document, nodePath(scope, id), blankNode(kind));
  return startOf(document, scope) ? made : setIn(made, [...scopePath(scope), "start"], id);
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/;
const NOT_A_NAME = "Letters, figures, - _ and . only, at most 60.";

/** Why a node cannot have this name; "" when it can. */
export function nameTrouble(document, scope, name) {
  if (!NAME.test(name)) return NOT_A_NAME;
  return Object.hasOwn(nodesOf(document, scope), name) ? "Another node has this name." : "";
}

/** A name that no node has yet, made from a kind. */
export function freeName(document, scope, kind) {
  const names = nodesOf(document, scope);
  const first = kind === "return" ? "back" : kind;
  if (!Object.hasOwn(names, first)) return first;
  let number = 2;
  while (Object.hasOwn(names, `${first}_${number}`)) number += 1;
  return `${first}_${number}`;
}

/** Give a node another name; whatever led to it leads to it still, and it keeps its place. */
export function renameNode(document, scope, from, to) {
  const nodes = Object.entries(nodesOf(document, scope)).map(([id, node]) => [id === from ? to : id, retargeted(node, from, to)]);
  const renamed = setIn(document, [...scopePath(scope), "nodes"], Object.fromEntries(nodes));
  const started = startOf(document, scope) === from ? setIn(renamed, [...scopePath(scope), "start"], to) : renamed;
  return moveKey(started, [...scopePath(scope), "layout"], from, to);
}

/** Take a node away; whatever led to it leads nowhere until the author says where. */
export function removeNode(document, scope, id) {
  const left = Object.entries(nodesOf(document, scope)).filter(([name]) => name !== id).map(([name, node]) => [name, retargeted(node, id, "")]);
  const removed = setIn(document, [...scopePath(scope), "nodes"], Object.fromEntries(left));
  const started = startOf(document, scope) === id ? setIn(removed, [...scopePath(scope), "start"], "") : removed;
  const at = [...scopePath(scope), "layout", id];
  return valueAt(started, at) ? setIn(started, at, undefined) : started;
}

function retargeted(node, from, to) {
  return exitsOf(node).filter(({ target }) => target === from).reduce((changed, { path }) => setIn(changed, path, to), node);
}

function moveKey(document, path, from, to) {
  const value = valueAt(document, [...path, from]);
  return value === undefined ? document : setIn(setIn(document, [...path, from], undefined), [...path, to], value);
}

/** Lead a way out of a node to another node, or nowhere (""). */
export const connect = (document, scope, id, path, to) => setIn(document, [...nodePath(scope, id), ...path], to);

/** Make another kind of a node: what the new kind has too, it keeps. */
export function changeKind(document, scope, id, kind) {
  const before = nodeOf(document, scope, id) ?? {};
  const fresh = blankNode(kind);
  const kept = Object.keys(fresh).filter((name) => name !== "kind" && name !== "cases" && name in before);
  return setIn(document, nodePath(scope, id), { ...fresh, ...Object.fromEntries(kept.map((name) => [name, before[name]])) });
}

/** The lowest key that no option of these has yet; "" when all are taken. */
export const freeKey = (options) => OPTION_KEYS.find((key) => !options.some((option) => String(option?.key) === key)) ?? "";

/** Add an option with the next free key, leading to a node or nowhere. */
export function addOption(document, scope, id, to = "") {
  const options = nodeOf(document, scope, id)?.options ?? [];
  return setIn(document, [...nodePath(scope, id), "options"], [...options, { key: freeKey(options), words: { en: [], es: [] }, next: to }]);
}

/** Move an element of a list by so many places; beyond an end it stays there. */
export function moveInList(document, path, index, by) {
  const list = [...(valueAt(document, path) ?? [])];
  const [moved] = list.splice(index, 1);
  list.splice(Math.min(list.length, Math.max(0, index + by)), 0, moved);
  return setIn(document, path, list);
}

/** Move a node among the nodes as they are written; callers notice nothing. */
export function moveNode(document, scope, id, by) {
  const order = Object.keys(nodesOf(document, scope));
  const index = order.indexOf(id);
  const moved = moveInList(order, [], index, by);
  return setIn(document, [...scopePath(scope), "nodes"], Object.fromEntries(moved.map((name) => [name, nodesOf(document, scope)[name]])));
}

/** Put nodes at places of the picture: {id: [x, y]}, whole pixels. */
export function place(document, scope, places) {
  const rounded = Object.fromEntries(Object.entries(places).map(([id, at]) => [id, at.map(Math.round)]));
  return setIn(document, [...scopePath(scope), "layout"], { ...menuOf(document, scope).layout, ...rounded });
}

/** Forget where the nodes of a menu stood, so that they are laid out anew. */
export const forgetPlaces = (document, scope) => setIn(document, [...scopePath(scope), "layout"], undefined);

/** Say what a branch looks at; its cases become those of the new question. */
export function branchBy(document, scope, id, by, cases) {
  const { line: _line, switch: _switch, ...rest } = nodeOf(document, scope, id);
  const more = by === "switch" ? { switch: "" } : {};
  return setIn(document, nodePath(scope, id), { ...rest, by, ...more, cases: Object.fromEntries(cases.map((name) => [name, rest.cases?.[name] ?? ""])) });
}

/** Give a case of a branch another name, at its place. */
export function renameCase(document, scope, id, from, to) {
  const path = [...nodePath(scope, id), "cases"];
  return setIn(document, path, Object.fromEntries(Object.entries(valueAt(document, path) ?? {}).map(([name, target]) => [name === from ? to : name, target])));
}

/** Why a sub-menu cannot have this name; "" when it can. */
export function subMenuTrouble(document, name) {
  if (!NAME.test(name)) return NOT_A_NAME;
  return subMenus(document).includes(name) ? "Another sub-menu has this name." : "";
}

/** Give a sub-menu another name; the nodes that go through it go through it still. */
export function renameSubMenu(document, from, to) {
  const menus = Object.entries(document.menus).map(([name, menu]) => [name === from ? to : name, menu]);
  return ledThrough(setIn(document, ["menus"], Object.fromEntries(menus)), from, to);
}

/** Take a sub-menu away; the nodes that went through it name none until the author says which. */
export const removeSubMenu = (document, name) => ledThrough(setIn(document, ["menus", name], undefined), name, "");

function ledThrough(document, from, to) {
  return usesOf(document, from).reduce((made, { scope, id }) => setIn(made, [...nodePath(scope, id), "menu"], to), document);
}

/** The nodes that go through a sub-menu. @returns {{scope: string, id: string}[]} */
export function usesOf(document, name) {
  const isUse = (node) => node?.kind === "menu" && node.menu === name;
  return ["", ...subMenus(document)].flatMap((scope) => Object.entries(nodesOf(document, scope)).filter(([, node]) => isUse(node)).map(([id]) => ({ scope, id })));
}

/** Add a sub-menu that comes straight back. */
export const addSubMenu = (document, name) => setIn(document, ["menus", name], { start: "back", nodes: { back: { kind: "return" } } });
