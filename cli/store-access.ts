import { ensureRedisServer } from '../scripts/redis-binary.mjs';
import { joinEmbeddedRedis } from '../workers/embedded-redis.ts';
import { loadKnowledge } from '../workers/load-knowledge.ts';
import { createLogger, type Logger } from '../workers/logger.ts';
import { type RunningConfig, runConfig } from '../workers/running-config.ts';
import { openStores, type Stores } from '../workers/stores.ts';

/** What a command needs to look into, or work on, a running installation. */
export interface StoreAccess {
  readonly config: RunningConfig;
  readonly stores: Stores;
  readonly log: Logger;
  close(): Promise<void>;
}

/** Redis as configured: `redis.url`, else REDIS_URL; empty for the embedded one. */
export function configuredRedisUrl({ config }: RunningConfig): string {
  return config.settings.redis.url || process.env.REDIS_URL || '';
}

/** Brings a redis-server where the embedded one has to be started. */
export function serverProgram(log: Logger): () => Promise<string> {
  const say = (text: string): void => log.info({}, text);
  return () => ensureRedisServer({ env: process.env, say, purpose: 'worker' });
}

/**
 * Opens the stores of the running worker, also the embedded ones; without a worker an embedded Redis is started for the command's duration. Rejects with a
 * ConfigError, an EmbeddedRedisError, or an error of code `redis-unreachable` after five seconds.
 */
export async function accessStores(options: { readonly config: string; readonly data: string }): Promise<StoreAccess> {
  const config = runConfig(await loadKnowledge(options.config, process.env, new Date()));
  const log = createLogger('warn');
  const url = configuredRedisUrl(config);
  const embedded =
    url === '' ? await joinEmbeddedRedis({ log, serverProgram: serverProgram(log) }, { dataDir: options.data }) : null;
  const stores = openStores(embedded?.url ?? url, config.config.settings, (error) =>
    log.debug({ err: error }, 'redis'),
  );
  const close = async (): Promise<void> => {
    await stores.close();
    await embedded?.stop();
  };
  try {
    await reachable(stores);
  } catch (error) {
    await close();
    throw error;
  }
  return { config, stores, log, close };
}

/** Redis did not answer. */
class RedisUnreachable extends Error {
  readonly code = 'redis-unreachable';
}

const PATIENCE_MS = 5000;

async function reachable(stores: Stores): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `Redis did not answer within ${PATIENCE_MS / 1000} s; is redis.url (or REDIS_URL) right, and the server up?`;
    timer = setTimeout(() => reject(new RedisUnreachable(message)), PATIENCE_MS);
  });
  try {
    await Promise.race([stores.redis.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}
