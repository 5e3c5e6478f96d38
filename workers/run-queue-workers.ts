import { type Job, Worker } from 'bullmq';
import { type QueueName, workerOptions } from '../src/queues/queues.ts';
import type { RedisConnection } from '../src/queues/redis-connection.ts';
import type { Logger } from './logger.ts';

/** What one queue's jobs are handed to. `token` proves the lock, `signal` fires when the lock is lost or the worker stops. */
export interface QueueProcessor {
  readonly queue: QueueName;
  readonly concurrency: number;
  process(job: Job, token: string): Promise<void>;
}

export interface QueueWorkers {
  /** Takes no further jobs and waits for those under way, at most `withinMs`; then lets go: BullMQ runs them again elsewhere. */
  close(withinMs: number): Promise<void>;
}

/** Starts a BullMQ worker for each processor. A job that is given up after all attempts is logged and counted: it stays in the queue's failed set, the dead letter. */
export function runQueueWorkers(
  deps: {
    readonly connection: RedisConnection;
    readonly prefix: string;
    readonly log: Logger;
    readonly onGivenUp: (queue: QueueName, job: Job, error: Error) => void;
  },
  processors: readonly QueueProcessor[],
): QueueWorkers {
  const workers = processors.map(({ queue, concurrency, process }) => {
    const options = workerOptions(queue, { connection: deps.connection, prefix: deps.prefix, concurrency });
    const worker = new Worker(queue, (job, token) => process(job, token ?? ''), options);
    worker.on('error', (error) => deps.log.warn({ queue, err: error }, 'queue worker'));
    worker.on('stalled', (jobId) => deps.log.warn({ queue, job: jobId }, 'a job was interrupted and is run again'));
    worker.on('failed', (job, error) => {
      if (job === undefined || job.finishedOn === undefined) return;
      deps.onGivenUp(queue, job, error);
    });
    void worker.run();
    return worker;
  });
  return {
    async close(withinMs) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      if ((await Promise.race([closed, late])) === 'late') {
        deps.log.warn({ withinMs }, 'jobs were still under way at the stop; they are run again at the next start');
      }
      clearTimeout(timer);
    },
  };
}
