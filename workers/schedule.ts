import type { Queue } from 'bullmq';
import type { DueFeeds } from '../src/feeds/due-feeds.ts';
import { jobId } from '../src/queues/job-id.ts';
import { PAYLOAD_VERSION, type PollJob } from '../src/queues/payloads.ts';

export interface ScheduleDeps {
  readonly due: Pick<DueFeeds, 'claim'>;
  readonly poll: Pick<Queue<PollJob>, 'addBulk' | 'getJobCounts'>;
}

/** Feeds of one job: fetched side by side, each of another host. A poll as a job of its own would cost more than the request. */
export const FEEDS_A_JOB = 8;
/** Claimed feeds that wait for a worker: more would only let their leases run out. */
const MAX_WAITING_JOBS = 50;
/** Longer than a poll can take: its request's time limit, what it may wait for a place, and that of parsing. */
export const CLAIM_LEASE_MS = 120_000;

/**
 * Claims what is due and queues it for polling, as far as workers are free to take it. Safe to run in several processes at once: a feed is claimed by one, and
 * a claim whose job got lost comes back when its lease runs out. Answers how many feeds were queued.
 */
export async function queueDueFeeds({ due, poll }: ScheduleDeps): Promise<number> {
  let queued = 0;
  const { waiting = 0, prioritized = 0 } = await poll.getJobCounts('waiting', 'prioritized');
  for (let jobs = waiting + prioritized; jobs < MAX_WAITING_JOBS; ) {
    const claimed = await due.claim(FEEDS_A_JOB * 4, CLAIM_LEASE_MS);
    if (claimed.length === 0) break;
    const batches = Array.from({ length: Math.ceil(claimed.length / FEEDS_A_JOB) }, (_, i) =>
      claimed.slice(i * FEEDS_A_JOB, (i + 1) * FEEDS_A_JOB),
    );
    await poll.addBulk(
      batches.map((feeds) => ({
        name: 'poll',
        data: {
          v: PAYLOAD_VERSION,
          feeds: feeds.map(({ feedId, owner, dueAt, cause }) => ({ feedId, owner, dueAt, cause })),
        },
        opts: { jobId: jobId('poll', ...feeds.map((feed) => feed.owner), feeds[0]!.feedId) },
      })),
    );
    queued += claimed.length;
    jobs += batches.length;
  }
  return queued;
}
