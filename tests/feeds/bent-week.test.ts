import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { liveThroughWeek } from './bent-week.ts';
import { MOOD_NAMES } from './moody-hosts.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

it('never asks a moody host early, against its Retry-After, unconditionally twice a day or twice at once, over two days and 20 restarts', async () => {
  const week = await liveThroughWeek({
    hosts: MOOD_NAMES.length,
    hours: 48,
    restartEveryHours: 2.2,
    killsPerMille: 0,
    connect: () => server.client(),
    prefix: 'week:{feeds}',
  });
  const { offences, requests, feeds } = week.hosts;
  await week.hosts.close();
  expect(offences).toEqual({ early: [], retryAfter: [], closed: [], unconditional: [], crowded: [], gone: [] });
  expect(week.restarts).toBeGreaterThanOrEqual(20);
  expect(week.beforePlan).toBe(0);
  expect(week.repeatedItems).toBe(0);
  // It did poll: each mood was met, and news was found.
  expect(Object.keys(week.outcomes).toSorted()).toEqual(
    expect.arrayContaining([
      'body',
      'gone',
      'not-found',
      'not-modified',
      'reset',
      'server-error',
      'too-large',
      'too-many-redirects',
      'too-many-requests',
      'unchanged-body',
    ]),
  );
  expect(week.newItems).toBeGreaterThan(1_000);
  const [moved] = feeds.filter(({ mood }) => mood === 'moved for good');
  expect(requests.get(`/feed/${moved!.id}`)).toBe(3);
  expect(requests.get(`/target/${moved!.id}`)).toBeGreaterThan(20);
}, 60_000);
