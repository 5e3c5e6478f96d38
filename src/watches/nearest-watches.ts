import type { ClauseVerdict } from './explain-watch.ts';

/** A watch with what became of its query for one article. */
export interface WatchVerdict {
  readonly id: string;
  readonly title: string;
  readonly verdict: ClauseVerdict;
}

/**
 * Matches first, then the nearest misses: those that lack the fewest clauses, and of these the ones of which most holds. A query of one
 * clause is one clause short of every article, which says nothing.
 */
export function nearestFirst<T extends WatchVerdict>(watches: readonly T[]): T[] {
  const share = new Map(watches.map(({ id, verdict }) => [id, heldShare(verdict)]));
  return watches.toSorted(
    (a, b) =>
      Number(b.verdict.holds) - Number(a.verdict.holds) ||
      Number(isNear(b)) - Number(isNear(a)) ||
      a.verdict.missing - b.verdict.missing ||
      share.get(b.id)! - share.get(a.id)!,
  );
}

/** Whether a watch does not match, but something that it asks for is there. */
export function isNear({ verdict }: WatchVerdict): boolean {
  return !verdict.holds && heldShare(verdict) > 0;
}

/** How much of what a query asks for is there, 0 to 1: a part of an OR counts as the best of its parts; what is excluded does not count. */
function heldShare(verdict: ClauseVerdict): number {
  if (verdict.op === 'not') return 0;
  if (verdict.parts.length === 0) return verdict.holds ? 1 : 0;
  const shares = verdict.parts.filter(({ op }) => op !== 'not').map(heldShare);
  if (shares.length === 0) return 0;
  if (verdict.op === 'or') return Math.max(...shares);
  return shares.reduce((sum, one) => sum + one, 0) / shares.length;
}
