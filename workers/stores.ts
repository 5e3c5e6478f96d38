import { type AlertStore, createAlertStore } from '../src/alerts/alert-store.ts';
import { type ArticleStore, createArticleStore } from '../src/articles/article-store.ts';
import { createRecentStore, type RecentStore } from '../src/articles/recent-store.ts';
import type { AttacheSettings } from '../src/config/attache-schema.ts';
import { createDeliveryStore, type DeliveryStore } from '../src/delivery/delivery-store.ts';
import { createEndpointStore, type EndpointStore } from '../src/delivery/endpoint-store.ts';
import { createHoldStore, type HoldStore } from '../src/delivery/hold-store.ts';
import { createOutageStore, type OutageStore } from '../src/delivery/outage-store.ts';
import { createDueFeeds, type DueFeeds } from '../src/feeds/due-feeds.ts';
import { createFeedStore, type FeedStore } from '../src/feeds/feed-store.ts';
import { createWebsubStore, type WebsubStore } from '../src/feeds/websub-store.ts';
import { openQueues, type Queues } from '../src/queues/open-queues.ts';
import { storePrefix } from '../src/queues/queues.ts';
import { connectRedis, type RedisConnection } from '../src/queues/redis-connection.ts';
import type { StoryIndex } from '../src/stories/story.ts';
import { createStoryStore } from '../src/stories/story-store.ts';

/** Everything that is kept in Redis, on one connection. */
export interface Stores {
  readonly redis: RedisConnection;
  readonly due: DueFeeds;
  readonly feeds: FeedStore;
  readonly websub: WebsubStore;
  readonly stories: StoryIndex;
  readonly archive: ArticleStore;
  readonly recent: RecentStore;
  readonly alerts: AlertStore;
  readonly deliveries: DeliveryStore;
  readonly endpoints: EndpointStore;
  readonly holds: HoldStore;
  readonly outages: OutageStore;
  readonly queues: Queues;
  close(): Promise<void>;
}

/** Connects to `url` and opens every store of the installation that `settings.redis.prefix` names. */
export function openStores(url: string, settings: AttacheSettings, onError: (error: Error) => void): Stores {
  const {
    redis: { prefix },
    poll,
    retention,
  } = settings;
  const redis = connectRedis(url, onError);
  const queues = openQueues(redis, prefix, onError);
  const feeds = { redis, prefix: storePrefix(prefix, 'feeds'), hostGapMs: poll.hostGap * 1000 };
  return {
    redis,
    queues,
    due: createDueFeeds(feeds),
    feeds: createFeedStore(feeds),
    websub: createWebsubStore(redis, feeds.prefix),
    stories: createStoryStore({
      redis,
      keyPrefix: storePrefix(prefix, 'stories'),
      options: { windowSec: retention.storyWindow },
    }),
    archive: createArticleStore({
      redis,
      keyPrefix: storePrefix(prefix, 'archive'),
      retentionSec: retention.articles,
      maxArticles: retention.maxArticles,
      now: Date.now,
    }),
    recent: createRecentStore({
      redis,
      keyPrefix: storePrefix(prefix, 'archive'),
      retentionSec: retention.articles,
    }),
    alerts: createAlertStore({ redis, prefix: storePrefix(prefix, 'alerts') }),
    deliveries: createDeliveryStore({
      redis,
      prefix: storePrefix(prefix, 'deliveries'),
      retentionSec: retention.alerts,
      deadRetentionSec: retention.alerts,
    }),
    endpoints: createEndpointStore({ redis, prefix: storePrefix(prefix, 'deliveries') }),
    outages: createOutageStore({ redis, prefix: storePrefix(prefix, 'deliveries') }),
    holds: createHoldStore({ redis, prefix: storePrefix(prefix, 'deliveries') }),
    async close() {
      await queues.close();
      redis.disconnect();
    },
  };
}
