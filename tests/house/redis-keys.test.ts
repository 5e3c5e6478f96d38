import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { runConfig } from '../../workers/running-config.ts';
import { NEWS_FEEDS, newsRound } from '../support/crash-news.ts';
import { type FeedHost, startFeedHost } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import {
  startTestWorker,
  type TestConfig,
  type TestWorker,
  writeTestConfig,
  writeTestFiles,
} from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type KeyKind, REDIS_KEYS } from './redis-keys.ts';

let redis: TestRedis;
let host: FeedHost;
let receiver: WebhookReceiver;
let worker: TestWorker;
let removeConfig: () => Promise<void>;

/** Subscribers of every fate: told, in digests, limited, down, and gone for good. */
beforeAll(async () => {
  [redis, host] = [await startRedis(), await startFeedHost()];
  receiver = await startReceiver((response, _, { path }) =>
    response.writeHead(path === '/down' ? 500 : path === '/gone' ? 410 : 204).end(),
  );
  for (const feed of NEWS_FEEDS) host.show(feed, []);
  host.show('ended', (_, response) => void response.writeHead(410).end());
  const at = (path: string) => new URL(path, receiver.url).href;
  const desks = [
    { id: 'told', url: at('/told') },
    { id: 'digests', url: at('/digests'), every: '5m' },
    { id: 'limited', url: at('/limited'), maxUpdatesPerHour: 1 },
    { id: 'down', url: at('/down') },
    { id: 'gone', url: at('/gone') },
  ];
  const notify = desks.map(({ id }) => id);
  const config: TestConfig = {
    feeds: [...NEWS_FEEDS, 'ended', 'leaving'].map((id) => ({ id, url: host.url(id) })),
    watches: [{ id: 'ships', query: 'frigate', notify, maxAlertsPerDay: 100 }],
    subscribers: desks,
    ports: [host.port, Number(new URL(receiver.url).port)],
    knowledge: false,
  };
  const { dir, remove } = await writeTestConfig(config);
  removeConfig = remove;
  worker = await startTestWorker({ configDir: dir, redisUrl: redis.url });
  await until('every feed was asked', () => config.feeds.every(({ id }) => host.asked(id) > 0));
  for (const { feed, items } of newsRound(1).steps) {
    const before = await worker.stores.archive.count();
    const [asked, heard] = [host.asked(feed), receiver.received.length];
    host.show(feed, items);
    await until(
      'it is archived',
      async () => host.asked(feed) > asked + 1 && (await worker.stores.archive.count()) >= before,
    );
    if (feed !== 'reprint') await until('somebody heard', () => receiver.received.length > heard);
  }
  await until('both ends are known', async () => (await worker.stores.deliveries.counts('gone')).dead > 0);
  await writeTestFiles(dir, { ...config, feeds: config.feeds.filter(({ id }) => id !== 'leaving') });
  await worker.reload(runConfig(await loadKnowledge(dir, {}, new Date())));
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await Promise.all([host?.close(), receiver?.stop(), removeConfig?.()]);
  await redis?.stop();
});

const pattern = ({ key }: KeyKind): RegExp =>
  new RegExp(
    `^${key
      .split('*')
      .map((part) => part.replace(/[.{}]/g, '\\$&'))
      .join('.*')}$`,
  );

test('every key in Redis is one of the table: it has an owner, and a bound or a time to live', async () => {
  const kinds = REDIS_KEYS.map((kind) => ({ ...kind, pattern: pattern(kind) }));
  const client = redis.client();
  const met = new Set<string>();
  for (const key of await client.keys('*')) {
    const kind = kinds.find((one) => one.pattern.test(key));
    expect(kind, `${key} is in no line of the table`).toBeDefined();
    met.add(kind!.key);
    if (kind!.expires) expect(await client.pttl(key), `${key} has no time to live`).not.toBe(-1);
  }
  // What this run is sure to have written: else it would prove little.
  for (const part of [
    'seen:*',
    'ended',
    'parked',
    '{stories}:v1:p:*',
    'by-time',
    'cause:*',
    'dead:*',
    'held:*',
    'log:*',
    'endpoint:*',
  ]) {
    expect(
      [...met].some((key) => key.endsWith(part)),
      `${part} was never written`,
    ).toBe(true);
  }
});
