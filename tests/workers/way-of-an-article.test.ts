import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StoryAlert } from '../../src/alerts/alert-schema.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { runConfig } from '../../workers/running-config.ts';
import { type FeedHost, startFeedHost, type TestItem } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import {
  startTestWorker,
  TEST_SECRET,
  type TestConfig,
  type TestWorker,
  writeTestConfig,
  writeTestFiles,
} from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let redis: TestRedis;
let host: FeedHost;
let receiver: WebhookReceiver;
let status = 204;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  host = await startFeedHost();
  receiver = await startReceiver((response) => response.writeHead(status).end());
});
afterAll(async () => {
  await host.close();
  await receiver.stop();
  await redis.stop();
});
beforeEach(async () => {
  await redis.flush();
  status = 204;
  receiver.received.length = 0;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const VISIT: TestItem = {
  guid: 'visit',
  title: "China's defence minister lands in Minsk for three-day visit",
  text: 'Li Shangfu was received by his Belarusian counterpart, Viktor Khrenin.',
};
const VOLLEYBALL: TestItem = { guid: 'volleyball', title: 'Belarus beat China 3-0 in volleyball' };
const QUERY = 'country:CN AND country:BY AND role:defence-minister@CN';

/** One feed, one watch, one subscriber, unless a test says otherwise. */
function config(changes: Partial<TestConfig> = {}): TestConfig {
  return {
    feeds: [{ id: 'outlet', url: host.url('outlet') }],
    watches: [{ id: 'visits', query: QUERY, notify: ['desk'] }],
    subscribers: [{ id: 'desk', url: receiver.url }],
    ports: [host.port, Number(new URL(receiver.url).port)],
    ...changes,
  };
}

async function start(settings: TestConfig): Promise<{ worker: TestWorker; dir: string }> {
  const { dir, remove } = await writeTestConfig(settings);
  cleanups.push(remove);
  const worker = await startTestWorker({ configDir: dir, redisUrl: redis.url });
  cleanups.push(() => worker.stop());
  return { worker, dir };
}

/** Resolves once what a feed shows now has been dealt with: it was asked twice more, and no job is left. */
async function settled(worker: TestWorker, feed = 'outlet'): Promise<void> {
  const before = host.asked(feed);
  await until(`${feed} was asked twice`, () => host.asked(feed) >= before + 2);
  await until('no job is left', async () => {
    const { triage, deliver } = worker.stores.queues;
    expect(await receivedAfterAnotherRun(first.dir)).toHaveLength(1);
  host.show('outlet', [{ guid: 'next', title: "Belarus: China's defence minister leaves Minsk" }, VISIT]);
  expect((await receivedAfterAnotherRun(first.dir)).length).toBeGreaterThan(1);
});

/** Runs a worker until the feed has been asked twice more; answers what the subscriber has by then. */
async function receivedAfterAnotherRun(dir: string): Promise<readonly unknown[]> {
  const worker = await startTestWorker({ configDir: dir, redisUrl: redis.url });
  try {
    await settled(worker);
    return receiver.received;
  } finally {
    await worker.stop();
  }
}

test('a changed configuration holds from its reload on, and one with an error changes nothing', async () => {
  host.show('outlet', [VOLLEYBALL]);
  const { worker, dir } = await start(config());
  await settled(worker);
  await writeTestFiles(dir, config({ watches: [{ id: 'broken', query: 'title:(', notify: ['desk'] }] }));
  await expect(loadKnowledge(dir, {}, new Date())).rejects.toThrow(/watches\.yaml:\d+:\d+: watches\[0\]\.query/);
  const next = { guid: 'next', title: 'Volleyball: Belarus and China meet again' };
  await writeTestFiles(dir, config({ watches: [{ id: 'volleyball', query: 'volleyball', notify: ['desk'] }] }));
  await worker.reload(runConfig(await loadKnowledge(dir, {}, new Date())));
  host.show('outlet', [next, VOLLEYBALL]);
  await until('the alert came', () => receiver.received.length > 0);
  expect(alerts().map(({ data }) => [data.watch.id, data.article.title])).toEqual([['volleyball', next.title]]);
});

test('health, readiness and metrics tell of the work', async () => {
  host.show('outlet', [VISIT]);
  const { worker } = await start(config());
  await until('the alert came', () => receiver.received.length > 0);
  await settled(worker);
  const get = async (path: string) => (await fetch(`${worker.address}${path}`)).text();
  expect(JSON.parse(await get('/readyz'))).toEqual({
    status: 'ready',
    checks: { redis: 'ok', config: 'ok', tick: 'ok' },
  });
  const metrics = await get('/metrics');
  for (const line of [
    'attache_polls_total{outcome="new-articles"} 1',
    'attache_articles_total{verdict="new"} 1',
    'attache_matches_total{watch="visits"} 1',
    'attache_deliveries_total{outcome="done",subscriber="desk"} 1',
    'attache_feeds{state="ok"} 1',
  ]) {
    expect(metrics).toContain(line);
  }
});
