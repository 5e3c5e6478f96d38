import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RedisConnection } from '../../src/queues/redis-connection.ts';
import { followStoreClock } from '../../workers/store-clock.ts';

const HOUR_MS = 3_600_000;
const stopping = new AbortController();

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** A Redis whose clock is that of the bent time, and whose answers come when `deliver` says. */
function slowRedis() {
  const asked: (() => void)[] = [];
  const clock = () => Date.now() + 7_000;
  const redis = {
    eval: () => {
      const ms = clock();
      const answer = [String(Math.floor(ms / 1000)), String((ms % 1000) * 1000)];
      return new Promise((resolve) => asked.push(() => resolve(answer)));
    },
  };
  const deliver = async () => {
    asked.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  const log = pino({ level: 'silent' });
  const deps = { redis: redis as unknown as RedisConnection, key: 'a:{feeds}:v1', log, signal: stopping.signal };
  return { deps, asked, clock, deliver };
}

test('an answer of Redis that came an hour late does not set the clock back, and nothing is asked twice meanwhile', async () => {
  const { deps, asked, clock, deliver } = slowRedis();
  const started = followStoreClock(deps);
  await deliver();
  const now = await started;
  expect(now()).toBe(clock());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(asked).toHaveLength(1);
  await deliver();
  expect(now()).toBe(clock());
});

test('a clock is not begun with an answer that came late: Redis is asked again', async () => {
  const { deps, asked, clock, deliver } = slowRedis();
  const started = followStoreClock(deps);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  await deliver();
  expect(asked).toHaveLength(1);
  await deliver();
  expect((await started)()).toBe(clock());
});
