import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { withFeedScripts } from './feed-scripts.ts';
import type { FeedSpec } from './feed-state.ts';
import type { HopGate } from './fetch-feed.ts';
import type { PollCause } from './poll-request.ts';

export interface DueFeedsOptions {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag: `attache:{feeds}:v1`. */
  readonly prefix: string;
  /** The least time between the end of one poll of a host and the start of the next, ms. */
  readonly hostGapMs: number;
  /** ms since 1970; Redis' own time by default, so that processes agree. */
  readonly clock?: () => number;
}

export interface ClaimedFeed {
  readonly feedId: string;
  /** Proves that the claim is ours; whoever lost it can commit nothing. */
  readonly owner: string;
  /** When it was due, ms. */
  readonly dueAt: number;
  readonly cause: PollCause;
}

export interface DueFeeds {
  /**
   * Makes the queue hold exactly these feeds. Known ones keep their time; new ones and those with a new address are due
   * at once; those gone are parked, and come back with their time and memory within 30 days. Ended ones stay ended.
   *
   * @returns how many changed.
   */
  sync(feeds: readonly Pick<FeedSpec, 'id' | 'url'>[]): Promise<number>;
  /** Takes up to `limit` due feeds, each of another host. A claim that is not committed comes back after `leaseMs`. */
  claim(limit: number, leaseMs: number): Promise<ClaimedFeed[]>;
  /** Gives a feed back unpolled, due at `at`; null: ended. False when the claim was lost. */
  release(feedId: string, owner: string, at: number | null): Promise<boolean>;
  /** Makes a claim last `leaseMs` from now. False when it was lost. */
  renew(feedId: string, owner: string, leaseMs: number): Promise<boolean>;
  /** There is news: due at once, or at `at` (ms), whatever it wished. False when it is unknown or ended. */
  push(feedId: string, at?: number): Promise<boolean>;
  /** When the next feed may be claimed, ms; null when none waits. */
  nextDueAt(): Promise<number | null>;
  /** Lets one claim's redirects into further hosts. */
  gate(owner: string, leaseMs: number): HopGate;
}

const SYNC_BATCH = 500;
const PARKED_MS = 30 * 86_400_000;

/** The host of an address: what one connection at a time is kept to. */
export function hostOf(url: string): string {
  return URL.parse(url)?.hostname || 'invalid';
}

/** Which feeds are due, kept in Redis: see feed-scripts.ts for the keys and for what each step does at once. */
export function createDueFeeds({ redis: connection, prefix, hostGapMs, clock }: DueFeedsOptions): DueFeeds {
  const redis = withFeedScripts(connection);
  const now = () => clock?.() ?? '';
  const isDone = (reply: unknown) => reply === 1;

  return {
    async sync(feeds) {
      const wanted = new Map(feeds.map((feed) => [feed.id, feed.url]));
      const known = await redis.hgetall(`${prefix}:url`);
      const changes = [
        ...Object.keys(known).flatMap((id) => (wanted.has(id) ? [] : [{ id }])),
        ...[...wanted].flatMap(([id, url]) => (known[id] === url ? [] : [{ id, url, host: hostOf(url) }])),
      ];
      let changed = 0;
      for (let from = 0; from < changes.length; from += SYNC_BATCH) {
        const batch = JSON.stringify(changes.slice(from, from + SYNC_BATCH));
        changed += Number(await redis.feedsSync(1, prefix, now(), batch));
      }
      await redis.feedsForget(1, prefix, now(), (clock?.() ?? Date.now()) - PARKED_MS);
      return changed;
    },
    async claim(limit, leaseMs) {
      const reply = (await redis.feedsClaim(1, prefix, now(), limit, leaseMs, randomUUID())) as string[];
      const claims: ClaimedFeed[] = [];
      for (let index = 0; index < reply.length; index += 4) {
        const [feedId, owner, dueAt, cause] = reply.slice(index, index + 4) as [string, string, string, PollCause];
        claims.push({ feedId, owner, dueAt: Number(dueAt), cause });
      }
      return claims;
    },
    async release(feedId, owner, at) {
      return isDone(await redis.feedsRelease(1, prefix, now(), feedId, owner, at ?? '', hostGapMs));
    },
    async renew(feedId, owner, leaseMs) {
      return isDone(await redis.feedsRenew(1, prefix, now(), feedId, owner, leaseMs));
    },
    async push(feedId, at = 0) {
      return isDone(await redis.feedsPush(1, prefix, now(), feedId, at));
    },
    async nextDueAt() {
      const [host] = await redis.zrange(`${prefix}:due`, '0', '0');
      return host === undefined ? null : Number(await redis.zscore(`${prefix}:due`, host));
    },
    gate: (owner, leaseMs) => ({
      async enter(host) {
        return isDone(await redis.feedsEnter(1, prefix, now(), host, owner, leaseMs));
      },
      async leave(host) {
        await redis.feedsLeave(1, prefix, now(), host, owner, hostGapMs);
      },
    }),
  };
}
