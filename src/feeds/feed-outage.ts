import { type FeedProblemCode, feedHealth } from './feed-health.ts';
import type { FeedState } from './feed-state.ts';

/** A feed from which nothing comes. */
export interface FeedOutage {
  /** Since when, ms: the same at each look as long as it lasts. */
  readonly sinceMs: number;
  /** For people. */
  readonly reason: string;
}

const OUTAGES: readonly FeedProblemCode[] = ['ended', 'failing', 'silent'];

/** Whether nothing comes from a feed: it has ended, keeps failing, or is silent for three times its longest usual pause (`feedHealth`, which bears blips and quiet nights). */
export function feedOutage(state: FeedState, nowMs: number): FeedOutage | null {
  const problem = feedHealth(state, nowMs).problems.find(({ code }) => OUTAGES.includes(code));
  if (problem === undefined) return null;
  const lastNews = Math.max(state.lastNewArticleAt ?? 0, state.arrivals.at(-1) ?? 0);
  const sinceMs =
    problem.code === 'ended' ? state.ended?.at : problem.code === 'failing' ? state.errorSinceAt : lastNews;
  return { sinceMs: sinceMs ?? nowMs, reason: problem.message };
}

/** So many feeds at least: of a handful, all may well fail for reasons of their own. */
const MIN_FAILING = 5;

/** Whether more than half of all feeds that were asked keep failing: then the fault is most likely on this side, and no source's. */
export function isOwnOutage(states: readonly FeedState[]): boolean {
  const asked = states.filter(({ polls, ended }) => polls > 0 && ended === null);
  const failing = asked.filter(({ errorStreak }) => errorStreak > 0).length;
  return failing >= MIN_FAILING && failing > asked.length / 2;
}
