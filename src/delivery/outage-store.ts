import type { Cluster, Redis, Result } from 'ioredis';
import { REPLACE_IF_SAME } from './endpoint-store.ts';
import { NOTHING_SAID, type OutageState } from './source-outages.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheReplaceOutages(key: string, ...args: (string | number)[]): Result<0 | 1, Context>;
  }
}

/** A state with the stored form that a change must still find. */
export interface ReadOutages {
  readonly state: OutageState;
  readonly stored: string;
}

export interface OutageStore {
  read(): Promise<ReadOutages>;
  /** What is stored now; null where another process changed it since it was read. */
  replace(read: ReadOutages, state: OutageState): Promise<ReadOutages | null>;
}

/** Renewed whenever something changes; an outage that lasts longer may be told again. */
const TTL_SEC = 90 * 86_400;

/** What was said of silent sources: one value, since it holds only those that are silent now. Errors are ioredis'. */
export function createOutageStore({ redis, prefix }: { redis: Redis | Cluster; prefix: string }): OutageStore {
  redis.defineCommand('attacheReplaceOutages', { numberOfKeys: 1, lua: REPLACE_IF_SAME });
  const key = `${prefix}:outages`;
  return {
    async read() {
      const stored = (await redis.get(key)) ?? '';
      return { stored, state: stored === '' ? NOTHING_SAID : (JSON.parse(stored) as OutageState) };
    },
    async replace(read, state) {
      const next = JSON.stringify(state);
      if (next === read.stored) return read;
      return (await redis.attacheReplaceOutages(key, read.stored, next, TTL_SEC)) === 1
        ? { state, stored: next }
        : null;
    },
  };
}
