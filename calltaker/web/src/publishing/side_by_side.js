// Two lists of lines beside each other, and only what differs of them. Pure.

const AROUND = 2;
const MOST_CELLS = 9_000_000;

/** @typedef {{mine: ?string, theirs: ?string, same: boolean, skipped?: number}} Row */

/** The rows that differ with a few around them; a run of others becomes one row that says how many. */
export function aroundDifferences(rows) {
  const isNear = (index) => rows.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ same }) => !same);
  return rows.reduce((shown, row, index) => {
    if (isNear(index)) return [...shown, row];
    const skipped = shown.at(-1)?.skipped ?? 0;
    return [...(skipped ? shown.slice(0, -1) : shown), { mine: null, theirs: null, same: true, skipped: skipped + 1 }];
  }, []);
}

/**
 * Two lists of lines brought beside each other by their longest common sequence; what both begin and end with is not
 * searched, so that a long text with one change costs little.
 * @returns {Row[]}
 */
export function aligned(mine, theirs) {
  let [first, last] = [0, 0];
  const shorter = Math.min(mine.length, theirs.length);
  while (first < shorter && mine[first] === theirs[first]) first += 1;
  while (last < shorter - first && mine.at(-1 - last) === theirs.at(-1 - last)) last += 1;
  const same = (line) => ({ mine: line, theirs: line, same: true });
  const between = searched(mine.slice(first, mine.length - last), theirs.slice(first, theirs.length - last));
  return [...mine.slice(0, first).map(same), ...between, ...(last ? mine.slice(-last).map(same) : [])];
}

function searched(mine, theirs) {
  if (mine.length * theirs.length > MOST_CELLS) return paired(mine, theirs);
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

/** Too long to search: line beside line. */
function paired(mine, theirs) {
  return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, index) => ({ mine: mine[index] ?? null, theirs: theirs[index] ?? null, same: mine[index] === theirs[index] }));
}
