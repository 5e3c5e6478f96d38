import type { Cluster, Redis } from 'ioredis';
import type { SubscriptionStore } from './websub.ts';
import type { HubSubscription } from './websub-subscription.ts';

export interface WebsubStore extends SubscriptionStore {
  /** The secret of this installation; the first caller's candidate becomes it. */
  key(candidate: string): Promise<string>;
}

/** Subscriptions to hubs, in Redis: one hash of JSON under the feeds' prefix. */
export function createWebsubStore(redis: Redis | Cluster, prefix: string): WebsubStore {
  const hash = `${prefix}:websub`;
  return {
    async read(feedId) {
      const json = await redis.hget(hash, feedId);
      return json === null ? null : (JSON.parse(json) as HubSubscription);
    },
    async write(feedId, subscription) {
      await redis.hset(hash, feedId, JSON.stringify(subscription));
    },
    async key(candidate) {
      await redis.setnx(`${prefix}:websub-key`, candidate);
      return (await redis.get(`${prefix}:websub-key`)) ?? candidate;
    },
    async forget(feedId) {
      return (await redis.hdel(hash, feedId)) === 1;
    },
    feedIds: () => redis.hkeys(hash),
  };
}
