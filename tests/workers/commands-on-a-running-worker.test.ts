import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FeedHost, startFeedHost } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { runAttache } from '../support/run-attache.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const TITLE = "China's defence minister lands in Minsk for three-day visit";
const LINK = 'https://outlet.example/visit';
let redis: TestRedis;
let host: FeedHost;
let receiver: WebhookReceiver;
let worker: TestWorker;
let config: { readonly dir: string; remove(): Promise<void> };
let status = 410;

beforeAll(async () => {
  redis = await startRedis();
  host = await startFeedHost();
  receiver = await startReceiver((response) => response.writeHead(status).end());
  host.show('outlet', [{ guid: 'visit', title: TITLE, link: LINK }]);
  host.show('broken', (_, res) => void res.writeHead(500).end());
  config = await writeTestConfig({
    feeds: ['outlet', 'broken'].map((id) => ({ id, url: host.url(id) })),
    watches: [
      { id: 'visits', query: 'country:CN AND country:BY', notify: ['desk'] },
      { id: 'volleyball', query: 'volleyball AND country:BY' },
    ],
    subscribers: [{ id: 'desk', url: receiver.url }],
    ports: [host.port, Number(new URL(receiver.url).port)],
  });
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url });
  await until(
    'the endpoint has refused the alert',
    async () => (await worker.stores.deliveries.counts('desk')).dead === 1,
  );
});
afterAll(async () => {
  await worker.stop();
  await config.remove();
  await receiver.stop();
  await host.close();
  await redis.stop();
});

/** Runs a command on the worker's Redis; answers what it printed. */
async function attache(...args: string[]): Promise<{ code: number | null; out: string }> {
  const { code, stdout, stderr } = await runAttache([...args, '--config', config.dir], '', { REDIS_URL: redis.url });
  return { code, out: stdout || stderr };
}

test('explain tells of an archived article by its address: what became of it, and why each watch matched or did not', async () => {
  const { code, out } = await attache('explain', `${LINK}?utm_source=x`, '--json');
  const explained = JSON.parse(out);
  expect(code).toBe(0);
  expect(explained).toMatchObject({ article: { title: TITLE }, way: { verdict: 'new', watches: ['visits'] } });
  const defense = explained.topics.find((topic: { id: string }) => topic.id === 'defense');
  expect(defense.weights).toContainEqual({ term: 'defence minister', weight: expect.any(Number) });
  const holds = explained.watches.map((one: { id: string; verdict: { holds: boolean } }) => [
    one.id,
    one.verdict.holds,
  ]);
  expect(holds).toEqual([
    ['visits', true],
    ['volleyball', false],
  ]);
});

test('backtest counts what the archive holds for a watch', async () => {
  const { out } = await attache('backtest', '--watch', 'visits', '--since', '1d', '--json');
  expect(JSON.parse(out)).toMatchObject({ watch: 'visits', articles: 1, stories: 1 });
});

test('feeds list tells how each feed is doing', async () => {
  const { out } = await attache('feeds', 'list', '--json');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => [line.id, line.status])).toEqual([
    ['outlet', 'ok'],
    ['broken', 'new'],
  ]);
});

test('a delivery that was given up is listed with its reason, and sent again on request', async () => {
  const listed = await attache('deliveries', 'list', '--json');
  expect(JSON.parse(listed.out)).toMatchObject({
    subscriber: 'desk',
    status: 'dead',
    reason: expect.stringMatching(/410/),
  });
  status = 204;
  expect((await attache('deliveries', 'test', 'desk')).out).toMatch(/^desk: answered 204/);
  const before = receiver.received.length;
  expect((await attache('deliveries', 'retry')).out).toBe('desk: 1 queued again\n');
  await until('it was sent again', () => receiver.received.length > before);
  const [first, again] = [receiver.received[0]!, receiver.received.at(-1)!];
  expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(again.body).toBe(first.body);
});

test('a receiver catches up by itself over HTTP, with a token of its own', async () => {
  const token = (await attache('deliveries', 'token', 'desk')).out.trim();
  const url = `${worker.address}/api/subscribers/desk/alerts`;
  expect((await fetch(url)).status).toBe(401);
  const page = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
  expect(page).toMatchObject({ more: false, gap: false });
  expect((page as { alerts: { id: string }[] }).alerts.map((one) => one.id)).toEqual([
    receiver.received[0]!.headers['webhook-id'],
  ]);
});
