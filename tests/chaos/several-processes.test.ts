import { afterEach, expect, test } from 'vitest';
import { newsRound } from '../support/crash-news.ts';
import { startScene } from '../support/crash-scene.ts';
import { disturbed, losses, undisturbed } from '../support/crash-sweep.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The lock of a process under test: see SHORT_WAITS. */
const LOCK_MS = 1500;

test('three processes by role on a Redis Cluster of six do the same as one process on one Redis', async () => {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const one = await startScene({ redisUrl: redis.url });
  cleanups.push(() => one.stop());
  const expected = await undisturbed(one, 1);
  const cluster = await startCluster();
  cleanups.push(() => cluster.stop());
  const three = await startScene({ redisUrl: cluster.url, processes: ['schedule,poll', 'triage', 'deliver,http'] });
  cleanups.push(() => three.stop());
  expect(await undisturbed(three, 1)).toEqual(expected);
  const kill = { what: 'redis', name: 'attacheclaimalert', when: 'after', nth: 1 } as const;
  expect((await disturbed(three, expected, 3, [kill])).problems).toEqual([]);
  expect(three.logged().filter((line) => /CROSSSLOT|MOVED|NOSCRIPT/.test(line))).toEqual([]);
}, 120_000);

test('a process that is paused for three times its lock, and wakes when another has done its work, does no harm', async () => {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const on = await startScene({ redisUrl: redis.url, processes: ['schedule,poll,triage,deliver', 'triage,deliver'] });
  cleanups.push(() => on.stop());
  const expected = await undisturbed(on, 1);
  const pause = { what: 'redis', name: 'attachecommitstory', when: 'after', nth: 1, signal: 'SIGSTOP' } as const;
  const [one] = on.workers;
  // Whoever is free takes a job: it may take some rounds until this one gets its turn.
  for (let round = 3; one!.lastWords() === null; round++) {
    one!.aim(pause);
    let isOver = false;
    const playing = on.play(newsRound(round)).finally(() => {
      isOver = true;
    });
    let pausedMs = 0;
    await until('three locks have run out, or nobody was paused', () => {
      if (one!.lastWords() === null) return isOver;
      pausedMs ||= performance.now();
      return performance.now() - pausedMs > 3 * LOCK_MS;
    });
    one!.signal('SIGCONT');
    expect(losses(expected, await playing)).toEqual([]);
  }
  expect(losses(expected, await on.play(newsRound(100)))).toEqual([]);
  expect(on.logged().filter((line) => line.includes('dead letter'))).toEqual([]);
}, 120_000);
