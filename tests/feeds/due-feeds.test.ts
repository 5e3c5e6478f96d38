import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diffItems } from '../../src/feeds/diff-items.ts';
import { createDueFeeds, type DueFeeds } from '../../src/feeds/due-feeds.ts';
import { type FeedSpec, type FeedState, newFeedState } from '../../src/feeds/feed-state.ts';
import { createFeedStore, type FeedStore } from '../../src/feeds/feed-store.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

const prefix = 'attache:{feeds}:v1';
const MIN = 60_000;
const DAY = 86_400_000;
const feed = (id: string, url = `https://${id}.test/rss`): FeedSpec => ({ id, url });

let server: TestRedis;
let now: number;
let due: DueFeeds;
let store: FeedStore;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.flush();
  now = Date.parse('2023-08-16T10:00:00Z');
  ({ due, store } = open());
});

function open(): { due: DueFeeds; store: FeedStore } {
  const options = { redis: server.client(), prefix, hostGapMs: 1_000, clock: () => now };
  return { due: createDueFeeds(options), store: createFeedStore(options) };
}
const ids = async (limit = 100) => (await due.claim(limit, MIN)).map(({ feedId }) => feedId).toSorted();
const commit = (claim: { feedId: string; owner: string }, nextAt: number | null, state: Partial<FeedState> = {}) =>
  store.commitPoll(claim.feedId, claim.owner, {
    state: { ...newFeedState(feed(claim.feedId)), ...state },
    seen: new Map(),
    nextAt,
  });
async function pollOnce(feedId: string, nextAt: number | null, state: Partial<FeedState> = {}): Promise<void> {
  const claim = (await due.claim(100, MIN)).find((one) => one.feedId === feedId);
  if (!claim) throw new Error(`${feedId} is not due`);
  expect(await commit(claim, nextAt, state)).toBe('committed');
}

describe('the queue of due feeds', () => {
  it('gives a new feed at once, then when it was planned, and not before', async () => {
    await due.sync([feed('a'), feed('b')]);
    const claims = await due.claim(100, MIN);
    expect(claims.map(({ feedId, cause }) => [feedId, cause]).toSorted()).toEqual([
      ['a', 'due'],
      ['b', 'due'],
    ]);
    for (const claim of claims) await commit(claim, now + 30 * MIN);
    expect(await due.nextDueAt()).toBe(now + 30 * MIN);
    now += 30 * MIN - 1;
    expect(await ids()).toEqual([]);
    now += 1;
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('keeps every timer over restarts and changes of the configuration', async () => {
    await due.sync([feed('a'), feed('b')]);
    for (const claim of await due.claim(100, MIN)) await commit(claim, now + 30 * MIN);
    for (let restart = 0; restart < 20; restart += 1) {
      ({ due, store } = open());
      expect(await due.sync([feed('a'), feed('b'), feed('c')])).toBe(restart === 0 ? 1 : 0);
    }
    expect(await ids()).toEqual(['c']);
  });

  it('takes a feed that left and came back with its old time, and a changed address at once', async () => {
    await due.sync([feed('a'), feed('b')]);
    for (const claim of await due.claim(100, MIN)) await commit(claim, now + 30 * MIN);
    await due.sync([feed('b')]);
    await due.sync([feed('a'), feed('b')]);
    expect(await ids()).toEqual([]);
    await due.sync([feed('a'), feed('b', 'https://other.test/')]);
    expect(await ids()).toEqual(['b']);
    now += MIN - 1;
    expect(await ids()).toEqual([]);
    now += 29 * MIN + 1;
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('keeps the time of a feed whose new address is where it had moved by itself', async () => {
    await due.sync([feed('a')]);
    await pollOnce('a', now + 30 * MIN, { url: 'https://new.test/rss' });
    await due.sync([feed('a', 'https://new.test/rss')]);
    expect(await ids()).toEqual([]);
  });

  it('forgets a feed that left more than 30 days ago, memory and all', async () => {
    await due.sync([feed('a')]);
    const [claim] = await due.claim(1, MIN);
    const seen = new Map([['x', { revision: '1', day: 1 }]]);
    await store.commitPoll('a', claim!.owner, { state: newFeedState(feed('a')), seen, nextAt: now });
    await due.sync([]);
    now += 31 * DAY;
    await due.sync([]);
    expect(await ids()).toEqual([]);
    expect(await server.client().keys('*')).toEqual([]);
  });

  it('never hands a claimed feed out twice while the lease lasts, and takes it back after a crash', async () => {
    await due.sync([feed('a')]);
    const [crashed] = await due.claim(10, MIN);
    now += MIN - 1;
    expect(await ids()).toEqual([]);
    now += 1;
    const [second] = await due.claim(10, MIN);
    expect(second!.feedId).toBe('a');
    expect(await commit(crashed!, now + DAY)).toBe('lost');
    expect(await due.release('a', crashed!.owner, now)).toBe(false);
    expect(await commit(second!, now + 30 * MIN)).toBe('committed');
    expect(await commit(second!, now + DAY)).toBe('lost');
    expect(await due.nextDueAt()).toBe(now + 30 * MIN);
  });

  it('lets a long poll renew its claim, and gives an unpolled feed back with its time', async () => {
    await due.sync([feed('a')]);
    const [claim] = await due.claim(1, MIN);
    now += MIN - 1;
    expect(await due.renew('a', claim!.owner, MIN)).toBe(true);
    now += MIN - 1;
    expect(await ids()).toEqual([]);
    expect(await due.release('a', claim!.owner, now + 5 * MIN)).toBe(true);
    now += 5 * MIN;
    expect(await ids()).toEqual(['a']);
  });

  it('gives out one feed of a host at a time, with the gap between two, over all processes', async () => {
    const urls = ['/1', '/2', '/3'].map((path, index) => feed(`f${index}`, `https://shared.test${path}`));
    await due.sync([...urls, feed('other')]);
    const claims = await due.claim(100, MIN);
    expect(claims).toHaveLength(2);
    expect(await open().due.claim(100, MIN)).toEqual([]);
    const shared = claims.find(({ feedId }) => feedId.startsWith('f'))!;
    await commit(shared, now + DAY, { url: 'https://shared.test/1', configUrl: 'https://shared.test/1' });
    now += 999;
    expect(await ids()).toEqual([]);
    now += 1;
    expect(await ids()).toHaveLength(1);
  });

  it('keeps redirects out of a host where another poll is, until its lease ends', async () => {
    await due.sync([feed('a'), feed('b')]);
    const [first] = await due.claim(1, MIN);
    const other = first!.feedId === 'a' ? 'b.test' : 'a.test';
    const gate = due.gate(first!.owner, MIN);
    expect(await gate.enter(other)).toBe(true);
    expect(await due.gate('someone', MIN).enter(other)).toBe(false);
    expect(await ids()).toEqual([]);
    await due.gate('someone', MIN).leave(other);
    now += 1_000;
    expect(await ids()).toEqual([]);
    await gate.leave(other);
    now += 1_000;
    expect(await ids()).toHaveLength(1);
    expect(await gate.enter(other)).toBe(false);
  });

  it('moves a feed to the queue of the host it moved to', async () => {
    await due.sync([feed('a'), feed('b', 'https://new.test/b')]);
    for (const claim of await due.claim(100, MIN))
      await commit(claim, now + 30 * MIN, { url: `https://new.test/${claim.feedId}` });
    now += 30 * MIN;
    expect(await ids()).toHaveLength(1);
  });

  it('ends a feed for good, until its address changes', async () => {
    await due.sync([feed('a')]);
    await pollOnce('a', null);
    now += 365 * DAY;
    await due.sync([feed('a')]);
    expect(await ids()).toEqual([]);
    expect(await due.push('a')).toBe(false);
    await due.sync([feed('a', 'https://again.test/')]);
    expect(await ids()).toEqual(['a']);
  });

  it('asks at once when a hub pushes, after the poll in flight if there is one', async () => {
    await due.sync([feed('a')]);
    await pollOnce('a', now + DAY);
    now += 2_000;
    expect(await due.push('a')).toBe(true);
    const [claim] = await due.claim(1, MIN);
    expect(claim).toMatchObject({ feedId: 'a', cause: 'push' });
    expect(await due.push('a')).toBe(true);
    expect(await ids()).toEqual([]);
    await commit(claim!, now + DAY);
    now += 1_000;
    expect(await due.claim(1, MIN)).toMatchObject([{ feedId: 'a', cause: 'push' }]);
    expect(await due.push('unknown')).toBe(false);
  });

  it("uses Redis' own time when no clock is given", async () => {
    const real = createDueFeeds({ redis: server.client(), prefix: 'real:{feeds}', hostGapMs: 0 });
    await real.sync([feed('a')]);
    const [claim] = await real.claim(1, MIN);
    expect(Math.abs(claim!.dueAt - Date.now())).toBeLessThan(5_000);
    expect(await real.release('a', claim!.owner, Date.now() + DAY)).toBe(true);
    expect(await real.claim(1, MIN)).toEqual([]);
  });

  it('holds 3,000 feeds of one host and 3,000 of others without looking through them', async () => {
    const many = Array.from({ length: 6_000 }, (_, index) =>
      feed(`f${index}`, index % 2 ? `https://h${index}.test/` : `https://big.test/${index}`),
    );
    expect(await due.sync(many)).toBe(6_000);
    const claims = await due.claim(5_000, MIN);
    expect(claims).toHaveLength(3_001);
    expect(new Set(claims.map(({ owner }) => owner)).size).toBe(3_001);
  });
});

describe('seen items', () => {
  const items = (keys: string[], revision = 'r') => keys.map((key) => ({ key, revision }));
  async function poll(list: { key: string; revision: string }[]) {
    const [claim] = await due.claim(1, MIN);
    const seen = await store.readSeen(
      'a',
      list.map(({ key }) => key),
    );
    const diff = diffItems(list, seen, { keyOf: (item) => item.key, revisionOf: (item) => item.revision, now });
    await store.commitPoll('a', claim!.owner, { state: newFeedState(feed('a')), seen: diff.marks, nextAt: now + MIN });
    now += MIN;
    return {
      fresh: diff.fresh.map(({ key }) => key),
      revised: diff.revised.map(({ key }) => key),
      marks: diff.marks.size,
    };
  }

  it('tell new from revised from known, and nothing is written for what is known', async () => {
    await due.sync([feed('a')]);
    expect(await poll(items(['x', 'y']))).toEqual({ fresh: ['x', 'y'], revised: [], marks: 2 });
    expect(await poll(items(['x', 'y']))).toEqual({ fresh: [], revised: [], marks: 0 });
    expect(await poll([...items(['z']), ...items(['x'], 's'), ...items(['y'])])).toMatchObject({
      fresh: ['z'],
      revised: ['x'],
      marks: 2,
    });
    expect(await poll([...items(['x'], 's'), ...items(['x'], 'older')])).toMatchObject({ fresh: [], revised: [] });
  });

  it('are not new again when a poll was lost between queueing and storing, only repeated', async () => {
    await due.sync([feed('a')]);
    await due.claim(1, MIN);
    now += MIN;
    expect(await poll(items(['x']))).toMatchObject({ fresh: ['x'] });
  });

  it('come back within two weeks without being new, and are forgotten later: memory stays flat', async () => {
    await due.sync([feed('a')]);
    const redis = server.client();
    const sizes: number[] = [];
    for (let day = 0; day < 40; day += 1) {
      const today = Array.from({ length: 10 }, (_, index) => `d${day}-${index}`);
      const result = await poll([...items(today), ...items(['evergreen'])]);
      expect(result.fresh).toHaveLength(day === 0 ? 11 : 10);
      sizes.push(await redis.hlen(`${prefix}:seen:a`));
      now += DAY - MIN;
    }
    expect(Math.max(...sizes.slice(20))).toBe(Math.min(...sizes.slice(20)));
    expect(sizes.at(-1)).toBeLessThan(170);
    expect((await poll(items(['d30-1', 'd1-1']))).fresh).toEqual(['d1-1']);
  });
});

describe('states', () => {
  it('are read for many feeds at once, new ones where nothing is stored', async () => {
    await due.sync([feed('a')]);
    await pollOnce('a', now + MIN, { polls: 7 });
    const states = await store.readStates([feed('a'), feed('b')]);
    expect([states.get('a')!.polls, states.get('b')!.polls]).toEqual([7, 0]);
  });
});
