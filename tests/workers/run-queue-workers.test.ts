import { Worker } from 'bullmq';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openQueues, type Queues } from '../../src/queues/open-queues.ts';
import type { DeliverJob } from '../../src/queues/payloads.ts';
import { queuePrefix } from '../../src/queues/queues.ts';
import { connectRedis, type RedisConnection } from '../../src/queues/redis-connection.ts';
import { type QueueProcessor, runQueueWorkers } from '../../workers/run-queue-workers.ts';
import { watchQueues } from '../../workers/watch-queues.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

let redis: TestRedis;
let connection: RedisConnection;
let queues: Queues;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  redis = await startRedis();
  connection = connectRedis(redis.url, () => {});
  queues = openQueues(connection, 'attache', () => {});
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await queues?.close();
  connection?.disconnect();
  await redis?.stop();
});

const PATIENCE = { lookEveryMs: 50, patienceMs: 500 };
const DATA = { v: 1, feeds: [] } as const;

function run(processor: Omit<QueueProcessor, 'queue'>) {
  const lines: string[] = [];
  const replaced: string[] = [];
  const workers = runQueueWorkers(
    {
      connection,
      queues,
      prefix: queuePrefix('attache'),
      log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
      onGivenUp: () => {},
      onReplaced: (queue) => replaced.push(queue),
      patience: PATIENCE,
    },
    [{ queue: 'poll', ...processor }],
  );
  cleanups.push(() => workers.close(10_000));
  return { lines, replaced, workers };
}

/** From when `when` holds, a worker's loop waits for its connection, for ever or until `end`, as BullMQ's was seen to do after a failover. */
function plantHang(when: () => boolean = () => true): { readonly hung: () => boolean; readonly end: () => void } {
  const hang = Promise.withResolvers<number>();
  let hung = false;
  const loop = Worker.prototype as unknown as { waitForJob(...given: unknown[]): Promise<number> };
  const { waitForJob } = loop;
  vi.spyOn(loop, 'waitForJob').mockImplementation(function (this: unknown, ...given) {
    if (hung || !when()) return waitForJob.apply(this, given);
    hung = true;
    return hang.promise;
  });
  return { hung: () => hung, end: () => hang.resolve(0) };
}

test('a worker that has stopped taking jobs is replaced, and the jobs that waited are done', async () => {
  const done: string[] = [];
  const { hung } = plantHang();
  const { lines, replaced } = run({ concurrency: 2, process: async (job) => void done.push(job.id!) });
  await until('the worker hangs', hung);
  for (const jobId of ['one', 'two']) await queues.poll.add('poll', DATA, { jobId });
  await until('both are done', () => done.length === 2);
  expect(done.sort()).toEqual(['one', 'two']);
  expect(replaced).toEqual(['poll']);
  expect(lines.filter((line) => line.includes('the worker is replaced'))).toHaveLength(1);
});

test('what a replaced worker has under way is brought to its end, once', async () => {
  const started: string[] = [];
  let letEnd = (): void => {};
  const ended = new Promise<void>((resolve) => {
    letEnd = resolve;
  });
  const { replaced } = run({
    concurrency: 2,
    async process(job) {
      started.push(job.id!);
      if (job.id === 'long') await ended;
    },
  });
  const { hung } = plantHang();
  const long = await queues.poll.add('poll', DATA, { jobId: 'long' });
  await until('the loop hangs beside a job', () => hung() && started.length === 1);
  await queues.poll.add('poll', DATA, { jobId: 'waits' });
  await until('the worker was replaced', () => replaced.length > 0);
  await until('the other was done', () => started.includes('waits'));
  letEnd();
  await until('the long one is done', () => long.isCompleted());
  expect(started).toEqual(['long', 'waits']);
});

test('a stop waits for what a replaced worker has under way', async () => {
  const work = Promise.withResolvers<void>();
  let isStarted = false;
  const { hung, end } = plantHang(() => isStarted);
  const { lines, replaced, workers } = run({
    concurrency: 2,
    async process(job) {
      if (job.id !== 'last') return;
      isStarted = true;
      await work.promise;
    },
  });
  const last = await queues.poll.add('poll', DATA, { jobId: 'last' });
  await until('the loop hangs beside a job', hung);
  const next = await queues.poll.add('poll', DATA, { jobId: 'next' });
  await until('another worker takes the next one', () => replaced.length > 0 && next.isCompleted());
  const closing = workers.close(10_000);
  end();
  work.resolve();
  await closing;
  expect(await last.isCompleted()).toBe(true);
  expect(lines.join()).not.toContain('still under way');
});

test('a worker that is found stuck in the midst of a stop is not replaced: nothing would ever end the new one', async () => {
  const done: string[] = [];
  const { hung, end } = plantHang();
  const { replaced, workers } = run({ concurrency: 1, process: async (job) => void done.push(job.id!) });
  await until('the worker hangs', hung);
  const answer = Promise.withResolvers<string>();
  let looks = 0;
  const ask = vi.spyOn(connection, 'lindex').mockImplementation(async () => (++looks < 3 ? 'waits' : answer.promise));
  await until('a look waits for Redis', () => looks === 3);
  const sinceMs = performance.now();
  await until('the patience is over', () => performance.now() - sinceMs > PATIENCE.patienceMs);
  const closing = workers.close(10_000);
  answer.resolve('waits');
  end();
  await closing;
  ask.mockRestore();
  expect(replaced).toEqual([]);
  await queues.poll.add('poll', DATA, { jobId: 'after the stop' });
  expect(await queues.poll.getWorkersCount()).toBe(0);
  expect(done).toEqual([]);
  await queues.poll.drain();
});

test('a worker that has no room, or nothing to do, is left alone', async () => {
  let letEnd = (): void => {};
  const ended = new Promise<void>((resolve) => {
    letEnd = resolve;
  });
  const looks = vi.spyOn(connection, 'lindex');
  const { replaced } = run({ concurrency: 1, process: () => ended });
  await until('it was looked at often while nothing waited', () => looks.mock.calls.length > 20);
  await queues.poll.add('poll', DATA, { jobId: 'busy' });
  await queues.poll.add('poll', DATA, { jobId: 'behind' });
  const sinceMs = performance.now();
  await until('twice the patience has passed', () => performance.now() - sinceMs > 2 * PATIENCE.patienceMs);
  letEnd();
  await until('both are done', async () => (await queues.poll.getCompletedCount()) >= 2);
  expect(replaced).toEqual([]);
});

test('readiness tells of a queue whose jobs nobody takes, in whichever process, until somebody does', async () => {
  const log = pino({ level: 'silent' });
  const watch = watchQueues({ connection, queues, log, patience: PATIENCE });
  cleanups.push(async () => watch.stop());
  await queues.deliver.add('story.matched', {} as DeliverJob);
  await until('it is told', () => watch.stuck() !== null);
  expect(watch.stuck()).toMatch(/^nobody takes the jobs of deliver for \d+ s$/);
  const workers = runQueueWorkers(
    { connection, queues, prefix: queuePrefix('attache'), log, onGivenUp: () => {}, onReplaced: () => {} },
    [{ queue: 'deliver', concurrency: 1, process: async () => {} }],
  );
  cleanups.push(() => workers.close(10_000));
  await until('all is well', () => watch.stuck() === null);
});
