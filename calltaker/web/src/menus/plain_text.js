// Shows documents as lines that people read, and two of them side by side, node by node. Pure.

const AROUND = 2;
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

/** The rows that differ with a few around them; a run of others becomes one row that says how many. */
function aroundDifferences(rows) {
  const isNear = (index) => rows.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ same }) => !same);
  return rows.reduce((shown, row, index) => {
    if (isNear(index)) return [...shown, row];
    const skipped = shown.at(-1)?.skipped ?? 0;
    return [...(skipped ? shown.slice(0, -1) : shown), { mine: null, theirs: null, same: true, skipped: skipped + 1 }];
  }, []);
}

/** Two lists of lines brought beside each other by their longest common sequence. */
function aligned(mine, theirs) {
  const length = commonLengths(mine, theirs);
  const rows = [];
  let [i, j] = [0, 0];
  while (i < mine.length || j < theirs.length) {
    if (i < mine.length && mine[i] === theirs[j]) rows.push({ mine: mine[i++], theirs: theirs[j++], same: true });
    else if (i < mine.length && j < theirs.length && length[i + 1][j] === length[i][j + 1]) rows.push({ mine: mine[i++], theirs: theirs[j++], same: false });
    else if (j >= theirs.length || (i < mine.length && length[i + 1][j] > length[i][j + 1])) rows.push({ mine: mine[i++], theirs: null, same: false });
    else rows.push({ mine: null, theirs: theirs[j++], same: false });
  }
  return rows;
}

function commonLengths(mine, theirs) {
  const table = Array.from({ length: mine.length + 1 }, () => new Uint16Array(theirs.length + 1));
  for (let i = mine.length - 1; i >= 0; i -= 1) {
    for (let j = theirs.length - 1; j >= 0; j -= 1) table[i][j] = mine[i] === theirs[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  }
  return table;
}
