import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecentStore, type RecentEntry, type RecentStore } from '../../src/articles/recent-store.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let stores = 0;
const open = (): RecentStore =>
  createRecentStore({ redis: redis.client(), keyPrefix: `recent:{${stores++}}:v1`, retentionSec: 100 });

const entry = (articleId: string, storyId: string, articles: number, more: Partial<RecentEntry> = {}): RecentEntry => ({
  articleId,
  seenMs: articles * 1000,
  merged: [],
  watches: [],
  story: {
    id: storyId,
    headline: `${storyId} ${articles}`,
    firstSeenAt: '2023-08-16T00:00:00.000Z',
    lastArticleAt: '2023-08-16T00:00:00.000Z',
    articles,
    sources: 1,
    origins: 1,
    languages: [],
    entities: [],
    topics: [],
  },
  ...more,
});

test('a story lists its articles once each, and of two noted at once the fuller summary stays', async () => {
  const store = open();
  for (const one of [entry('a', 's', 1), entry('c', 's', 3), entry('b', 's', 2), entry('b', 's', 2)])
    await store.note(one);
  expect(await store.story('s')).toMatchObject({ story: { headline: 's 3' }, articleIds: ['a', 'b', 'c'] });
  expect(await store.story('other')).toBeNull();
});

test('a story that was merged into another is found there, with all articles, also when it is noted again', async () => {
  const store = open();
  await store.note(entry('a', 'old', 1));
  await store.note(entry('b', 'new', 2));
  const merge = entry('c', 'new', 4, { merged: ['old'] });
  await store.note(merge);
  await store.note(merge);
  const found = await store.story('old');
  expect(found).toEqual(await store.story('new'));
  expect(found).toMatchObject({ story: { id: 'new' }, articleIds: ['a', 'b', 'c'] });
  expect((await store.stories({ onSubject: false, limit: 10 })).map(({ id }) => id)).toEqual(['new']);
});

test('an article that is noted again after its story was merged into another, and that into a third, counts there and brings nothing back', async () => {
  const store = open();
  const about = (one: RecentEntry): RecentEntry => ({ ...one, story: { ...one.story, topics: ['defense'] } });
  const [first, second] = [
    about(entry('a', 'first', 1, { watches: ['w'] })),
    about(entry('b', 'second', 4, { merged: ['first'] })),
  ];
  for (const one of [first, second, about(entry('c', 'third', 6, { merged: ['second'] }))]) await store.note(one);
  const before = await store.story('third');
  for (const one of [second, first, about(entry('late', 'first', 9, { watches: ['w'] }))]) await store.note(one);
  for (const onSubject of [true, false])
    expect((await store.stories({ onSubject, limit: 9 })).map(({ id }) => id)).toEqual(['third']);
  expect(await store.story('first')).toEqual({ ...before, articleIds: ['a', 'b', 'c', 'late'] });
  expect(await store.story('second')).toEqual(await store.story('first'));
  expect(await store.matchesOf('w')).toEqual(['late', 'a']);
});

test('the stories with the latest news come first, page by page', async () => {
  const store = open();
  for (const [i, id] of ['x', 'y', 'z'].entries()) await store.note(entry(`a${id}`, id, i + 1));
  await store.note(entry('again', 'x', 9));
  expect((await store.stories({ onSubject: false, limit: 2 })).map(({ id }) => id)).toEqual(['x', 'z']);
  expect((await store.stories({ onSubject: false, limit: 2, offset: 2 })).map(({ id }) => id)).toEqual(['y']);
});

test('stories without a topic are left out where the subject alone is asked for, merged ones too', async () => {
  const store = open();
  const about = (id: string, n: number, merged: string[] = []): RecentEntry => {
    const one = entry(`a${n}`, id, n, { merged });
    return { ...one, story: { ...one.story, topics: ['defense'] } };
  };
  await store.note(entry('a1', 'sport', 1));
  await store.note(about('visit', 2));
  await store.note(about('talks', 3, ['visit']));
  expect((await store.stories({ onSubject: true, limit: 9 })).map(({ id }) => id)).toEqual(['talks']);
  expect((await store.stories({ onSubject: false, limit: 9 })).map(({ id }) => id)).toEqual(['talks', 'sport']);
});

test('a watch keeps its last matches, bounded', async () => {
  const store = open();
  for (let n = 1; n <= 25; n++) await store.note(entry(`a${n}`, 's', n, { watches: ['w'] }));
  const matches = await store.matchesOf('w');
  expect([matches.length, matches[0]]).toEqual([20, 'a25']);
  expect(await store.lastMatches(['w', 'none'])).toEqual([25_000, null]);
});
