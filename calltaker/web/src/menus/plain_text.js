// Shows documents as lines that people read, and two of them side by side, node by node. Pure.
import { aligned, aroundDifferences } from "../publishing/side_by_side.js";

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isFlat = (value) => !isMap(value) && !Array.isArray(value);

/** A value as indented lines, the way the city's files are written. @returns {string[]} */
export function lines(value, indent = "") {
  if (isFlat(value)) return [`${indent}${spelled(value)}`];
  const entries = Array.isArray(value) ? value.map((item) => ["-", item]) : Object.entries(value).map(([name, item]) => [`${name}:`, item]);
  return entries.flatMap(([head, item]) => entry(head, item, indent));
}

function entry(head, item, indent) {
  if (isFlat(item)) return [`${indent}${head} ${spelled(item)}`.trimEnd()];
  if (isEmpty(item)) return [`${indent}${head} ${Array.isArray(item) ? "[]" : "{}"}`];
  return [`${indent}${head}`, ...lines(item, `${indent}  `)];
}

const isEmpty = (item) => Object.keys(item).length === 0;
const spelled = (value) => (value === null ? "–" : typeof value === "string" ? value || '""' : String(value ?? ""));

/** The parts of a document that are compared with each other: each node, and the rest. @returns {Map<string, string[]>} */
export function parts(document) {
  const { nodes = {}, menus = {}, layout: _layout, ...rest } = isMap(document) ? document : {};
  const found = new Map([["the menu itself", lines(rest)]]);
  for (const [id, node] of Object.entries(nodes)) found.set(id, lines(node));
  for (const [name, menu] of Object.entries(menus)) for (const [id, node] of Object.entries(menu?.nodes ?? {})) found.set(`${name}/${id}`, lines(node));
  return found;
}

/**
 * Two documents side by side: only the parts that differ, each as rows of two lines; `same` where both agree.
 * @returns {{where: string, rows: {mine: ?string, theirs: ?string, same: boolean, skipped?: number}[]}[]}
 */
export function sideBySide(mine, theirs) {
  const [left, right] = [parts(mine), parts(theirs)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names
    .map((where) => ({ where, rows: aligned(left.get(where) ?? [], right.get(where) ?? []) }))
    .filter(({ rows }) => rows.some(({ same }) => !same))
    .map(({ where, rows }) => ({ where, rows: aroundDifferences(rows) }));
}
