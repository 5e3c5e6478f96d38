import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AlertStore, alertIdOf, createAlertStore } from '../../src/alerts/alert-store.ts';
import { type AnnounceInput, announce } from '../../src/alerts/announce.ts';
import { aStory } from '../support/alerts.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

let redis: TestRedis;
let alerts: AlertStore;
const PREFIX = 'attache:{alerts}:v1';
const AT_MS = Date.parse('2023-08-16T08:00:00Z');

beforeAll(async () => {
  redis = await startRedis();
  alerts = createAlertStore({ redis: redis.client(), prefix: PREFIX });
});
beforeEach(() => redis.flush());
afterAll(() => redis.stop());

function input(article: string, changes: Partial<AnnounceInput> = {}): AnnounceInput {
  return {
    cause: { articleId: article, revision: 'r1' },
    story: { before: null, after: aStory() },
    verdict: 'same-story',
    merged: [],
    matched: new Set(['w1']),
    watches: new Set(['w1', 'w2']),
    atMs: AT_MS,
    ...changes,
  };
}

describe('announcing', () => {
  it('gives a step that is run again the same alerts with the same ids and sequences', async () => {
    const both = input('a', { matched: new Set(['w1', 'w2']) });
    const first = await announce({ alerts }, both);
    const again = await announce({ alerts }, { ...both, atMs: AT_MS + 60_000 });
    expect(first.map(({ fresh }) => fresh)).toEqual([true, true]);
    expect(again.map(({ fresh }) => fresh)).toEqual([false, false]);
    expect(again.map(({ claim }) => claim)).toEqual(first.map(({ claim }) => claim));
  });

  it('answers a claim that is repeated as it was answered, also by two processes at once', async () => {
    const cause = { articleId: 'a', revision: 'r1' };
    const told = { v: 1, sources: 1, origins: 1, languages: [], countries: [], topics: [] } as const;
    const request = {
      storyId: 's',
      watchId: 'w1',
      cause,
      event: 'story.matched',
      changes: [],
      announced: told,
    } as const;
    const ask = () => alerts.claimAlert({ ...request, expectedSequence: 0, atMs: AT_MS });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map((answer) => 'fresh' in answer && answer.fresh)).toEqual([true, false, false]);
    expect(new Set(answers.map((answer) => JSON.stringify('claim' in answer && answer.claim))).size).toBe(1);
  });

  it('finds a claim again even after the story has grown, so that a crash before the hand-over loses nothing', async () => {
    const [claimed] = await announce({ alerts }, input('a'));
    await announce({ alerts }, input('b', { story: { before: aStory(), after: aStory({ origins: 2 }) } }));
    const [found] = await announce(
      { alerts },
      input('a', { story: { before: aStory(), after: aStory({ origins: 2 }) } }),
    );
    expect(found?.claim).toEqual(claimed?.claim);
  });

  it('tells a story once, whichever of many articles handled at the same moment comes first', async () => {
    const others = Array.from({ length: 8 }, () => createAlertStore({ redis: redis.client(), prefix: PREFIX }));
    const told = await Promise.all(
      Array.from({ length: 40 }, (_, n) => announce({ alerts: others[n % 8]! }, input(`article-${n}`))),
    );
    expect(told.flat().map(({ claim }) => claim.event)).toEqual(['story.matched']);
  });

  it('counts without a gap when many updates come at the same moment', async () => {
    await announce({ alerts }, input('first'));
    const told = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        announce({ alerts }, input(`n${n}`, { story: { before: aStory(), after: aStory({ languages: [`l${n}`] }) } })),
      ),
    );
    const sequences = told.flat().map(({ claim }) => claim.sequence);
    expect(sequences.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
  });

  it('tells a watch of growth through articles that do not match it', async () => {
    await announce({ alerts }, input('a'));
    const [update] = await announce(
      { alerts },
      input('b', { matched: new Set(), story: { before: aStory(), after: aStory({ languages: ['en', 'ru'] }) } }),
    );
    expect(update).toMatchObject({
      articleMatchedItself: false,
      claim: { watchId: 'w1', event: 'story.updated', changes: ['language:ru'], sequence: 2 },
    });
  });

  it('does not speak for a watch that is no longer configured', async () => {
    await announce({ alerts }, input('a'));
    const grown = { before: aStory(), after: aStory({ origins: 2 }) };
    expect(
      await announce({ alerts }, input('b', { watches: new Set(['w2']), matched: new Set(), story: grown })),
    ).toEqual([]);
  });

  it('moves what a watch was told of a story to the one it lives on in', async () => {
    const loser = aStory({ id: 'loser' });
    await announce({ alerts }, input('a', { story: { before: null, after: loser } }));
    const merged = input('b', { story: { before: aStory(), after: aStory({ articles: 3 }) }, merged: ['loser'] });
    const [told] = await announce({ alerts }, merged);
    expect(told?.claim).toMatchObject({
      event: 'story.updated',
      changes: ['merge'],
      sequence: 2,
      storyId: 'story-minsk',
    });
    const [again] = await announce({ alerts }, merged);
    expect(again?.claim).toEqual(told?.claim);
  });

  it('does not match a story anew for an article that was joined just before its story merged', async () => {
    const loser = { before: null, after: aStory({ id: 'loser' }) };
    await announce({ alerts }, input('a', { story: loser }));
    await announce({ alerts }, input('b', { merged: ['loser'] }));
    expect(await announce({ alerts }, input('late', { story: loser }))).toEqual([]);
  });

  it('follows a merge that a new feed’s backlog makes, but announces nothing', async () => {
    const loser = { before: null, after: aStory({ id: 'loser' }) };
    await announce({ alerts }, input('a', { story: loser }));
    expect(await announce({ alerts }, input('old', { merged: ['loser'], quiet: true }))).toEqual([]);
    expect(await announce({ alerts }, input('b'))).toEqual([]);
  });

  it('unites two stories that were both told, and survives chains of merges', async () => {
    for (const id of ['one', 'two', 'three']) {
      await announce({ alerts }, input(id, { story: { before: null, after: aStory({ id, languages: [id] }) } }));
    }
    await alerts.mergeStories('one', 'two');
    await alerts.mergeStories('two', 'three');
    const open = await alerts.openStory('one', { articleId: 'x', revision: 'r' });
    expect(open.storyId).toBe('three');
    expect(open.states.get('w1')?.announced.languages).toEqual(['one', 'three', 'two']);
    expect((await alerts.openStory('two', { articleId: 'x', revision: 'r' })).storyId).toBe('three');
  });

  it('numbers a watch’s alerts of a day, so that its budget is known the same way at each run', async () => {
    const claims = [];
    for (const id of ['one', 'two', 'three']) {
      claims.push(...(await announce({ alerts }, input(id, { story: { before: null, after: aStory({ id }) } }))));
    }
    expect(claims.map(({ claim }) => claim.ordinalOfDay)).toEqual([1, 2, 3]);
  });

  it('keeps nothing for ever', async () => {
    await announce({ alerts }, input('a', { story: { before: null, after: aStory({ id: 'loser' }) } }));
    await announce({ alerts }, input('b', { merged: ['loser'] }));
    const client = redis.client();
    const keys = await client.keys('*');
    const ttls = await Promise.all(keys.map((key) => client.ttl(key)));
    expect(keys.length).toBeGreaterThanOrEqual(4);
    expect(ttls.every((ttl) => ttl > 0)).toBe(true);
    expect(keys.every((key) => key.startsWith(`${PREFIX}:`))).toBe(true);
  });

  it('derives an alert’s id from the watch and the article’s revision alone', () => {
    const cause = { articleId: 'a', revision: 'r' };
    expect(alertIdOf('w', cause)).toBe(alertIdOf('w', { ...cause }));
    expect(alertIdOf('w', cause)).toMatch(/^alert_[0-9a-f]{32}$/);
    expect(alertIdOf('w', { ...cause, revision: 's' })).not.toBe(alertIdOf('w', cause));
  });
});
