import type { FetchErrorCode } from './fetch-feed.ts';

/** What to say of a feed that could not be reached, or is reachable again. */
export type Telling =
  | { readonly tell: 'nothing' }
  /** Few are concerned: name this one. */
  | { readonly tell: 'feed' }
  /** So many that it is our own network, most likely: one line for all. `codes`: feeds by what they failed with. */
  | { readonly tell: 'many'; readonly feeds: number; readonly codes: Readonly<Record<string, number>> }
  /** All but a few answer again; `feeds`: how many did not in the meantime. */
  | { readonly tell: 'again'; readonly feeds: number };

export interface UnreachableFeeds {
  /** `code`: what the poll failed with; one that shows that somebody answered counts as an answer. */
  failed(feedId: string, code: FetchErrorCode): Telling;
  answered(feedId: string): Telling;
}

/** Failures in which no server took part: seen on many feeds at once, they are one fault, and ours. */
const NOBODY_ANSWERED: ReadonlySet<FetchErrorCode> = new Set([
  'dns',
  'dns-timeout',
  'connect',
  'connect-timeout',
  'proxy',
]);
/** So many feeds may have a wrong address each. */
const NAMED_ONE_BY_ONE = 5;
const NOTHING: Telling = { tell: 'nothing' };

/** True for a failure in which no server took part. */
export function isUnreachable(code: FetchErrorCode): boolean {
  return NOBODY_ANSWERED.has(code);
}

/**
 * Gathers what thousands of feeds would say one by one while the network is down. A feed is told of when it becomes unreachable, not at each poll; over
 * NAMED_ONE_BY_ONE of them a line is due each time their number has doubled, and one when they are back. Each feed's own state keeps its error in any case.
 * Holds an entry for each unreachable feed.
 */
export function createUnreachableFeeds(): UnreachableFeeds {
  const codes = new Map<string, FetchErrorCode>();
  let tellAt = NAMED_ONE_BY_ONE + 1;
  let affected = 0;

  const answered = (feedId: string): Telling => {
    if (!codes.delete(feedId) || codes.size > NAMED_ONE_BY_ONE) return NOTHING;
    const feeds = affected;
    const wereMany = tellAt > NAMED_ONE_BY_ONE + 1;
    tellAt = NAMED_ONE_BY_ONE + 1;
    affected = codes.size;
    return wereMany ? { tell: 'again', feeds } : NOTHING;
  };

  return {
    answered,
    failed(feedId, code) {
      if (!isUnreachable(code)) return answered(feedId);
      const isKnown = codes.has(feedId);
      codes.set(feedId, code);
      if (isKnown) return NOTHING;
      affected += 1;
      if (codes.size <= NAMED_ONE_BY_ONE && tellAt === NAMED_ONE_BY_ONE + 1) return { tell: 'feed' };
      if (codes.size < tellAt) return NOTHING;
      tellAt = codes.size * 2;
      return { tell: 'many', feeds: codes.size, codes: tally(codes.values()) };
    },
  };
}

function tally(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
