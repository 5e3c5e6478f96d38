import { describe, expect, it } from 'vitest';
import { freshForSec } from '../../src/feeds/freshness.ts';
import { permanentTarget, rememberMove } from '../../src/feeds/permanent-move.ts';
import { backoffSec } from '../../src/feeds/poll-policy.ts';
import { retryAfterSec } from '../../src/feeds/retry-after.ts';
import { afterSkippedTimes } from '../../src/feeds/skip-times.ts';

const NOW = Date.parse('2023-08-16T10:30:00Z'); // a Wednesday
const http = (ms: number) => new Date(ms).toUTCString();

describe('Retry-After', () => {
  it('is read as seconds or as a date, and what cannot be read is nothing', () => {
    expect(retryAfterSec('120', undefined, NOW)).toBe(120);
    expect(retryAfterSec(' 0 ', undefined, NOW)).toBe(0);
    expect(retryAfterSec(http(NOW + 90_000), undefined, NOW)).toBe(90);
    expect(retryAfterSec(http(NOW - 90_000), undefined, NOW)).toBe(0);
    for (const text of [undefined, '', 'soon', '-5']) expect(retryAfterSec(text, undefined, NOW)).toBeNull();
  });

  it('waits the longer of the two readings when the clocks differ', () => {
    const until = http(NOW + 600_000);
    expect(retryAfterSec(until, http(NOW - 300_000), NOW)).toBe(900);
    expect(retryAfterSec(until, http(NOW + 300_000), NOW)).toBe(600);
    expect(retryAfterSec(until, http(0), NOW)).toBe(600);
  });

  it('cannot silence a feed for more than a month', () => {
    expect(retryAfterSec('999999999999', undefined, NOW)).toBe(31 * 86_400);
    expect(retryAfterSec(http(NOW + 1e12), undefined, NOW)).toBe(31 * 86_400);
  });
});

describe('freshness', () => {
  it('is max-age less Age, else Expires less Date, else unknown', () => {
    expect(freshForSec({ 'cache-control': 'public, max-age=600' }, NOW)).toBe(600);
    expect(freshForSec({ 'cache-control': 'Max-Age="600"', age: '200' }, NOW)).toBe(400);
    expect(freshForSec({ 'cache-control': 'max-age=60', age: '200' }, NOW)).toBe(0);
    expect(freshForSec({ 'cache-control': 's-maxage=600' }, NOW)).toBeNull();
    expect(freshForSec({ expires: http(NOW + 900_000), date: http(NOW) }, NOW)).toBe(900);
    expect(freshForSec({ expires: http(NOW + 900_000), date: http(NOW + 300_000) }, NOW)).toBe(600);
    expect(freshForSec({ expires: '0' }, NOW)).toBe(0);
    expect(freshForSec({}, NOW)).toBeNull();
  });

  it('is none where caching is forbidden, and max-age overrides Expires', () => {
    expect(freshForSec({ 'cache-control': 'no-cache, max-age=600' }, NOW)).toBe(0);
    expect(freshForSec({ 'cache-control': 'no-store' }, NOW)).toBe(0);
    expect(freshForSec({ 'cache-control': 'max-age=60', expires: http(NOW + 900_000) }, NOW)).toBe(60);
  });
});

describe('skipHours and skipDays', () => {
  const iso = (at: number) => new Date(at).toISOString();

  it('push to the next open hour, in GMT', () => {
    expect(afterSkippedTimes(NOW, null)).toBe(NOW);
    expect(afterSkippedTimes(NOW, { skipHours: [9, 11] })).toBe(NOW);
    expect(iso(afterSkippedTimes(NOW, { skipHours: [10, 11] }))).toBe('2023-08-16T12:00:00.000Z');
    expect(iso(afterSkippedTimes(NOW + 13 * 3_600_000, { skipHours: [23, 24] }))).toBe('2023-08-17T01:00:00.000Z');
    expect(iso(afterSkippedTimes(NOW, { skipDays: ['Wednesday', 'thursday'] }))).toBe('2023-08-18T00:00:00.000Z');
    expect(iso(afterSkippedTimes(NOW, { skipDays: ['Wed'], skipHours: [0, 1] }))).toBe('2023-08-17T02:00:00.000Z');
  });

  it('close nothing when they close everything, and ignore nonsense', () => {
    expect(afterSkippedTimes(NOW, { skipHours: Array.from({ length: 24 }, (_, hour) => hour) })).toBe(NOW);
    expect(afterSkippedTimes(NOW, { skipDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] })).toBe(NOW);
    expect(afterSkippedTimes(NOW, { skipDays: ['', 'Mittwoch'], skipHours: [-1, 99] })).toBe(NOW);
  });
});

describe('a permanent move', () => {
  const hop = (status: number, location: string) => ({ status, location });

  it('is the end of an unbroken chain of 301 and 308 that does not leave TLS', () => {
    const from = 'https://a.test/feed';
    expect(permanentTarget(from, [hop(301, 'https://b.test/'), hop(308, 'https://c.test/')])).toBe('https://c.test/');
    expect(permanentTarget(from, [hop(301, 'https://b.test/'), hop(302, 'https://c.test/')])).toBeNull();
    expect(permanentTarget(from, [hop(307, 'https://b.test/')])).toBeNull();
    expect(permanentTarget(from, [hop(301, 'http://a.test/feed')])).toBeNull();
    expect(permanentTarget('http://a.test/feed', [hop(301, from)])).toBe(from);
    expect(permanentTarget(from, [])).toBeNull();
  });

  it('is remembered after several polls in a row, and a single other answer starts the count again', () => {
    let state: Parameters<typeof rememberMove>[0] = { url: 'https://a.test/', move: null };
    state = rememberMove(state, 'https://b.test/', 3);
    state = rememberMove(state, 'https://b.test/', 3);
    expect(state).toEqual({ url: 'https://a.test/', move: { to: 'https://b.test/', polls: 2 } });
    expect(rememberMove(state, null, 3)).toEqual({ url: 'https://a.test/', move: null });
    expect(rememberMove(state, 'https://c.test/', 3).move).toEqual({ to: 'https://c.test/', polls: 1 });
    expect(rememberMove(state, 'https://b.test/', 3)).toEqual({ url: 'https://b.test/', move: null });
  });
});

describe('backing off', () => {
  it('doubles up to a day and is never shorter than the usual interval', () => {
    expect([1, 2, 3, 4].map((streak) => backoffSec('reset', streak, 300))).toEqual([300, 600, 1_200, 2_400]);
    expect(backoffSec('reset', 40, 300)).toBe(86_400);
    expect(backoffSec('not-found', 1, 300)).toBe(3_600);
    expect(backoffSec('denied-scheme', 1, 300)).toBe(86_400);
    expect(backoffSec('reset', 3, 200_000)).toBe(200_000);
  });

  it('comes back within a minute where no host was asked, since mostly our own network is down', () => {
    expect([1, 2, 3, 40].map((streak) => backoffSec('dns', streak, 1_800))).toEqual([60, 120, 240, 86_400]);
  });
});
