// What the picture of a menu shows: boxes with their words and ways out, and lines between them, as plain values.
// The layout is dagre's, left to right, where nobody has arranged it. Pure.

import dagre from "@dagrejs/dagre";
import { KINDS } from "./kinds.js";
import { exitsOf, firstWords, gist, nodesOf, placeOf, startOf } from "./reading.js";

export const BOX_WIDTH = 224;
/** So many ways into one node make a bundle that hides the others: it is drawn paler. */
const MANY_WAYS = 6;
const [HEAD, WORDS, ROW, USAGE, FOOT] = [30, 40, 24, 26, 8];

/** @typedef {{id: string, kind: string, title: string, words: string, exits: import("./reading.js").Exit[], canAdd: boolean, isStart: boolean, at: [number, number], height: number, errors: number, warnings: number, usage: ?object, lit: string}} Box */

/**
 * @param {{findings: Map<string, object[]>, usage: ?object, lit: Set<string>, steps: Set<string>, here: string}} about  Findings and usage by node; the nodes and the steps (`from>to`) that the caller took.
 * @returns {{boxes: Box[], lines: {id: string, from: string, exit: number, to: string, lit: boolean, isOneOfMany: boolean, callers: ?number}[]}}
 */
export function pictureOf(document, scope, { findings, usage, lit, steps, here }) {
  const nodes = Object.entries(nodesOf(document, scope)).filter(([, node]) => node && typeof node === "object");
  const boxes = nodes.map(([id, node]) => ({ ...box(id, node, startOf(document, scope) === id, usage), ...found(findings.get(id) ?? []), lit: id === here ? "here" : lit.has(id) ? "lit" : "" }));
  const known = new Set(boxes.map(({ id }) => id));
  const ways = waysTo(boxes);
  const lines = boxes.flatMap(({ id, exits }) => exits.flatMap(({ target }, index) => (known.has(target) ? [{ id: `${id}#${index}`, from: id, exit: index, to: target, lit: steps.has(`${id}>${target}`), isOneOfMany: ways.get(target) >= MANY_WAYS, callers: isFirst(exits, index) ? callersOn(usage, id, target) : null }] : [])));
  return { boxes: placed(document, scope, boxes, lines), lines };
}

/** How many ways lead to each node. */
function waysTo(boxes) {
  const ways = new Map();
  for (const { exits } of boxes) for (const { target } of exits) ways.set(target, (ways.get(target) ?? 0) + 1);
  return ways;
}

function box(id, node, isStart, usage) {
  const exits = exitsOf(node);
  const counted = usage?.nodes[id] ?? null;
  const height = HEAD + WORDS + exits.length * ROW + (Array.isArray(node.options) && node.kind !== "language" ? ROW : 0) + (usage ? USAGE : 0) + FOOT;
  return { id, kind: node.kind, title: KINDS[node.kind]?.title ?? String(node.kind), words: firstWords(node) || gist(node), isHeard: Boolean(firstWords(node)), exits, canAdd: Array.isArray(node.options) && node.kind !== "language", isStart, height, usage: usage && (counted ?? { callers: 0, to_person: 0, hung_up: 0 }) };
}

const found = (findings) => ({ errors: findings.filter(({ severity }) => severity === "error").length, warnings: findings.filter(({ severity }) => severity !== "error").length });
/** Two ways to the same node are counted as one: the figure stands at the first. */
const isFirst = (exits, index) => exits.findIndex(({ target }) => target === exits[index].target) === index;
const callersOn = (usage, from, to) => usage && (usage.edges.find((edge) => edge.from === from && edge.to === to)?.callers ?? 0);

function placed(document, scope, boxes, lines) {
  const missing = boxes.filter(({ id }) => !placeOf(document, scope, id));
  const automatic = missing.length ? laidOut(boxes, lines) : {};
  const below = missing.length < boxes.length ? Math.max(...boxes.map(({ id, height }) => (placeOf(document, scope, id)?.[1] ?? 0) + height)) + 40 : 0;
  return boxes.map((one) => ({ ...one, at: placeOf(document, scope, one.id) ?? [automatic[one.id][0], automatic[one.id][1] + below] }));
}

let last = { shape: "", places: {} };

/** Where dagre puts the boxes: {id: [x, y]} of their upper left corners. The same shape is not laid out twice: on a large menu it takes a second, and every key typed draws. */
export function laidOut(boxes, lines) {
  const shape = JSON.stringify([boxes.map(({ id, height }) => [id, height]), lines.map(({ from, to }) => [from, to])]);
  if (shape !== last.shape) last = { shape, places: layOut(boxes, lines) };
  return last.places;
}

function layOut(boxes, lines) {
  const graph = new dagre.graphlib.Graph({ multigraph: true }).setGraph({ rankdir: "LR", nodesep: 28, ranksep: 72, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, height } of boxes) graph.setNode(id, { width: BOX_WIDTH, height });
  for (const { id, from, to } of lines) graph.setEdge(from, to, {}, id);
  dagre.layout(graph);
  return Object.fromEntries(boxes.map(({ id, height }) => { const { x, y } = graph.node(id); return [id, [Math.round(x - BOX_WIDTH / 2), Math.round(y - height / 2)]]; }));
}
