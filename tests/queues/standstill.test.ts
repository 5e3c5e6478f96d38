import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../src/queues/open-queues.ts';
import { connectRedis, type RedisConnection } from '../../src/queues/redis-connection.ts';
import { afterLook, nextJobId, type QueueLook, type Standstill, stuckForMs } from '../../src/queues/standstill.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const PATIENCE_MS = 15_000;

/** What a row of looks five seconds apart comes to: a word for each, `-` where nothing waits. */
function stuckAfter(looks: readonly string[], everyMs = 5_000): number | null {
  let standstill: Standstill | null = null;
  const all = looks.map((mark, index): QueueLook => ({ atMs: index * everyMs, waits: mark !== '-', mark }));
  for (const look of all) standstill = afterLook(standstill, look);
  return stuckForMs(standstill, all.at(-1)!.atMs, PATIENCE_MS);
}

test('a queue is stuck when jobs wait and nothing has moved for as long as the patience lasts', () => {
  expect(stuckAfter(['a', 'a', 'a'])).toBeNull();
  expect(stuckAfter(['a', 'a', 'a', 'a'])).toBe(15_000);
  expect(stuckAfter(['-', '-', 'a', 'a', 'a', 'a', 'a'])).toBe(20_000);
});

test('a queue that moves, or in which nothing waits, is never stuck', () => {
  expect(stuckAfter(['a', 'a', 'a', 'b', 'b', 'b'])).toBeNull();
  expect(stuckAfter(['a', 'a', 'a', '-', 'a', 'a', 'a'])).toBeNull();
  expect(stuckAfter(['-', '-', '-', '-', '-'])).toBeNull();
});

test('a process that was held up itself accuses nobody: two looks far apart prove nothing', () => {
  expect(stuckAfter(['a', 'a'], 60_000)).toBeNull();
});

let redis: TestRedis;
let connection: RedisConnection;
let queues: Queues;
beforeAll(async () => {
  redis = await startRedis();
  connection = connectRedis(redis.url, () => {});
  queues = openQueues(connection, 'attache', () => {});
});
afterAll(async () => {
  await queues?.close();
  connection?.disconnect();
  await redis?.stop();
});

test('the next job is the oldest that waits, or the first that is due; none in a paused queue', async () => {
  const { poll } = queues;
  const next = () => nextJobId(connection, poll, Date.now());
  const data = { v: 1, feeds: [] } as const;
  expect(await next()).toBeNull();
  await poll.add('poll', data, { jobId: 'later', delay: 60_000 });
  expect(await next()).toBeNull();
  expect(await nextJobId(connection, poll, Date.now() + 61_000)).toBe('later');
  await poll.add('poll', data, { jobId: 'first' });
  await poll.add('poll', data, { jobId: 'second' });
  expect(await next()).toBe('first');
  await poll.pause();
  expect(await next()).toBeNull();
  await poll.resume();
  expect(await next()).toBe('first');
});
