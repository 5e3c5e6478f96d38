import type { Cluster, Redis } from 'ioredis';
import { type SeenMark, seenDay } from './diff-items.ts';
import { hostOf } from './due-feeds.ts';
import { withFeedScripts } from './feed-scripts.ts';
import { type FeedSpec, type FeedState, readFeedState } from './feed-state.ts';

export interface FeedStoreOptions {
  readonly redis: Redis | Cluster;
  /** The same as the due feeds': `attache:{feeds}:v1`. */
  readonly prefix: string;
  readonly hostGapMs: number;
  /** How long an item is remembered after its feed dropped it. */
  readonly keepSeenDays?: number;
  readonly clock?: () => number;
}

export interface PollResult {
  readonly state: FeedState;
  /** New and changed marks, from diffItems; empty when no body was read. */
  readonly seen: ReadonlyMap<string, SeenMark>;
  /** ms; null: the feed has ended. */
  readonly nextAt: number | null;
}

export interface FeedStore {
  /** The states of these feeds, fresh ones where nothing is known. */
  readStates(feeds: readonly FeedSpec[]): Promise<Map<string, FeedState>>;
  /** What is remembered of these items of a feed; unknown ones are missing. */
  readSeen(feedId: string, keys: readonly string[]): Promise<Map<string, SeenMark>>;
  /**
   * Ends a poll, all at once: state, seen items, the next time, the claim, the host. To be called last, after whatever
   * the poll found has been queued: what is stored here will not be asked for again.
   *
   * @returns `lost` when the claim has passed to another process meanwhile; then nothing is stored.
   */
  commitPoll(feedId: string, owner: string, result: PollResult): Promise<'committed' | 'lost'>;
}

const DEFAULT_KEEP_SEEN_DAYS = 14;

/** What is known of feeds between polls, in Redis. */
export function createFeedStore(options: FeedStoreOptions): FeedStore {
  const { prefix, hostGapMs, clock, keepSeenDays = DEFAULT_KEEP_SEEN_DAYS } = options;
  const redis = withFeedScripts(options.redis);
  const seenKey = (feedId: string) => `${prefix}:seen:${feedId}`;

  return {
    async readStates(feeds) {
      if (feeds.length === 0) return new Map();
      const stored = await redis.hmget(`${prefix}:state`, ...feeds.map((feed) => feed.id));
      return new Map(feeds.map((feed, index) => [feed.id, readFeedState(stored[index] ?? null, feed)]));
    },
    async readSeen(feedId, keys) {
      const seen = new Map<string, SeenMark>();
      if (keys.length === 0) return seen;
      const values = await redis.hmget(seenKey(feedId), ...keys);
      for (const [index, key] of keys.entries()) {
        const mark = readMark(values[index]);
        if (mark) seen.set(key, mark);
      }
      return seen;
    },
    async commitPoll(feedId, owner, { state, seen, nextAt }) {
      const today = seenDay(clock?.() ?? Date.now());
      const marks = [...seen].flatMap(([key, mark]) => [key, `${mark.day}.${mark.revision}`]);
      const reply = await redis.feedsCommit(
        2,
        prefix,
        seenKey(feedId),
        clock?.() ?? '',
        feedId,
        owner,
        nextAt === null ? '' : Math.ceil(nextAt),
        hostGapMs,
        hostOf(state.url),
        state.url,
        JSON.stringify(state),
        today,
        today - keepSeenDays,
        ...marks,
      );
      return reply === 1 ? 'committed' : 'lost';
    },
  };
}

function readMark(value: string | null | undefined): SeenMark | null {
  const parts = /^(\d+)\.(.*)$/.exec(value ?? '');
  return parts ? { day: Number(parts[1]), revision: parts[2]! } : null;
}
