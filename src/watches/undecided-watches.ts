import { type Facts, factsOf, type Judged } from './article-facts.ts';
import type { WatchSet } from './compile-watches.ts';
import type { Compiled } from './compiled-clause.ts';
import { leafHolds } from './judge-clause.ts';

/**
 * The watches that match, or may match once more is known: those whose words alone do not rule them out.
 *
 * @param judged with no tags yet for the fields in `unknown`
 * @param unknown fields whose tags are still to be found
 * @returns ids, in the order of the set
 */
export function undecidedWatches(set: WatchSet, judged: Judged, unknown: readonly string[]): string[] {
  const facts = factsOf(set, judged);
  const open = new Set(unknown);
  return set.watches.filter(({ root }) => mayHold(root, facts, open) !== false).map(({ id }) => id);
}

/** Kleene's three values: null where it hangs on what is not known yet. */
function mayHold(clause: Compiled, facts: Facts, open: ReadonlySet<string>): boolean | null {
  if (clause.op === 'not') {
    const inner = mayHold(clause.part, facts, open);
    return inner === null ? null : !inner;
  }
  if (!('parts' in clause)) {
    const field = clause.op === 'tags' ? clause.names[0]!.slice(0, clause.names[0]!.indexOf(':')) : '';
    return open.has(field) ? null : leafHolds(clause, facts);
  }
  const needed = clause.op === 'at-least' ? clause.count : clause.op === 'and' ? clause.parts.length : 1;
  let yes = 0;
  let unknown = 0;
  let rest = clause.parts.length;
  for (const part of clause.parts) {
    const truth = mayHold(part, facts, open);
    rest--;
    if (truth === true) yes++;
    else if (truth === null) unknown++;
    if (yes >= needed) return true;
    if (yes + unknown + rest < needed) return false;
  }
  return null;
}
