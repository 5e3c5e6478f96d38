import { basename } from 'node:path';
import { ensureRedisServer } from '../scripts/redis-binary.mjs';
import type { AttacheSettings } from '../src/config/attache-schema.ts';
import { ConfigError } from '../src/config/config-problem.ts';
import { type Config, readConfig } from '../src/config/load-config.ts';
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
export function configuredRedisUrl({ redis }: AttacheSettings): string {
  return redis.url || process.env.REDIS_URL || '';
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
export async function accessStores(options: Places): Promise<StoreAccess> {
  const config = runConfig(await loadKnowledge(options.config, process.env, new Date()));
  return { ...(await openAccess(config.config, options.data)), config };
}

/**
 * The same for a command that needs no more than some files of the config: mistakes in the others, or a subscriber's secret that this shell does not have, are no business of
 * its.
 */
export async function accessFiles(
  options: Places,
  files: readonly string[],
): Promise<Omit<StoreAccess, 'config'> & { readonly config: Config }> {
  const { config, problems } = await readConfig(options.config, process.env);
  const needed = problems.filter(({ file }) => file === options.config || files.includes(basename(file)));
  if (needed.length > 0) throw new ConfigError(needed);
  return { ...(await openAccess(config, options.data)), config };
}

/** Which installation: its config, and where its embedded Redis is. */
interface Places {
  readonly config: string;
  readonly data: string;
}

async function openAccess({ settings }: Config, dataDir: string): Promise<Omit<StoreAccess, 'config'>> {
  const log = createLogger('warn');
  const url = configuredRedisUrl(settings);
  const embedded = url === '' ? await joinEmbeddedRedis({ log, serverProgram: serverProgram(log) }, { dataDir }) : null;
  const stores = openStores(embedded?.url ?? url, settings, (error) => log.debug({ err: error }, 'redis'));
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
  return { stores, log, close };
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
