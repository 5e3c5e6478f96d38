import { afterEach, expect, test } from 'vitest';
import { newsRound } from '../support/crash-news.ts';
import type { RoundReport } from '../support/crash-report.ts';
import { type Scene, type SceneOptions, startScene } from '../support/crash-scene.ts';
import { losses, undisturbed } from '../support/crash-sweep.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { type ProxyMode, startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function scene(redis: TestRedis, options: Partial<SceneOptions> = {}): Promise<Scene> {
  const made = await startScene({ redisUrl: redis.url, ...options });
  cleanups.push(() => made.stop());
  return made;
}

async function durableRedis(): Promise<TestRedis> {
  const redis = await startRedis({ appendonly: true, args: ['--appendfsync', 'everysec'] });
  cleanups.push(() => redis.stop());
  return redis;
}

test('a Redis killed with SIGKILL in the midst of work costs nothing, and work goes on within three seconds of its return', async () => {
  const redis = await durableRedis();
  const on = await scene(redis);
  const startedMs = performance.now();
  const expected = await undisturbed(on, 1);
  const calmMs = (performance.now() - startedMs) / 2; // what a round takes on a machine as busy as this one
  for (let round = 3; round < 6; round++) {
    const asked = on.host.asked('wire');
    const report = on.play(newsRound(round), [], { pushAgain: true });
    await until('work is under way', () => on.host.asked('wire') > asked);
    await redis.kill();
    await redis.restart();
    const backMs = performance.now();
    const polls = NEWS.map((feed) => on.host.asked(feed)).join();
    await until('work goes on', () => NEWS.map((feed) => on.host.asked(feed)).join() !== polls);
    expect(performance.now() - backMs).toBeLessThan(3000 + calmMs);
    expect(losses(expected, await report)).toEqual([]);
  }
}, 120_000);

const NEWS = ['wire', 'reprint', 'witness'];

/** 15 s are too long for each time the line goes silent here; `npm run chaos lines` waits for them. */
const SOONER = { file: 'src/queues/redis-connection.ts', find: 'SILENCE_MS = 15_000', replace: 'SILENCE_MS = 7_000' };

async function behindProxy(): Promise<{ readonly on: Scene; readonly proxy: TcpProxy }> {
  const redis = await durableRedis();
  const proxy = await startTcpProxy(redis.path);
  cleanups.push(() => proxy.close());
  const on = await scene(redis, {
    redisUrl: `redis://127.0.0.1:${proxy.port}`,
    watchUrl: redis.url,
    faults: [SOONER],
  });
  return { on, proxy };
}

/** Plays a round, during which the line to Redis turns bad at the first request and good again when `enough` says so. */
async function playWhile(
  { on, proxy }: { readonly on: Scene; readonly proxy: TcpProxy },
  round: number,
  bad: { readonly mode: ProxyMode; readonly delayMs?: number; readonly enough: () => Promise<unknown> },
): Promise<{ readonly report: RoundReport; readonly recoveryMs: number }> {
  const asked = on.host.asked('wire');
  const playing = on.play(newsRound(round));
  await until('work is under way', () => on.host.asked('wire') > asked);
  proxy.become(bad.mode, bad.delayMs);
  await bad.enough();
  proxy.become('pass');
  const goodMs = performance.now();
  const told = on.receiver.received.length;
  await until('the subscriber hears of it', () => on.receiver.received.length > told, 30_000);
  return { recoveryMs: performance.now() - goodMs, report: await playing };
}

test('a line to Redis that is cut, goes silent or drops replies heals by itself within 30 seconds, and costs nothing', async () => {
  const behind = await behindProxy();
  const expected = await undisturbed(behind.on, 1);
  const logged = (pattern: RegExp) => () => {
    const before = behind.on.logged().filter((line) => pattern.test(line)).length;
    return until(
      `the log has ${pattern}`,
      () => behind.on.logged().filter((line) => pattern.test(line)).length > before,
      30_000,
    );
  };
  const cut = await playWhile(behind, 3, { mode: 'cut', enough: logged(/ECONNRE|closed/i) });
  expect(losses(expected, cut.report)).toEqual([]);
  const slow = await playWhile(behind, 4, {
    mode: 'slow',
    delayMs: 50,
    enough: () => until('a step is done', () => behind.on.host.asked('reprint') > 0),
  });
  expect(losses(expected, slow.report)).toEqual([]);
  const deaf = await playWhile(behind, 5, { mode: 'deaf', enough: async () => {} });
  expect(losses(expected, deaf.report)).toEqual([]);
  const hang = await playWhile(behind, 6, { mode: 'hang', enough: async () => {} });
  expect(losses(expected, hang.report)).toEqual([]);
}, 120_000);

test('a Redis that is full evicts nothing: work stops, and goes on by itself when there is room', async () => {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const on = await scene(redis);
  const expected = await undisturbed(on, 1);
  const client = redis.client();
  await client.config('SET', 'maxmemory', '1mb');
  const news = newsRound(3);
  on.host.show('wire', news.steps[0]!.items);
  await until('the worker says so', () => on.logged().some((line) => /OOM/.test(line)), 30_000);
  const asked = on.host.asked('wire');
  await client.config('SET', 'maxmemory', '0');
  const report = await on.play(news);
  expect(losses(expected, report)).toEqual([]);
  expect(on.host.asked('wire')).toBeGreaterThan(asked);
  expect(await client.info('stats')).toMatch(/evicted_keys:0\r/);
}, 120_000);

test('SIGTERM in a burst ends the worker within 25 seconds, and leaves no job that somebody would have to take up', async () => {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const on = await scene(redis);
  const expected = await undisturbed(on, 1);
  const asked = on.host.asked('wire');
  const playing = on.play(newsRound(3));
  await until('work is under way', () => on.host.asked('wire') > asked);
  const { code, tookMs, active } = await on.terminate();
  expect({ code, active }).toEqual({ code: 0, active: 0 });
  expect(tookMs).toBeLessThan(25_000);
  const report = await playing;
  expect(losses(expected, report)).toEqual([]);
  expect(report.repeats).toBe(0);
}, 120_000);
