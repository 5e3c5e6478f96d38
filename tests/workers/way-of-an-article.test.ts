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
    const counts = await Promise.all([triage, deliver].map((queue) => queue.getJobCounts('waiting', 'active')));
    return counts.every((count) => Object.values(count).every((jobs) => jobs === 0));
  });
}

const alerts = (): StoryAlert[] => receiver.received.map(({ body }) => JSON.parse(body) as StoryAlert);

test('an article that matches a watch reaches its subscriber once, signed and with its evidence; others do not', async () => {
  host.show('outlet', [VISIT, VOLLEYBALL]);
  const { worker } = await start(config());
  await until('the alert came', () => receiver.received.length > 0);
  await settled(worker);
  expect(receiver.received).toHaveLength(1);
  const [webhook] = receiver.received;
  const alert = new Webhook(TEST_SECRET).verify(
    webhook!.body,
    webhook!.headers as Record<string, string>,
  ) as StoryAlert;
  expect(alert).toMatchObject({ type: 'story.matched', schemaVersion: 1 });
  expect(alert.data).toMatchObject({ sequence: 1, watch: { id: 'visits' }, article: { title: VISIT.title } });
  expect(webhook!.headers['webhook-id']).toBe(alert.data.alertId);
  const marked = alert.data.evidence.filter((one) => one.field === 'title');
  for (const span of marked) expect(VISIT.title.slice(span.start, span.end)).toBe(span.text);
  expect(marked.map((span) => span.text)).toContain('Minsk');
});

test('each alert is also a job of its type on the queue "matches"', async () => {
  host.show('outlet', [VISIT]);
  const { worker } = await start(config({ watches: [{ id: 'visits', query: QUERY }] }));
  const [job] = await until('an alert was queued', async () => {
    const jobs = await worker.stores.queues.matches.getWaiting();
    return jobs.length > 0 && jobs;
  });
  const data = { type: 'story.matched', data: { watch: { id: 'visits' } } };
  expect(job).toMatchObject({ name: 'story.matched', data });
  expect(receiver.received).toEqual([]);
});

test('one article that matches several watches of a subscriber is one webhook that names them all', async () => {
  host.show('outlet', [VISIT]);
  const { worker } = await start(
    config({
      watches: [
        { id: 'visits', query: QUERY, notify: ['desk'] },
        { id: 'minsk', query: 'title:Minsk', notify: ['desk'] },
      ],
    }),
  );
  await until('the alert came', () => receiver.received.length > 0);
  await settled(worker);
  const heard = alerts().map(({ data }) => [data.watch.id, data.alsoMatched?.map((one) => one.id)]);
  expect(heard).toEqual([['minsk', ['visits']]]);
});

test('the backlog of a new feed is joined and archived, but what is older than a day does not alert', async () => {
  const old = new Date(Date.now() - 3 * 86_400_000).toISOString();
  host.show('outlet', [{ ...VISIT, publishedAt: old }]);
  const { worker } = await start(config());
  await settled(worker);
  expect(await worker.stores.archive.count()).toBe(1);
  expect(receiver.received).toEqual([]);
});

test('a webhook that answers 500 is tried again with the same id and the same bytes', async () => {
  status = 500;
  host.show('outlet', [VISIT]);
  await start(config());
  await until('the first attempt was made', () => receiver.received.length === 1);
  status = 204;
  await until('the second attempt was made', () => receiver.received.length === 2);
  const [first, second] = receiver.received;
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(second!.body).toBe(first!.body);
});

test('feeds that are HTML, nothing or an error leave the others alone, and are named in the log with the reason', async () => {
  const html = '<!doctype html><title>Sorry</title>';
  host.show('html', (_, res) => void res.writeHead(200, { 'content-type': 'text/html' }).end(html));
  host.show('empty', (_, res) => void res.writeHead(200).end());
  host.show('broken', (_, res) => void res.writeHead(500).end());
  host.show('outlet', [VISIT]);
  const bad = ['html', 'empty', 'broken'];
  const { worker } = await start(config({ feeds: [...bad, 'outlet'].map((id) => ({ id, url: host.url(id) })) }));
  await until('the good feed was read', () => receiver.received.length === 1);
  const told = (feed: string) => worker.lines.find((line) => line.level === 40 && line.feed === feed);
  for (const feed of bad) await until(`${feed} was told`, () => told(feed));
  expect(told('html')).toMatchObject({ code: 'html' });
  expect(told('empty')).toMatchObject({ code: 'empty' });
  expect(told('broken')).toMatchObject({ code: 'server-error', status: 500 });
});

test('a stopped worker leaves nothing half done: started again it goes on, and repeats no alert', async () => {
  host.show('outlet', [VISIT]);
  const first = await start(config());
  await until('the alert came', () => receiver.received.length > 0);
  await first.worker.stop();
  cleanups.pop();
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
    checks: { redis: 'ok', config: 'ok', tick: 'ok', queues: 'ok' },
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

test('an item that keeps its guid is a revision of its article, whatever its new headline and address', async () => {
  const other = { guid: 'other', title: 'Wheat prices ease' };
  host.show('outlet', [VISIT, other]);
  const { worker } = await start(config());
  await until('the alert came', () => receiver.received.length > 0);
  await settled(worker);
  host.show('outlet', [
    { ...VISIT, title: 'Beijing’s top soldier in Belarus', link: 'https://outlet.example/moved' },
    other,
  ]);
  await settled(worker);
  const { values } = await worker.metrics.articles.get();
  expect(Object.fromEntries(values.map(({ labels, value }) => [labels.verdict, value]))).toEqual({
    new: 2,
    revision: 1,
  });
  expect(alerts().filter(({ type }) => type === 'story.matched')).toHaveLength(1);
});

test('the queue "matches" keeps its newest alerts when nobody consumes them, and says how many were dropped', async () => {
  host.show('outlet', [VOLLEYBALL]);
  // One article that matches so many watches gives as many alerts.
  const watches = Array.from({ length: 103 }, (_, n) => ({ id: `watch-${n}`, query: 'volleyball' }));
  const { worker } = await start(config({ watches, queue: { maxBacklog: 100 } }));
  const dropped = await until('some were dropped', async () => {
    const { values } = await worker.metrics.backlogDropped.get();
    return values[0]?.value || null;
  });
  await settled(worker);
  expect(dropped).toBeGreaterThan(0);
  await until('the bound holds', async () => (await worker.stores.queues.matches.getWaitingCount()) === 100);
  expect(worker.lines.some((line) => String(line.msg).includes('queue.maxBacklog'))).toBe(true);
});

test('an alert that nobody took from the queue "matches" leaves it when it is older than retention.alerts', async () => {
  const { worker } = await start(config({ watches: [] }));
  const { matches } = worker.stores.queues;
  const dayMs = 86_400_000;
  await matches.add('old', {} as never, { timestamp: Date.now() - 11 * dayMs });
  await matches.add('young', {} as never, { timestamp: Date.now() - 9 * dayMs });
  await until('the old one is gone', async () => (await matches.getWaitingCount()) === 1);
  expect((await matches.getWaiting()).map(({ name }) => name)).toEqual(['young']);
});
