import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openQueues, type Queues } from '../../src/queues/open-queues.ts';
import { connectRedis, type RedisConnection } from '../../src/queues/redis-connection.ts';
import type { Context } from '../../workers/context.ts';
import { markTick, plantTick, watchTick } from '../../workers/tick.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

let redis: TestRedis;
let connection: RedisConnection;
let queues: Queues;
beforeAll(async () => {
  redis = await startRedis();
  connection = connectRedis(redis.url, () => {});
  queues = openQueues(connection, 'attache', () => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await redis.flush();
});
afterAll(async () => {
  await queues.close();
  connection.disconnect();
  await redis.stop();
});

const HOUR_MS = 3_600_000;

/** A worker whose tick is late: the last one is marked for a time that has not come yet. */
async function lateTick() {
  let offMs = HOUR_MS;
  const context = {
    stores: { redis: connection, queues },
    current: { config: { settings: { redis: { prefix: 'attache' }, poll: { tick: 1 } } } },
    log: pino({ level: 'silent' }),
    storeNow: () => Date.now() + offMs,
  } as unknown as Context;
  await plantTick(context);
  await markTick(context);
  offMs = 0;
  return { look: watchTick(context), removed: vi.spyOn(queues.schedule, 'removeJobScheduler') };
}

test('a tick that is late is planted anew once, however slow Redis is and however often it is looked at meanwhile', async () => {
  const { look, removed } = await lateTick();
  await Promise.all([look(), look(), look()]);
  expect(removed).toHaveBeenCalledTimes(1);
  expect(await queues.schedule.getJobSchedulersCount()).toBe(1);
});

test('a tick that was planted anew has the time to run before it is taken away again', async () => {
  const { look, removed } = await lateTick();
  await look();
  await look();
  await look();
  expect(removed).toHaveBeenCalledTimes(1);
  expect(await queues.schedule.getJobSchedulersCount()).toBe(1);
});

test('a look that fails is followed by the next one', async () => {
  const { look, removed } = await lateTick();
  removed.mockRejectedValueOnce(new Error('READONLY'));
  await look();
  await look();
  expect(removed).toHaveBeenCalledTimes(2);
});
