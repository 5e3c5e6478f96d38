import type { Job, Queue } from 'bullmq';
import type { StoryAlert } from '../alerts/alert-schema.ts';
import type { TriageJob } from './payloads.ts';

/**
 * The queues whose given-up jobs somebody has to look at. A poll comes back by itself, a delivery has a dead letter of its own (src/delivery). What failed on `matches`
 * failed at whoever consumes it.
 */
export const DEAD_LETTER_QUEUES = ['triage', 'matches'] as const;
export type DeadLetterQueue = (typeof DEAD_LETTER_QUEUES)[number];

/** A job that was given up: after all its attempts, or because the process died with it again and again. */
export interface DeadJob {
  readonly queue: DeadLetterQueue;
  readonly id: string;
  readonly failedMs: number | null;
  readonly attempts: number;
  /** How often it was begun; more than `attempts` where it was interrupted. */
  readonly starts: number;
  /** One line. */
  readonly reason: string;
  readonly about: {
    readonly article?: string;
    readonly feed?: string;
    readonly title?: string;
    readonly alert?: string;
    readonly watch?: string;
  };
}

export interface DeadLetter {
  /** The newest first. */
  list(queue: DeadLetterQueue, limit: number): Promise<DeadJob[]>;
  count(queue: DeadLetterQueue): Promise<number>;
  /** Runs them again, with all their attempts. Answers the ids that were there. */
  retry(queue: DeadLetterQueue, ids: readonly string[]): Promise<string[]>;
  /** Forgets them for good. Answers the ids that were there. */
  drop(queue: DeadLetterQueue, ids: readonly string[]): Promise<string[]>;
}

/** The dead letter: the failed jobs of BullMQ, bounded by `removeOnFail` in queues.ts. Errors are ioredis'. */
export function createDeadLetter(queues: Readonly<Record<DeadLetterQueue, Queue>>): DeadLetter {
  const each = async (queue: DeadLetterQueue, ids: readonly string[], act: (job: Job) => Promise<unknown>) => {
    const done: string[] = [];
    for (const id of ids) {
      const job: Job | undefined = await queues[queue].getJob(id);
      // One that another command has just retried is no longer failed: it must not be taken away under a worker's hands.
      if (job === undefined || !(await job.isFailed())) continue;
      await act(job);
      done.push(id);
    }
    return done;
  };
  return {
    async list(queue, limit) {
      const jobs: (Job | undefined)[] = await queues[queue].getFailed(0, limit - 1);
      return jobs.flatMap((job) => (job === undefined ? [] : [deadJob(queue, job)]));
    },
    count: (queue) => queues[queue].getFailedCount(),
    retry: (queue, ids) =>
      each(queue, ids, (job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })),
    drop: (queue, ids) => each(queue, ids, (job) => job.remove()),
  };
}

function deadJob(queue: DeadLetterQueue, job: Job): DeadJob {
  return {
    queue,
    id: job.id ?? '',
    failedMs: job.finishedOn ?? null,
    attempts: job.attemptsMade,
    starts: job.attemptsStarted,
    reason: (job.failedReason ?? '').split('\n', 1)[0] || 'unknown',
    about: queue === 'triage' ? aboutArticle(job.data as Partial<TriageJob>) : aboutAlert(job.data),
  };
}

function aboutArticle({ article }: Partial<TriageJob>): DeadJob['about'] {
  return article === undefined ? {} : { article: article.id, feed: article.source.id, title: article.title };
}

function aboutAlert(alert: Partial<StoryAlert>): DeadJob['about'] {
  const { data } = alert;
  if (data === undefined) return {};
  return {
    alert: data.alertId,
    ...('watch' in data ? { watch: data.watch.id, article: data.article.id, title: data.article.title } : {}),
  };
}
