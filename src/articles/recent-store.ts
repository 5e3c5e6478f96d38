import type { Cluster, Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheNoteRecent(prefix: string, ...args: (string | number)[]): Result<number, Context>;
  }
}

/** A story as its last article left it; the summary of src/stories fits. */
export interface RecentStory {
  readonly id: string;
  readonly headline: string;
  readonly firstSeenAt: string;
  readonly lastArticleAt: string;
  readonly articles: number;
  readonly sources: number;
  readonly origins: number;
  readonly languages: readonly string[];
  readonly entities: readonly string[];
  readonly topics: readonly string[];
}

/** One judged article. */
export interface RecentEntry {
  readonly articleId: string;
  /** When a poll first saw it, ms. */
  readonly seenMs: number;
  readonly story: RecentStory;
  /** Ids of stories that live on in this one. */
  readonly merged: readonly string[];
  /** Ids of the watches that it matched. */
  readonly watches: readonly string[];
}

/** Ways into the archive for people who look: by story, by watch, by time. */
export interface RecentStore {
  /** Noting the same entry twice changes nothing. */
  note(entry: RecentEntry): Promise<void>;
  /** Those whose last article was seen last come first; with `onSubject` those alone that have a topic. */
  stories(choice: {
    readonly onSubject: boolean;
    readonly limit: number;
    readonly offset?: number;
  }): Promise<RecentStory[]>;
  /** Also by the id of a story that was merged into another; null where it is too old. The newest articles, at most `MAX_ARTICLES_SHOWN`. */
  story(id: string): Promise<{ readonly story: RecentStory; readonly articleIds: readonly string[] } | null>;
  /** Ids of the last articles that a watch matched, the newest first. */
  matchesOf(watchId: string): Promise<string[]>;
  /** When each watch last matched an article, ms; null where it has not. */
  lastMatches(watchIds: readonly string[]): Promise<(number | null)[]>;
}

/** Bounds of what is kept; about 0.1 kB an article and 0.5 kB a story. */
const MAX_STORIES = 5000;
const MAX_ARTICLES_SHOWN = 300;
const MAX_MATCHES = 20;
/** An article that matches more is noted for the first ones. */
const MAX_WATCHES = 50;
/** Merged once or twice; a longer chain would be a fault. */
const MAX_MOVES = 8;

/**
 * KEYS prefix; ARGV TTL (s), seen (ms), article, story, its summary, number of its articles, bounds (stories, articles, matches), whether it has a topic, number of merged stories, these,
 * watches.
 * Of two articles of a story that are noted at once the fuller summary stays. An article that is noted again after its story was merged into another counts there, and brings nothing back.
 */
const NOTE = `
local prefix, ttl, seen, article, story = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for _ = 1, ${MAX_MOVES} do
  local to = redis.call('GET', prefix .. ':moved:' .. story)
  if not to then break end
  story = to
end
local recent, of = prefix .. ':recent', prefix .. ':of-story:' .. story
local merged = tonumber(ARGV[11])
for i = 12, 11 + merged do
  local from = prefix .. ':of-story:' .. ARGV[i]
  if ARGV[i] ~= story then
    redis.call('ZUNIONSTORE', of, 2, of, from, 'AGGREGATE', 'MIN')
    redis.call('DEL', from, prefix .. ':story:' .. ARGV[i])
    redis.call('ZREM', recent, ARGV[i])
    redis.call('ZREM', prefix .. ':on-subject', ARGV[i])
    redis.call('SET', prefix .. ':moved:' .. ARGV[i], story, 'EX', ttl)
  end
end
local moved = story ~= ARGV[4]
local known = redis.call('GET', prefix .. ':story:' .. story)
if not moved and (not known or cjson.decode(known).articles <= tonumber(ARGV[6])) then
  redis.call('SET', prefix .. ':story:' .. story, ARGV[5], 'EX', ttl)
end
local function keep(key, member, bound)
  redis.call('ZADD', key, 'GT', seen, member)
  redis.call('ZREMRANGEBYRANK', key, 0, -1 - bound)
  redis.call('EXPIRE', key, ttl)
end
if not moved then keep(recent, story, ARGV[7]) end
if not moved and ARGV[10] == '1' then keep(prefix .. ':on-subject', story, ARGV[7]) end
keep(of, article, ARGV[8])
for i = 12 + merged, #ARGV do keep(prefix .. ':of-watch:' .. ARGV[i], article, ARGV[9]) end
return 1
`;

/** The store; `keyPrefix` is the archive's, with its hash tag. Errors are ioredis'. */
export function createRecentStore(options: {
  readonly redis: Redis | Cluster;
  readonly keyPrefix: string;
  readonly retentionSec: number;
}): RecentStore {
  const { redis, keyPrefix, retentionSec } = options;
  redis.defineCommand('attacheNoteRecent', { numberOfKeys: 1, lua: NOTE });
  const storyKey = (id: string): string => `${keyPrefix}:story:${id}`;
  const watchKey = (id: string): string => `${keyPrefix}:of-watch:${id}`;
  return {
    async note({ articleId, seenMs, story, merged, watches }) {
      await redis.attacheNoteRecent(
        keyPrefix,
        Math.ceil(retentionSec),
        seenMs,
        articleId,
        story.id,
        JSON.stringify(story),
        story.articles,
        MAX_STORIES,
        MAX_ARTICLES_SHOWN,
        MAX_MATCHES,
        story.topics.length > 0 ? 1 : 0,
        merged.length,
        ...merged,
        ...watches.slice(0, MAX_WATCHES),
      );
    },
    async stories({ onSubject, limit, offset = 0 }) {
      const ids = await redis.zrevrange(
        `${keyPrefix}:${onSubject ? 'on-subject' : 'recent'}`,
        offset,
        offset + limit - 1,
      );
      if (ids.length === 0) return [];
      const found = await redis.mget(...ids.map(storyKey));
      return found.flatMap((text) => (text === null ? [] : [JSON.parse(text) as RecentStory]));
    },
    async story(id) {
      let now = id;
      for (let moves = 0; moves < MAX_MOVES; moves++) {
        const [text, to, articleIds] = await Promise.all([
          redis.get(storyKey(now)),
          redis.get(`${keyPrefix}:moved:${now}`),
          redis.zrange(`${keyPrefix}:of-story:${now}`, '0', '-1'),
        ]);
        if (text !== null) return { story: JSON.parse(text) as RecentStory, articleIds };
        if (to === null) return null;
        now = to;
      }
      return null;
    },
    matchesOf: (watchId) => redis.zrevrange(watchKey(watchId), 0, -1),
    lastMatches: (watchIds) =>
      Promise.all(
        watchIds.map(async (id) => {
          const [, at] = await redis.zrevrange(watchKey(id), 0, 0, 'WITHSCORES');
          return at === undefined ? null : Number(at);
        }),
      ),
  };
}
