import { type FeedHealth, feedHealth } from '../src/feeds/feed-health.ts';
import type { Metrics } from '../src/http/metrics.ts';
import { QUEUES } from '../src/queues/queues.ts';
import type { Logger } from './logger.ts';
import type { RunningConfig } from './running-config.ts';
import type { Stores } from './stores.ts';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
/** Dropped at once at most; the next tick goes on. */
const MAX_DROPPED = 1000;

/** Brings the gauges that are read from Redis up to date: jobs by queue and state, feeds by health and by problem. */
export async function refreshGauges(deps: {
  readonly stores: Stores;
  readonly metrics: Metrics;
  readonly current: RunningConfig;
}): Promise<void> {
  const { stores, metrics, current } = deps;
  await Promise.all(
    QUEUES.map(async (name) => {
      const counts = await stores.queues[name].getJobCounts(...STATES);
      for (const state of STATES) metrics.queueJobs.set({ queue: name, state }, counts[state] ?? 0);
    }),
  );
  const states = await stores.feeds.readStates([...current.feeds.values()]);
  const tally: Record<FeedHealth['status'], number> = { new: 0, ok: 0, warning: 0, broken: 0 };
  const problems = new Map<string, number>();
  for (const state of states.values()) {
    const health = feedHealth(state, Date.now());
    tally[health.status]++;
    for (const { code } of health.problems) problems.set(code, (problems.get(code) ?? 0) + 1);
  }
  for (const [state, count] of Object.entries(tally)) metrics.feeds.set({ state }, count);
  metrics.feedProblems.reset();
  for (const [problem, count] of problems) metrics.feedProblems.set({ problem }, count);
}

/** Keeps the queue `matches` bounded where nobody consumes it, in number and in age: the oldest alerts go first, counted and logged. */
export async function trimBacklog(deps: {
  readonly stores: Stores;
  readonly metrics: Metrics;
  readonly current: RunningConfig;
  readonly log: Logger;
}): Promise<void> {
  const { matches } = deps.stores.queues;
  const { queue, retention } = deps.current.config.settings;
  const over = (await matches.getWaitingCount()) - queue.maxBacklog;
  const tooOldMs = Date.now() - retention.alerts * 1000;
  const [first] = await matches.getWaiting(0, 0);
  if (first === undefined || (over <= 0 && first.timestamp >= tooOldMs)) return;
  const oldest = await matches.getWaiting(0, MAX_DROPPED - 1);
  const dropped = oldest.filter((job, index) => index < over || job.timestamp < tooOldMs);
  // One that a consumer has taken in this very moment is locked, and no longer in the backlog.
  for (const job of dropped) await job.remove().catch(() => {});
  deps.metrics.backlogDropped.inc(dropped.length);
  deps.log.warn(
    { dropped: dropped.length },
    'nobody consumes the queue "matches": its oldest alerts were dropped (queue.maxBacklog, retention.alerts)',
  );
}
