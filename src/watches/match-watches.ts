import type { Evidence } from '../text/evidence.ts';
import { type Facts, factsOf, type Judged } from './article-facts.ts';
import type { WatchSet } from './compile-watches.ts';
import type { Compiled } from './compiled-clause.ts';
import { holds, inReadingOrder, leafEvidence } from './judge-clause.ts';
import { candidates } from './presearch.ts';

export interface WatchMatch {
  /** The watch's id. */
  readonly watch: string;
  /** The spans that made it hit: a few of each clause that holds, in reading order. */
  readonly evidence: readonly Evidence[];
}

/** Spans of one match at most; clauses take turns, so that each shows one before any shows a second. */
const EVIDENCE_PER_MATCH = 24;

/**
 * The watches an article matches, in the order of the config. Only those whose necessary terms and tags the article has are evaluated.
 *
 * @param judged read with the matcher that holds the set's terms
 */
export function matchWatches(set: WatchSet, judged: Judged): WatchMatch[] {
  const facts = factsOf(set, judged);
  return candidates(set.presearch, facts.present).flatMap((number) => {
    const watch = set.watches[number]!;
    return holds(watch.root, facts) ? [{ watch: watch.id, evidence: matchEvidence(watch.root, facts) }] : [];
  });
}

/** The spans of all clauses that hold and count for the match; what stands under NOT has none. */
function matchEvidence(root: Compiled, facts: Facts): Evidence[] {
  const perClause: Evidence[][] = [];
  collect(root, facts, perClause);
  const chosen: Evidence[] = [];
  for (let turn = 0; turn < Math.max(0, ...perClause.map((spans) => spans.length)); turn++) {
    for (const spans of perClause) {
      const span = spans[turn];
      if (span && chosen.length < EVIDENCE_PER_MATCH) chosen.push(span);
    }
  }
  return inReadingOrder(chosen);
}

function collect(clause: Compiled, facts: Facts, perClause: Evidence[][]): void {
  if (clause.op === 'not' || !holds(clause, facts)) return;
  if ('parts' in clause) {
    for (const part of clause.parts) collect(part, facts, perClause);
  } else perClause.push(leafEvidence(clause, facts));
}
