import type { Redis } from 'ioredis';
import { diffItems } from '../../src/feeds/diff-items.ts';
import { type ClaimedFeed, createDueFeeds, type DueFeeds } from '../../src/feeds/due-feeds.ts';
import type { FeedSpec } from '../../src/feeds/feed-state.ts';
import { createFeedStore, type FeedStore } from '../../src/feeds/feed-store.ts';
import { type FetchOutcome, fetchFeed } from '../../src/feeds/fetch-feed.ts';
import { type PlanInput, planNextPoll } from '../../src/feeds/next-poll.ts';
import type { FeedHints } from '../../src/feeds/parsed-feed.ts';
import { DEFAULT_POLL_POLICY } from '../../src/feeds/poll-policy.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { type MoodyHosts, startMoodyHosts } from './moody-hosts.ts';

export interface WeekOptions {
  readonly hosts: number;
  readonly hours: number;
  /** A clean restart each so many hours of bent time. */
  readonly restartEveryHours: number;
  /** Of a thousand claims so many are dropped as by kill -9, after the request. */
  readonly killsPerMille: number;
  readonly connect: () => Redis;
  readonly prefix: string;
}

export interface WeekResult {
  readonly hosts: MoodyHosts;
  readonly polls: number;
  readonly restarts: number;
  readonly kills: number;
  /** Polls that began before the time their last plan had set. */
  readonly beforePlan: number;
  readonly newItems: number;
  readonly repeatedItems: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Document extends FeedHints {
  readonly items: readonly { readonly key: string; readonly at: number }[];
}

const LEASE_MS = 120_000;
const CONCURRENCY = 32;

/** Polls moody hosts through days of bent time, over real HTTP and a real Redis, as the worker does. */
export async function liveThroughWeek(options: WeekOptions): Promise<WeekResult> {
  // A Friday morning: two days of it hold a weekend.
  const start = Date.parse('2023-08-18T06:00:00Z');
  let now = start;
  let seed = 7;
  // A small generator (Lehmer, MINSTD), so that a run can be repeated.
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const clock = () => now;
  const hosts = await startMoodyHosts(options.hosts, clock);
  const feeds = new Map<string, FeedSpec>(hosts.feeds.map(({ id, url }) => [id, { id, url }]));
  const planned = new Map<string, number>();
  const queued = new Map<string, number>();
  const count = { polls: 0, restarts: 0, kills: 0, beforePlan: 0, newItems: 0, repeatedItems: 0 };
  const outcomes: Record<string, number> = {};

  interface Life {
    readonly due: DueFeeds;
    readonly store: FeedStore;
    readonly client: HttpClient;
    readonly redis: Redis;
  }
  const begin = async (): Promise<Life> => {
    const redis = options.connect();
    const shared = { redis, prefix: options.prefix, hostGapMs: 1_000, clock };
    const client = createHttpClient({ policy: { allow: ['127.20.0.0/16'], ports: [hosts.port] }, userAgent: 'test' });
    const life = { due: createDueFeeds(shared), store: createFeedStore(shared), client, redis };
    await life.due.sync([...feeds.values()]);
    return life;
  };
  const end = async ({ client, redis }: Life) => {
    await client.close();
    redis.disconnect();
  };

  const poll = async (life: Life, claim: ClaimedFeed): Promise<void> => {
    const feed = feeds.get(claim.feedId)!;
    if (now < (planned.get(feed.id) ?? 0)) count.beforePlan += 1;
    count.polls += 1;
    const state = (await life.store.readStates([feed])).get(feed.id)!;
    const gate = life.due.gate(claim.owner, LEASE_MS);
    const outcome = await fetchFeed({ client: life.client, clock, gate }, { feed, state, cause: claim.cause });
    const name = outcome.kind === 'error' ? outcome.code : outcome.kind;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
    if (random() * 1_000 < options.killsPerMille) {
      count.kills += 1;
      // What this answer wished died with the poll: the one that repeats it cannot know.
      hosts.unheard(feed.id);
      planned.set(feed.id, now + LEASE_MS);
      return;
    }
    const { news, hints, seen } = await read(life, feed.id, outcome);
    const input = { feed, state, outcome, hints, policy: DEFAULT_POLL_POLICY, now, random: random() };
    const next = planNextPoll(news ? { ...input, news } : input);
    await life.store.commitPoll(feed.id, claim.owner, { state: next.state, seen, nextAt: next.at });
    planned.set(feed.id, next.at ?? Number.POSITIVE_INFINITY);
  };

  const read = async (life: Life, feedId: string, outcome: FetchOutcome) => {
    const nothing = { news: null as PlanInput['news'] | null, hints: null, seen: new Map() };
    if (outcome.kind !== 'body') return nothing;
    const text = Buffer.from(outcome.bytes).toString();
    if (!text.startsWith('{')) return { ...nothing, news: { code: 'not-a-feed', message: 'no feed' } };
    const { items, ...hints } = JSON.parse(text) as Document;
    const known = await life.store.readSeen(
      feedId,
      items.map(({ key }) => key),
    );
    const diff = diffItems(items, known, { keyOf: ({ key }) => key, revisionOf: () => '1', now });
    for (const { key } of diff.fresh) {
      const times = (queued.get(key) ?? 0) + 1;
      queued.set(key, times);
      if (times > 1) count.repeatedItems += 1;
      else count.newItems += 1;
    }
    return { news: { items: items.length, newArticleTimes: diff.fresh.map(({ at }) => at) }, hints, seen: diff.marks };
  };

  let life = await begin();
  let restartAt = start + options.restartEveryHours * 3_600_000;
  const until = start + options.hours * 3_600_000;
  while (now < until) {
    if (now >= restartAt) {
      await end(life);
      life = await begin();
      count.restarts += 1;
      restartAt += options.restartEveryHours * 3_600_000;
    }
    const claims = await life.due.claim(CONCURRENCY, LEASE_MS);
    await Promise.all(claims.map((claim) => poll(life, claim)));
    if (claims.length < CONCURRENCY) {
      const next = (await life.due.nextDueAt()) ?? until;
      now = Math.max(now + 1, Math.min(next, restartAt));
    }
  }
  await end(life);
  return { hosts, outcomes, ...count };
}
