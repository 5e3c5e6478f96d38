import type { Cluster, Redis, Result } from 'ioredis';
import { type CandidateCache, createCandidateCache } from './candidate-cache.ts';
import { COMMIT } from './commit-script.ts';
import type { JoinPlan } from './plan-join.ts';
import { READ_INDEX } from './read-index-script.ts';
import { REVISE } from './revise-script.ts';
import { DEFAULT_RECORD_SEC, DEFAULT_WINDOW_SEC, type StoryOptions } from './story.ts';

type Argument = string | number | Buffer;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheReadStoryIndexBuffer(record: string, ...args: Argument[]): Result<IndexReply, Context>;
    attacheCommitStoryBuffer(record: string, ...args: Argument[]): Result<CommitReply, Context>;
    attacheReviseStoryBuffer(record: string, ...args: Argument[]): Result<CommitReply, Context>;
  }
}

/** See read-index-script.ts. */
type IndexReply = readonly [Buffer, Buffer | number, Buffer?];
/** See commit-script.ts. */
export type CommitReply = readonly [Buffer, Buffer?];

/** Stories in Redis: the connection, how long what is kept, and what was read of late. */
export interface StoryDatabase {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag and a version. */
  readonly prefix: string;
  readonly windowMs: number;
  /** After its last article a story is kept for its window; what points to it for two, which is how far epochs reach. */
  readonly storyTtlSec: number;
  readonly indexTtlSec: number;
  readonly recordTtlSec: number;
  readonly cache: CandidateCache;
}

const SLACK_SEC = 3600;
const SHARDS = 65_536;

/** Teaches the connection the scripts. */
export function openStoryDatabase(redis: Redis | Cluster, prefix: string, options: StoryOptions): StoryDatabase {
  redis.defineCommand('attacheReadStoryIndex', { numberOfKeys: 1, lua: READ_INDEX });
  redis.defineCommand('attacheCommitStory', { numberOfKeys: 1, lua: COMMIT });
  redis.defineCommand('attacheReviseStory', { numberOfKeys: 1, lua: REVISE });
  const windowSec = options.windowSec ?? DEFAULT_WINDOW_SEC;
  return {
    redis,
    prefix,
    windowMs: windowSec * 1000,
    storyTtlSec: Math.ceil(windowSec) + SLACK_SEC,
    indexTtlSec: Math.ceil(windowSec) * 2 + SLACK_SEC,
    recordTtlSec: Math.ceil(Math.max(options.recordSec ?? DEFAULT_RECORD_SEC, windowSec)),
    cache: createCandidateCache(),
  };
}

export const recordKey = (prefix: string, articleId: string): string => `${prefix}:r:${articleId}`;

/** The shard and the field of a term's list: Redis' hashes stay small and packed. */
export function listPlaceOf(key: number): [shard: string, field: Buffer] {
  const field = Buffer.allocUnsafe(2);
  field.writeUInt16LE(Math.floor(key / SHARDS));
  return [String(key % SHARDS), field];
}

/** The looked-up terms or ranked stories as the scripts take them: '<I4d' each. */
export function packScores(all: readonly { readonly key: number; readonly score: number }[]): Buffer {
  const bytes = Buffer.allocUnsafe(all.length * 12);
  for (const [index, { key, score }] of all.entries()) {
    bytes.writeUInt32LE(key, index * 12);
    bytes.writeDoubleLE(score, index * 12 + 4);
  }
  return bytes;
}

/** Where the plan's terms are counted: BITFIELD's offsets in a table of three-byte cells; the last cell counts stories. */
export const cellsOf = (plan: JoinPlan, cells: number): string[] => [
  ...plan.terms.map((term) => `#${term.key & (cells - 1)}`),
  `#${cells}`,
];
