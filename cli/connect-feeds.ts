import { loadConfig } from '../src/config/load-config.ts';
import { checkFeed } from '../src/feeds/check-feed.ts';
import { DEFAULT_FETCH_LIMITS } from '../src/feeds/fetch-feed.ts';
import { createParsePool } from '../src/feeds/parse-pool.ts';
import { openOutbound } from '../workers/outbound.ts';
import type { FeedsDeps } from './feeds.ts';
import { programVersion } from './program-version.ts';
import { accessFiles } from './store-access.ts';

const PARSE_POOL = { size: 1, timeoutMs: 20_000, heapMb: 256 };

/** What `attache feeds` works on: the configuration, the running installation's store, and the guarded way out. */
export const feedsAccess: Pick<FeedsDeps, 'connect' | 'loadFeeds' | 'check'> = {
  async connect(places) {
    const { config, stores, close } = await accessFiles(places, ['attache.yaml', 'feeds.yaml']);
    return { feeds: config.feeds, readStates: stores.feeds.readStates, close };
  },
  loadFeeds: async (config) => (await loadConfig(config, process.env)).feeds,
  async check(url, places) {
    const { settings } = await loadConfig(places.config, process.env);
    const outbound = openOutbound(settings, programVersion());
    const pool = createParsePool(PARSE_POOL);
    const limits = { ...DEFAULT_FETCH_LIMITS, maxBytes: settings.poll.maxBytes };
    try {
      const deps = { client: outbound.feeds, clock: Date.now, limits, parse: pool.parse };
      return await checkFeed(deps, { id: 'check', url });
    } finally {
      await Promise.all([outbound.close(), pool.close()]);
    }
  },
};
