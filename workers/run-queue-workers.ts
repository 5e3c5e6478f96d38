import { type Job, Worker } from 'bullmq';
import type { Queues } from '../src/queues/open-queues.ts';
import { type QueueName, workerOptions } from '../src/queues/queues.ts';
import type { RedisConnection } from '../src/queues/redis-connection.ts';
import { afterLook, nextJobId, type Standstill, stuckForMs } from '../src/queues/standstill.ts';
import type { Logger } from './logger.ts';

/** What one queue's jobs are handed to. `token` proves the lock. */
export interface QueueProcessor {
  readonly queue: QueueName;
  readonly concurrency: number;
  process(job: Job, token: string): Promise<void>;
}

export interface QueueWorkers {
  /** Takes no further jobs and waits for those under way, at most `withinMs`; then lets go: BullMQ runs them again elsewhere. */
  close(withinMs: number): Promise<void>;
}

export interface QueueWorkersDeps {
  readonly connection: RedisConnection;
  readonly queues: Queues;
  readonly prefix: string;
  readonly log: Logger;
  readonly onGivenUp: (queue: QueueName, job: Job, error: Error) => void;
  /** A worker that took no job although some waited was replaced. */
  readonly onReplaced: (queue: QueueName) => void;
  readonly patience?: Patience;
}

/** How often one looks at the queues, and for how long nothing may be taken while jobs wait. */
export interface Patience {
  readonly lookEveryMs: number;
  readonly patienceMs: number;
}

/** Longer than BullMQ's longest wait on a connection that works, 10 s. */
const PATIENCE: Patience = { lookEveryMs: 5_000, patienceMs: 15_000 };

/** One BullMQ worker, and what of its life can be seen from outside. */
interface Running {
  readonly worker: Worker;
  taken: number;
  underWay: number;
  standstill: Standstill | null;
}

interface Slot {
  readonly processor: QueueProcessor;
  running: Running;
  /** Replaced ones that still have work under way. */
  retired: { readonly running: Running; wasIdle: boolean }[];
}

/**
 * Starts a BullMQ worker for each processor. A job that is given up after all attempts is logged and counted: it stays in the queue's failed set, the dead letter.
 *
 * BullMQ's loop awaits its connection to Redis at several places, and has been found waiting for ever after a failover. So each worker is looked at: one that
 * has room, and takes nothing while jobs wait, is replaced.
 */
export function runQueueWorkers(deps: QueueWorkersDeps, processors: readonly QueueProcessor[]): QueueWorkers {
  const { log, patience = PATIENCE } = deps;
  const slots = processors.map((processor): Slot => ({ processor, running: startOne(deps, processor), retired: [] }));
  let looking = false;
  let closing = false;
  const timer = setInterval(() => {
    if (looking) return; // Redis does not answer: nothing can be said of the workers
    looking = true;
    void Promise.all(slots.map((slot) => lookAfter(deps, slot, patience, () => closing)))
      .catch((error: unknown) => closing || log.warn({ err: error }, 'looking at the queues'))
      .finally(() => {
        looking = false;
      });
  }, patience.lookEveryMs);
  return {
    async close(withinMs) {
      closing = true;
      clearInterval(timer);
      const closed = Promise.all(
        slots.flatMap(({ running, retired }) => [
          running.worker.close(),
          ...retired.map(({ running: one }) => one.worker.close(one.underWay === 0)),
        ]),
      );
      let late: NodeJS.Timeout | undefined;
      const isLate = new Promise<'late'>((resolve) => {
        late = setTimeout(() => resolve('late'), withinMs);
      });
      if ((await Promise.race([closed, isLate])) === 'late') {
        log.warn({ withinMs }, 'jobs were still under way at the stop; they are run again at the next start');
      }
      clearTimeout(late);
    },
  };
}

/** Replaces the worker where it is stuck. The old one takes no more, and ends when what it has under way has been over for one look. */
async function lookAfter(
  deps: QueueWorkersDeps,
  slot: Slot,
  patience: Patience,
  isClosing: () => boolean,
): Promise<void> {
  const { queue } = slot.processor;
  for (const one of slot.retired) {
    const isIdle = one.running.underWay === 0;
    if (isIdle && one.wasIdle) {
      slot.retired = slot.retired.filter((other) => other !== one);
      await one.running.worker.close(true);
    }
    one.wasIdle = isIdle;
  }
  const stuckMs = await stuck(deps, slot.processor, slot.running, patience);
  if (stuckMs === null || isClosing()) return;
  deps.log.error({ queue, stuckMs: Math.round(stuckMs) }, 'jobs wait and none is taken: the worker is replaced');
  deps.onReplaced(queue);
  const old = slot.running;
  slot.running = startOne(deps, slot.processor);
  slot.retired.push({ running: old, wasIdle: false });
  await old.worker.pause(true);
}

function startOne(deps: QueueWorkersDeps, { queue, concurrency, process }: QueueProcessor): Running {
  const options = workerOptions(queue, { connection: deps.connection, prefix: deps.prefix, concurrency });
  const worker = new Worker(
    queue,
    async (job, token) => {
      running.underWay++;
      try {
        await process(job, token ?? '');
      } finally {
        running.underWay--;
      }
    },
    options,
  );
  const running: Running = { worker, taken: 0, underWay: 0, standstill: null };
  worker.on('active', () => {
    running.taken++;
  });
  worker.on('error', (error) => deps.log.warn({ queue, err: error }, 'queue worker'));
  worker.on('stalled', (jobId) => deps.log.warn({ queue, job: jobId }, 'a job was interrupted and is run again'));
  worker.on('failed', (job, error) => {
    if (job === undefined || job.finishedOn === undefined) return;
    deps.onGivenUp(queue, job, error);
  });
  void worker.run();
  return running;
}

/** For how long a worker has taken nothing although it could; null while that is within the patience. */
async function stuck(
  { connection, queues }: QueueWorkersDeps,
  { queue, concurrency }: QueueProcessor,
  running: Running,
  { patienceMs }: Patience,
): Promise<number | null> {
  const waits = running.underWay < concurrency && (await nextJobId(connection, queues[queue], Date.now())) !== null;
  const atMs = performance.now();
  running.standstill = afterLook(running.standstill, { atMs, waits, mark: String(running.taken) });
  return stuckForMs(running.standstill, atMs, patienceMs);
}
