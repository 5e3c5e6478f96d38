import type { Evidence } from '../text/evidence.ts';
import { type Facts, factsOf, type Judged } from './article-facts.ts';
import type { CompiledWatch, WatchSet } from './compile-watches.ts';
import type { Compiled } from './compiled-clause.ts';
import { holds, leafEvidence } from './judge-clause.ts';
import { WatchError } from './watch-error.ts';
import { whyNot } from './why-not.ts';

/** What became of one clause, and of those within it. */
export interface ClauseVerdict {
  readonly op: Compiled['op'];
  /** The clause as it stands in the query, at `offset` (UTF-16). */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly holds: boolean;
  /** Of a leaf that holds. */
  readonly evidence: readonly Evidence[];
  /** Of a leaf that does not: what the article has in its place. */
  readonly note: string | null;
  /** The fewest leaves that would have to come out otherwise for this clause to hold; 0 where it does. */
  readonly missing: number;
  /** In the order of the query. */
  readonly parts: readonly ClauseVerdict[];
}

/**
 * Why an article matches a watch or does not: the whole query as a tree of verdicts.
 *
 * @throws WatchError `unknown-watch`
 */
export function explainWatch(set: WatchSet, watchId: string, judged: Judged): ClauseVerdict {
  const watch = watchOf(set, watchId);
  return verdictOf(watch.root, watch.source, factsOf(set, judged));
}

function watchOf(set: WatchSet, watchId: string): CompiledWatch {
  const watch = set.watches.find(({ id }) => id === watchId);
  if (!watch)
    throw new WatchError(
      'unknown-watch',
      watchId,
      `there is none of this id; there are ${
        set.watches
          .slice(0, 20)
          .map(({ id }) => id)
          .join(', ') || 'no watches'
      }`,
    );
  return watch;
}

function verdictOf(compiled: Compiled, source: string, facts: Facts): ClauseVerdict {
  const { op, start, end } = compiled;
  const inner = op === 'not' ? [compiled.part] : 'parts' in compiled ? compiled.parts : [];
  const parts = inner
    .map((part) => verdictOf(part, source, facts))
    .sort((a, b) => a.offset - b.offset || a.length - b.length);
  const held = holds(compiled, facts);
  const leaf = op !== 'not' && !('parts' in compiled);
  return {
    op,
    text: source.slice(start, end),
    offset: start,
    length: end - start,
    holds: held,
    evidence: leaf && held ? leafEvidence(compiled, facts) : [],
    note: leaf && !held ? whyNot(compiled, facts) : null,
    missing: held ? 0 : missingOf(compiled, parts, facts),
    parts,
  };
}

/** Under NOT: the fewest leaves that would have to stop holding. */
function missingOf(compiled: Compiled, parts: readonly ClauseVerdict[], facts: Facts): number {
  if (compiled.op === 'not') return toFail(compiled.part, facts);
  if (!('parts' in compiled)) return 1;
  const needed = compiled.op === 'at-least' ? compiled.count : compiled.op === 'and' ? parts.length : 1;
  return sumOfLeast(
    parts.map(({ missing }) => missing),
    needed,
  );
}

function toFail(compiled: Compiled, facts: Facts): number {
  if (!holds(compiled, facts)) return 0;
  if (compiled.op === 'not') return toHold(compiled.part, facts);
  if (!('parts' in compiled)) return 1;
  const needed = compiled.op === 'at-least' ? compiled.count : compiled.op === 'and' ? compiled.parts.length : 1;
  return sumOfLeast(
    compiled.parts.map((part) => toFail(part, facts)),
    compiled.parts.length - needed + 1,
  );
}

function toHold(compiled: Compiled, facts: Facts): number {
  if (holds(compiled, facts)) return 0;
  if (compiled.op === 'not') return toFail(compiled.part, facts);
  if (!('parts' in compiled)) return 1;
  const needed = compiled.op === 'at-least' ? compiled.count : compiled.op === 'and' ? compiled.parts.length : 1;
  return sumOfLeast(
    compiled.parts.map((part) => toHold(part, facts)),
    needed,
  );
}

function sumOfLeast(numbers: number[], count: number): number {
  return numbers
    .sort((a, b) => a - b)
    .slice(0, count)
    .reduce((sum, number) => sum + number, 0);
}

/** The leaves to blame where a clause does not hold, the fewest that would have to come out otherwise; a NOT is blamed whole. */
export function lacking(verdict: ClauseVerdict): ClauseVerdict[] {
  if (verdict.holds) return [];
  if (verdict.parts.length === 0 || verdict.op === 'not') return [verdict];
  const failing = verdict.parts.filter((part) => !part.holds);
  if (verdict.op === 'and') return failing.flatMap(lacking);
  const byMissing = [...failing].sort((a, b) => a.missing - b.missing || a.offset - b.offset);
  let short = verdict.missing;
  return byMissing.flatMap((part) => {
    if (part.missing > short) return [];
    short -= part.missing;
    return lacking(part);
  });
}

/** The leaves to credit where a clause holds. */
export function carrying(verdict: ClauseVerdict): ClauseVerdict[] {
  if (!verdict.holds) return [];
  return verdict.parts.length === 0 || verdict.op === 'not' ? [verdict] : verdict.parts.flatMap(carrying);
}
