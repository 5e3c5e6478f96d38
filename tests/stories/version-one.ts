import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { JoinResult } from '../../src/stories/story.ts';
import { ROOT } from '../support/checkout.ts';

/** Seconds to live, and a string's bytes (base64 of raw deflate) or a hash's fields and values in turn (base64). */
type StoredKey = { readonly ttl: number } & ({ readonly deflated: string } | { readonly fields: readonly string[] });

interface StoredVersion {
  /** What each article of articles.ts, joined in this order, was answered. */
  readonly answers: readonly { readonly id: string; readonly revision: string; readonly answer: JoinResult }[];
  readonly keys: Readonly<Record<string, StoredKey>>;
}

/** Puts into Redis what version 1 of the store left there: the bytes are its own, taken from a run of it. Answers what it had answered. */
export async function restoreVersionOne(redis: Redis): Promise<StoredVersion['answers']> {
  const file = join(ROOT, 'tests/fixtures/stories/version-one.json');
  const { answers, keys } = JSON.parse(readFileSync(file, 'utf8')) as StoredVersion;
  for (const [key, stored] of Object.entries(keys)) {
    if ('deflated' in stored) await redis.set(key, inflateRawSync(Buffer.from(stored.deflated, 'base64')));
    else await redis.hset(key, ...stored.fields.map((field) => Buffer.from(field, 'base64')));
    if (stored.ttl > 0) await redis.expire(key, stored.ttl);
  }
  return answers;
}
