import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { retryDead } from '../../src/delivery/redeliver.ts';
import { deliveryQueue } from '../../src/queues/delivery-queue.ts';
import type { DeliverJob } from '../../src/queues/payloads.ts';
import { anAlert } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let redis: TestRedis;
let receiver: WebhookReceiver;
let worker: TestWorker;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  redis = await startRedis();
  receiver = await startReceiver((response) => response.writeHead(204).end());
  const config = await writeTestConfig({
    feeds: [],
    watches: [],
    subscribers: [{ id: 'desk', url: receiver.url }],
    ports: [Number(new URL(receiver.url).port)],
    knowledge: false,
  });
  cleanups.push(config.remove);
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url, roles: ['deliver'] });
});
afterEach(() => redis.flush());
afterAll(async () => {
  await worker?.stop();
  await receiver?.stop();
  await redis?.stop();
  for (const cleanup of cleanups) await cleanup();
});

/** What is kept of an endpoint's health, as the store names it. */
const HEALTH = 'attache:{deliveries}:v1:endpoint:desk';

test('a delivery that the queue gives up for an error of the store is in the dead letter with its reason, and can be retried', async () => {
  const alert = anAlert();
  const { alertId } = alert.data;
  const { stores } = worker;
  await stores.redis.lpush(HEALTH, 'not what belongs there');
  const data: DeliverJob = { v: 1, subscriberId: 'desk', alertId, alert, round: 0 };
  const job = await stores.queues.deliver.add(alert.type, data, { attempts: 2, backoff: { type: 'fixed', delay: 10 } });
  await until('the queue has given it up', () => job.isFailed());
  const [dead] = await stores.deliveries.list('desk', 'dead', 10);
  expect(dead).toMatchObject({ alertId, state: { status: 'dead', lastReason: expect.stringMatching(/WRONGTYPE/) } });
  expect(receiver.received).toEqual([]);

  await stores.redis.del(HEALTH);
  const deps = { deliveries: stores.deliveries, queue: deliveryQueue(stores.queues.deliver), now: Date.now };
  expect(await retryDead(deps, { subscriberId: 'desk', limit: 10 })).toEqual([{ subscriberId: 'desk', alertId }]);
  await until('it came', () => receiver.received.length > 0);
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([alertId]);
  expect((await stores.deliveries.counts('desk')).dead).toBe(0);
});
