import { type Facts, factsOf, type Judged } from './article-facts.ts';
import type { WatchSet } from './compile-watches.ts';
import type { Compiled } from './compiled-clause.ts';
import { leafHolds } from './judge-clause.ts';

/**
 * The watches that match, or may match once more is known: those whose words alone do not rule them out.
 *
 * @param judged without the tags that are still to be found
 * @param mayCome whether a tag (as in `tagName`) may still be found
 * @returns ids, in the order of the set
 */
export function undecidedWatches(set: WatchSet, judged: Judged, mayCome: (tag: string) => boolean): string[] {
  const facts = factsOf(set, judged);
  return set.watches.filter(({ root }) => mayHold(root, facts, mayCome) !== false).map(({ id }) => id);
}

/** Kleene's three values: null where it hangs on what is not known yet. */
function mayHold(clause: Compiled, facts: Facts, mayCome: (tag: string) => boolean): boolean | null {
  if (clause.op === 'not') {
    const inner = mayHold(clause.part, facts, mayCome);
    return inner === null ? null : !inner;
  }
  if (!('parts' in clause)) {
    if (leafHolds(clause, facts)) return true;
    return clause.op === 'tags' && clause.names.some(mayCome) ? null : false;
  }
  const needed = clause.op === 'at-least' ? clause.count : clause.op === 'and' ? clause.parts.length : 1;
  let yes = 0;
  let unknown = 0;
  let rest = clause.parts.length;
  for (const part of clause.parts) {
    const truth = mayHold(part, facts, mayCome);
    rest--;
    if (truth === true) yes++;
    else if (truth === null) unknown++;
    if (yes >= needed) return true;
    if (yes + unknown + rest < needed) return false;
  }
  return null;
}
