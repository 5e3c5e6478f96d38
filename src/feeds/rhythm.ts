import type { FeedState } from './feed-state.ts';

/** So many of the latest articles tell how often a feed publishes. */
const KEPT_ARRIVALS = 16;
/** How much of the longest pause is remembered a day later: about a fifth is left of it after a fortnight. */
const FADE_A_DAY = 0.9;
/** One outage must not teach that silence is usual. */
const MAX_GROWTH = 2;
const DAY_MS = 86_400_000;

type RhythmState = Pick<FeedState, 'arrivals' | 'longestGapSec' | 'longestGapAt'>;

/**
 * How often a feed publishes just now: the mean time between its latest articles, counted up to this moment, so that
 * it grows while nothing comes.
 *
 * @returns seconds, or null when fewer than two articles are known.
 */
export function rhythmSec(state: Pick<RhythmState, 'arrivals'>, now: number): number | null {
  const [oldest] = state.arrivals;
  if (oldest === undefined || state.arrivals.length < 2) return null;
  return Math.max(now - oldest, 0) / 1000 / state.arrivals.length;
}

/**
 * The longest pause that is usual for a feed: over nights and weekends, of the last weeks.
 *
 * @returns seconds, or null when too little is known.
 */
export function usualGapSec(state: RhythmState, now: number): number | null {
  if (state.arrivals.length < 5) return null;
  const mean = rhythmSec({ arrivals: state.arrivals }, state.arrivals.at(-1) ?? now) ?? 0;
  return Math.max(mean, faded(state, now));
}

/**
 * Adds a poll's new articles to what is known of a feed's rhythm.
 *
 * @param times when they appeared, ms; those in the future count as now.
 */
export function addArrivals(state: RhythmState, times: readonly number[], now: number): RhythmState {
  const { arrivals: earlier, longestGapSec, longestGapAt } = state;
  // Callers pass a whole feed state and spread the answer over a newer one: it must hold these three fields alone.
  if (times.length === 0) return { arrivals: earlier, longestGapSec, longestGapAt };
  const added = times.map((time) => Math.min(time, now)).toSorted((a, b) => a - b);
  const last = state.arrivals.at(-1);
  const chain = [...(last === undefined ? [] : [last]), ...added.filter((time) => last === undefined || time >= last)];
  let longest = 0;
  for (let index = 1; index < chain.length; index += 1)
    longest = Math.max(longest, (chain[index]! - chain[index - 1]!) / 1000);
  const known = faded(state, now);
  const isKnown = state.arrivals.length >= 5 && known > 0;
  const raised = isKnown ? Math.min(longest, known * MAX_GROWTH) : longest;
  const arrivals = [...state.arrivals, ...added].toSorted((a, b) => a - b).slice(-KEPT_ARRIVALS);
  return { arrivals, longestGapSec: Math.round(Math.max(known, raised)), longestGapAt: now };
}

function faded(state: RhythmState, now: number): number {
  if (state.longestGapAt === null) return 0;
  return state.longestGapSec * FADE_A_DAY ** (Math.max(now - state.longestGapAt, 0) / DAY_MS);
}
