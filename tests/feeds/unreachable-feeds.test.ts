import { expect, it } from 'vitest';
import { createUnreachableFeeds } from '../../src/feeds/unreachable-feeds.ts';

const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `feed-${from + i}`);

it('a feed that cannot be reached is named once, not at each poll, and again after it was reachable', () => {
  const feeds = createUnreachableFeeds();
  const tellings = [feeds.failed('a', 'dns'), feeds.failed('a', 'dns'), feeds.failed('a', 'connect')];
  expect(tellings.map(({ tell }) => tell)).toEqual(['feed', 'nothing', 'nothing']);
  expect(feeds.answered('a').tell).toBe('nothing');
  expect(feeds.failed('a', 'dns').tell).toBe('feed');
});

it('while the network is down thousands of feeds make a handful of lines, with their number and codes', () => {
  const feeds = createUnreachableFeeds();
  for (const id of range(0, 5)) feeds.failed(id, 'dns');
  const told = range(5, 3_000).flatMap((id, index) => {
    const telling = feeds.failed(id, index % 2 ? 'dns' : 'dns-timeout');
    return telling.tell === 'nothing' ? [] : [telling];
  });
  expect(told.length).toBeLessThan(12);
  expect(told[0]).toEqual({ tell: 'many', feeds: 6, codes: { dns: 5, 'dns-timeout': 1 } });
  expect(told.at(-1)).toMatchObject({ tell: 'many', feeds: 1_536 });
  // The next polls find the same: no news.
  expect(new Set(range(0, 3_000).map((id) => feeds.failed(id, 'dns').tell))).toEqual(new Set(['nothing']));
});

it('says once that they answer again, also where a few never do', () => {
  const feeds = createUnreachableFeeds();
  for (const id of range(0, 400)) feeds.failed(id, 'dns');
  const told = range(0, 398).flatMap((id) => (feeds.answered(id).tell === 'nothing' ? [] : [id]));
  expect(told).toEqual(['feed-394']);
  expect(feeds.failed('another', 'dns').tell).toBe('feed');
});

it('a server that answers badly is reachable', () => {
  const feeds = createUnreachableFeeds();
  for (const id of range(0, 6)) feeds.failed(id, 'connect-timeout');
  expect(feeds.failed('feed-0', 'server-error')).toEqual({ tell: 'again', feeds: 6 });
});
