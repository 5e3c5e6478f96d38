import type { Redis } from 'ioredis';
import { REDIS_KEYS } from '../../../tests/house/redis-keys.ts';

/** Bytes and number of keys by line of the table of keys; what is in no line counts as `unknown`. */
export async function weighKeys(redis: Redis): Promise<Map<string, { keys: number; bytes: number }>> {
  const kinds = REDIS_KEYS.map(({ key }) => ({ key, pattern: patternOf(key) }));
  const weights = new Map<string, { keys: number; bytes: number }>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1000);
    cursor = next;
    const sizes = await redis.pipeline(keys.map((key) => ['memory', 'usage', key, 'samples', '20'])).exec();
    for (const [index, key] of keys.entries()) {
      const kind = kinds.find(({ pattern }) => pattern.test(key))?.key ?? 'unknown';
      const weight = weights.get(kind) ?? { keys: 0, bytes: 0 };
      weights.set(kind, { keys: weight.keys + 1, bytes: weight.bytes + Number(sizes?.[index]?.[1] ?? 0) });
    }
  } while (cursor !== '0');
  return weights;
}

/** Jobs of the queues apart: what they weigh is decided queue by queue. */
const QUEUE_JOB = '{attache}:*:j*';

function patternOf(key: string): RegExp {
  const parts = key.split('*').map((part) => part.replace(/[.{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Bytes of the jobs of one queue's id list, for `{attache}:<queue>:j…`. */
export async function weighJobs(redis: Redis): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', QUEUE_JOB, 'COUNT', 1000);
    cursor = next;
    const sizes = await redis.pipeline(keys.map((key) => ['memory', 'usage', key])).exec();
    for (const [index, key] of keys.entries()) {
      const queue = key.split(':')[1] ?? '';
      bytes[queue] = (bytes[queue] ?? 0) + Number(sizes?.[index]?.[1] ?? 0);
    }
  } while (cursor !== '0');
  return bytes;
}
