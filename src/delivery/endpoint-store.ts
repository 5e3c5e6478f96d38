import type { Cluster, Redis, Result } from 'ioredis';
import type { EndpointState } from './endpoint-health.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheReplaceEndpoint(key: string, ...args: (string | number)[]): Result<0 | 1, Context>;
  }
}

/** KEYS state; ARGV the old value ('' for none), the new one, TTL (s). */
export const REPLACE_IF_SAME = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

/** A state with the stored form that a change must still find. */
export interface ReadEndpoint {
  readonly state: EndpointState | null;
  readonly stored: string;
}

export interface EndpointStore {
  read(subscriberId: string): Promise<ReadEndpoint>;
  /** False where another process changed the state since it was read. */
  replace(subscriberId: string, read: ReadEndpoint, state: EndpointState): Promise<boolean>;
}

/** An endpoint that nothing is sent to for so long starts afresh. */
const TTL_SEC = 90 * 86_400;

/** The store of endpoints' health. `prefix` holds a hash tag, such as `attache:{deliveries}:v1`. Errors are ioredis'. */
export function createEndpointStore({ redis, prefix }: { redis: Redis | Cluster; prefix: string }): EndpointStore {
  redis.defineCommand('attacheReplaceEndpoint', { numberOfKeys: 1, lua: REPLACE_IF_SAME });
  const key = (subscriberId: string) => `${prefix}:endpoint:${subscriberId}`;
  return {
    async read(subscriberId) {
      const stored = (await redis.get(key(subscriberId))) ?? '';
      return { stored, state: stored === '' ? null : (JSON.parse(stored) as EndpointState) };
    },
    async replace(subscriberId, read, state) {
      const next = JSON.stringify(state);
      if (next === read.stored) return true;
      return (await redis.attacheReplaceEndpoint(key(subscriberId), read.stored, next, TTL_SEC)) === 1;
    },
  };
}
