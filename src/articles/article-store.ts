import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Cluster, Redis, Result } from 'ioredis';
import type { Article } from './article.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheArchiveArticle(
      article: string,
      byTime: string,
      ...args: (string | number | Buffer)[]
    ): Result<number, Context>;
  }
}

/**
 * KEYS article, by-time; ARGV the articles' prefix, id, record, when it was seen (ms), TTL (s), the oldest time kept (ms), most articles kept.
 * Keeps the record, and drops what is too old or over the limit, a hundred of each at a time: an article comes alone, so they never pile up.
 */
const ARCHIVE = `
local most = 100
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[5])
local function drop(ids)
  for _, id in ipairs(ids) do
    redis.call('ZREM', KEYS[2], id)
    redis.call('DEL', ARGV[1] .. id)
  end
end
drop(redis.call('ZRANGE', KEYS[2], '-inf', '(' .. ARGV[6], 'BYSCORE', 'LIMIT', 0, most))
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[7])
if over > 0 then drop(redis.call('ZRANGE', KEYS[2], 0, math.min(over, most) - 1)) end
return 1
`;

/** What is kept of a judged article, for explain, backtest and the life of its story. */
export interface ArchivedArticle {
  readonly article: Article;
  readonly storyId: string;
  readonly verdict: string;
  /** The article it is a copy or a follow-up of. */
  readonly of: string | null;
  readonly similarity: number | null;
  /** Whose text it is: a named agency, or the id of the first article with that text. Missing in records of older versions. */
  readonly origin?: string;
  /** Watches it matched when it was judged, and the configuration that judged it. */
  readonly watches: readonly string[];
  readonly configHash: string;
}

export interface ArticleStore {
  /** Keeps the newest revision. Running it twice changes nothing. */
  put(record: ArchivedArticle): Promise<void>;
  get(id: string): Promise<ArchivedArticle | null>;
  /** In the order asked for; those that are no longer kept are missing. */
  getMany(ids: readonly string[]): Promise<ArchivedArticle[]>;
  /** Those seen last, the newest first. */
  newest(limit: number): Promise<ArchivedArticle[]>;
  /** Records whose article was first seen in the range (ms since the epoch, until exclusive), oldest first. */
  read(range: { readonly sinceMs: number; readonly untilMs: number }): AsyncIterable<ArchivedArticle>;
  count(): Promise<number>;
}

/**
 * The archive in Redis: one compressed string for each article, with a TTL, and one sorted set of ids by the time they were seen. Bounded by age
 * and by number: the oldest go first. `keyPrefix` holds the hash tag.
 */
export function createArticleStore(options: {
  readonly redis: Redis | Cluster;
  readonly keyPrefix: string;
  readonly retentionSec: number;
  readonly maxArticles: number;
  readonly now: () => number;
}): ArticleStore {
  const { redis, keyPrefix, retentionSec, maxArticles, now } = options;
  redis.defineCommand('attacheArchiveArticle', { numberOfKeys: 2, lua: ARCHIVE });
  const timeKey = `${keyPrefix}:by-time`;
  const keyOf = (id: string): string => `${keyPrefix}:a:${id}`;
  const getMany = async (ids: readonly string[]): Promise<ArchivedArticle[]> => {
    if (ids.length === 0) return [];
    const packed = await redis.mgetBuffer(...ids.map(keyOf));
    return packed.flatMap((one) => (one === null ? [] : [unpack(one)]));
  };
  return {
    getMany,
    newest: async (limit) => getMany(await redis.zrevrange(timeKey, 0, limit - 1)),
    async put(record) {
      const ttlSec = Math.ceil(retentionSec);
      await redis.attacheArchiveArticle(
        keyOf(record.article.id),
        timeKey,
        `${keyPrefix}:a:`,
        record.article.id,
        pack(record),
        Date.parse(record.article.seenAt),
        ttlSec,
        now() - retentionSec * 1000,
        maxArticles,
      );
    },
    async get(id) {
      const packed = await redis.getBuffer(keyOf(id));
      return packed ? unpack(packed) : null;
    },
    async *read({ sinceMs, untilMs }) {
      // The ids of the whole range at once (some 40 bytes each): pages by offset would slip when the oldest are dropped meanwhile.
      const ids = await redis.zrange(timeKey, String(sinceMs), `(${untilMs}`, 'BYSCORE');
      for (let from = 0; from < ids.length; from += 500) {
        const keys = ids.slice(from, from + 500).map(keyOf);
        for (const packed of await redis.mgetBuffer(...keys)) if (packed) yield unpack(packed);
      }
    },
    count: () => redis.zcard(timeKey),
  };
}

const pack = (record: ArchivedArticle): Buffer => zstdCompressSync(JSON.stringify({ v: 1, ...record }));
const unpack = (packed: Buffer): ArchivedArticle =>
  JSON.parse(zstdDecompressSync(packed).toString('utf8')) as ArchivedArticle;
