// The page's state, and what is read from it for drawing: findings, lengths, usage and the path by node of one menu.
import { nodeOf, locate } from "./reading.js";

/** The state before anything was read. `visit` counts what was chosen: a node that is renamed is still the same visit. */
export function firstPage(key) {
  return {
    key, me: null, live: null, draft: null, scheduled: [], history: [], events: [], catalogue: null, trial: null, other: null,
    document: null, edits: null, scope: "", selected: "", renaming: null, adding: "say", tab: "picture", order: "reached",
    saving: { state: "", at: "", why: "" }, check: { state: "checking", isKnown: false, list: [], errors: 0, warnings: 0, answer: null, why: "" },
    lengths: () => null, byNode: new Map(), lit: new Set(), steps: new Set(), here: "", areFindingsShown: true, usageDays: 0, usage: null, visit: 0, jump: 0, fit: 0,
    sheet: null, conflict: null, problems: [], uploading: "", working: "", heardShown: 0, hereShown: "",
  };
}

/** Findings of one menu by node. @returns {Map<string, object[]>} */
export function findingsByNode(document, scope, list) {
  const found = new Map();
  for (const one of list) {
    const at = locate(document, one.where);
    if (at.id && at.scope === scope) found.set(at.id, [...(found.get(at.id) ?? []), one]);
  }
  return found;
}

/** The nodes that the call in the drawer went through, its steps from one to the next, and the node where it is. */
export function idsOfPath(document, scope, { path, here, is_open: isOpen }) {
  if (!isOpen) return { lit: new Set(), steps: new Set(), here: "" };
  const mine = (where) => { const at = locate(document, where); return at.scope === scope ? at.id : ""; };
  const ids = path.map(mine);
  return { lit: new Set(ids.filter(Boolean)), steps: new Set(ids.slice(1).map((id, index) => `${ids[index]}>${id}`)), here: mine(here) };
}

/** The gate's lengths of one node, by language; of a sub-menu's node at its first use. */
export function lengthsOf(document, answer, scope, id) {
  const lengths = answer?.lengths ?? {};
  if (lengths[id] && !scope) return lengths[id];
  const name = Object.keys(lengths).find((where) => { const at = locate(document, where); return at.scope === scope && at.id === id; });
  return name ? lengths[name] : null;
}

/** Usage of one menu by its own node ids; uses of a sub-menu are counted together. */
export function usageOfScope({ usage, document, scope }) {
  if (!usage) return null;
  const nodes = {};
  for (const [where, counted] of Object.entries(usage.nodes)) {
    const at = locate(document, where);
    if (at.scope !== scope || !nodeOf(document, scope, at.id)) continue;
    const before = nodes[at.id] ?? { callers: 0, to_person: 0, hung_up: 0 };
    nodes[at.id] = Object.fromEntries(Object.keys(before).map((name) => [name, before[name] + (counted[name] ?? 0)]));
  }
  const edges = usage.edges.map(({ from, to, callers }) => ({ from: locate(document, from), to: locate(document, to), callers })).filter(({ from, to }) => from.scope === scope && to.scope === scope);
  return { nodes, edges: edges.map(({ from, to, callers }) => ({ from: from.id, to: to.id, callers })) };
}
