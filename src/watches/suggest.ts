/**
 * The known name nearest to a mistyped one: the fewest edits (insert, delete, replace, swap neighbours: Damerau's distance),
 * and at most a third of its length. Case is ignored. A name of which a whole part is the mistyped one comes next, then one of which a part is near it.
 *
 * @returns the name as it is known, or null when none is near
 */
export function nearest(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | null = null;
  let bestEdits = limit + 1;
  let containing: string | null = null;
  for (const candidate of known) {
    const folded = candidate.toLowerCase();
    if (folded === wanted) return candidate;
    if (wanted.length >= 3 && containing === null && folded.split(/[/@-]/).includes(wanted)) containing = candidate;
    if (Math.abs(folded.length - wanted.length) >= bestEdits) continue;
    const edits = editDistance(wanted, folded, bestEdits - 1);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best ?? containing ?? nearestByPart(wanted, known, limit);
}

/** `exercise` is near `defense/exercises`. */
function nearestByPart(wanted: string, known: Iterable<string>, limit: number): string | null {
  if (wanted.length < 4) return null;
  const near = (part: string): boolean =>
    Math.abs(part.length - wanted.length) <= limit && editDistance(wanted, part, limit) <= limit;
  for (const candidate of known) if (candidate.toLowerCase().split(/[/@-]/).some(near)) return candidate;
  return null;
}

/** Optimal string alignment distance; `limit + 1` as soon as it is certain to be over the limit. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, beforeLast[j - 2]! + 1);
      row.push(edits);
      least = Math.min(least, edits);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
