import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type FeedHost, startFeedHost } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';

let redis: TestRedis;
let host: FeedHost;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  redis = await startRedis();
  host = await startFeedHost();
  host.show('outlet', [{ guid: 'visit', title: 'A minister arrives in Minsk' }]);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await redis.flush();
});
afterAll(async () => {
  await host.close();
  await redis.stop();
});

const HOUR_MS = 3_600_000;
const LAST_TICK = 'attache:{schedule}:v1:last-tick';
const realNow = Date.now;

/** Sets this machine's clock off Redis'. */
function setClock(offMs: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + offMs);
}

async function start(): Promise<TestWorker> {
  const config = await writeTestConfig({
    feeds: [{ id: 'outlet', url: host.url('outlet'), every: '10m' }],
    watches: [],
    ports: [host.port],
    knowledge: false,
  });
  cleanups.push(config.remove);
  const worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url });
  cleanups.push(() => worker.stop());
  return worker;
}

/** When the next poll is due by Redis' clock, from now, ms. */
async function dueInMs({ stores }: TestWorker): Promise<number> {
  const [, score] = await stores.redis.zrange('attache:{feeds}:v1:due', '0', '0', 'WITHSCORES');
  return Number(score) - realNow();
}

test.each([
  ['slow', -HOUR_MS],
  ['fast', HOUR_MS],
])('a machine whose clock is an hour %s asks a feed as often as any other', async (_, offMs) => {
  setClock(offMs);
  const before = host.asked('outlet');
  const worker = await start();
  await until('the feed was read', async () => worker.lines.some((line) => line.msg === 'feed read'));
  const dueMs = await dueInMs(worker);
  expect(dueMs).toBeGreaterThan(9 * 60_000);
  expect(dueMs).toBeLessThan(15 * 60_000);
  expect(host.asked('outlet')).toBe(before + 1);
  expect(worker.lines).toContainEqual(expect.objectContaining({ msg: expect.stringMatching(/clock differs/) }));
});

test('a clock that is set back by an hour does not stop the search for due feeds for an hour', async () => {
  setClock(HOUR_MS);
  const worker = await start();
  const lastTick = async () => Number(await worker.stores.redis.get(LAST_TICK));
  await until('the tick runs', async () => (await lastTick()) > 0);
  setClock(0);
  const backAt = realNow();
  // The job that was planned by the fast clock is an hour away: only one that is planted anew can be meant.
  await until('the tick goes on', async () => (await lastTick()) > backAt + 3_000, 40_000);
  const once = await lastTick();
  await until('and on', async () => (await lastTick()) > once);
}, 60_000);
