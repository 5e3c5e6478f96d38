import type { JobsOptions, QueueOptions, WorkerOptions } from 'bullmq';

/**
 * The queues, in the order of an article's way. Their names are public: other services consume `matches`.
 *
 * Every key of BullMQ shares one hash tag, so that a flow or a script may touch several queues on Redis Cluster.
 */
export const QUEUES = ['schedule', 'poll', 'triage', 'matches', 'deliver'] as const;
export type QueueName = (typeof QUEUES)[number];

/** `{attache}`: BullMQ's `prefix` for every queue of an installation. */
export const queuePrefix = (installation: string): string => `{${installation}}`;

/** `attache:{stories}:v1`: heads the keys of one store; the tag lets one script touch all of them, the version lets two code versions live side by side. */
export const storePrefix = (installation: string, store: string): string => `${installation}:{${store}}:v1`;

const HOUR_SEC = 3600;
const DAY_SEC = 24 * HOUR_SEC;

/**
 * What BullMQ does with the jobs of each queue. The stores decide what is new; retention of finished jobs only saves a repeated step its work.
 * - `poll` is tried again while its claims last (two minutes); after that the next tick claims its feeds anew.
 * - `triage` is repeated with growing pauses (about 3 hours in all) before it counts as poison.
 * - `deliver` follows the retry plan of src/delivery by itself; this backoff is for what breaks around an attempt, such as the store (about 45 minutes in all).
 *   What is given up stands in the deliveries' own dead letter, for longer than here.
 */
const JOB_OPTIONS: Readonly<Record<Exclude<QueueName, 'schedule'>, JobsOptions>> = {
  poll: {
    attempts: 4,
    backoff: { type: 'exponential', delay: 2000 },
    removeOnComplete: { count: 100 },
    removeOnFail: { count: 1000, age: DAY_SEC },
  },
  triage: {
    attempts: 12,
    backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
    removeOnComplete: { count: 5000, age: HOUR_SEC },
    removeOnFail: { count: 10_000, age: 30 * DAY_SEC },
  },
  matches: { attempts: 1, removeOnComplete: { count: 1000, age: DAY_SEC }, removeOnFail: { count: 10_000 } },
  deliver: {
    attempts: 10,
    backoff: { type: 'exponential', delay: 5000, jitter: 0.5 },
    removeOnComplete: { count: 5000, age: DAY_SEC },
    removeOnFail: { count: 10_000, age: 7 * DAY_SEC },
  },
};

/**
 * What a killed process had under way is run again when its lock has run out and the next look for such jobs finds it: after 12.5 s at most. A lock is renewed each 3 s,
 * so a process may be held up for 7 s before it loses one; then the job runs twice, which every step bears.
 *
 * A crash is nobody's fault: a job that was under way at several kills must not be given up as "stalled".
 */
const STALLED: Pick<WorkerOptions, 'lockDuration' | 'lockRenewTime' | 'stalledInterval' | 'maxStalledCount'> = {
  lockDuration: 10_000,
  lockRenewTime: 3_000,
  stalledInterval: 2_500,
  maxStalledCount: 1000,
};

/**
 * A job that kills its process is poison: after so many starts without an end it goes to the dead letter. Not on `deliver`, whose waits
 * for a Retry-After each count as a start.
 */
const MAX_STARTS = 25;

/** Options of a worker on one queue. The stream of events is kept short: nothing reads it but people. */
export function workerOptions(
  queue: QueueName,
  shared: { readonly connection: WorkerOptions['connection']; readonly prefix: string; readonly concurrency: number },
): WorkerOptions {
  return {
    ...shared,
    ...STALLED,
    ...(queue === 'deliver' ? {} : { maxStartedAttempts: MAX_STARTS }),
    autorun: false,
  };
}

/** Options of the adding side of a queue. */
export function queueOptions(
  queue: QueueName,
  shared: { readonly connection: QueueOptions['connection']; readonly prefix: string },
): QueueOptions {
  return {
    ...shared,
    ...(queue === 'schedule' ? {} : { defaultJobOptions: JOB_OPTIONS[queue] }),
    streams: { events: { maxLen: 1000 } },
  };
}
