import type { Hit } from '../text/phrase-matcher.ts';

/**
 * The first place where all units stand with at most `distance` other words between them, in any order.
 * A unit asked for twice needs two places; different units may share a word (`"militar* military"~3`).
 *
 * @param units for each unit its hits within one field, by first word; the same array for the same unit
 * @param distance the most words of the span from the first unit to the last that belong to none of them
 * @returns one hit for each unit, by position, or null
 */
export function findNear(units: readonly (readonly Hit[])[], distance: number): Hit[] | null {
  const wanted = new Map<readonly Hit[], number>();
  for (const unit of units) {
    if (unit.length === 0) return null;
    wanted.set(unit, (wanted.get(unit) ?? 0) + 1);
  }
  const starts = [...wanted.keys()].flat().sort((a, b) => a.first - b.first || a.last - b.last);
  for (const start of starts) {
    const chosen = chooseFrom(start, wanted);
    if (chosen === null) continue;
    const last = Math.max(...chosen.map((hit) => hit.last));
    const own = chosen.reduce((words, hit) => words + hit.last - hit.first + 1, 0);
    if (last - start.first + 1 - own <= distance) return chosen.sort((a, b) => a.first - b.first || a.last - b.last);
  }
  return null;
}

/** For each unit its nearest places from `start` on. */
function chooseFrom(start: Hit, wanted: ReadonlyMap<readonly Hit[], number>): Hit[] | null {
  const chosen: Hit[] = [];
  for (const [hits, count] of wanted) {
    let at = firstFrom(hits, start.first);
    for (let found = 0; found < count; found++) {
      const hit = hits[at];
      if (hit === undefined) return null;
      chosen.push(hit);
      at = firstFrom(hits, hit.last + 1);
    }
  }
  return chosen;
}

/** Index of the first hit that begins at or after a word. */
function firstFrom(hits: readonly Hit[], word: number): number {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hits[middle]!.first < word) low = middle + 1;
    else high = middle;
  }
  return low;
}
