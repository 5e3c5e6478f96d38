import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { formatProblem } from '../src/config/config-problem.ts';
import { withoutPassword } from '../src/queues/redis-connection.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../workers/embedded-redis.ts';
import { loadKnowledge } from '../workers/load-knowledge.ts';
import { createLogger, type Logger } from '../workers/logger.ts';
import { parseRoles, ROLES } from '../workers/roles.ts';
import { type RunningConfig, runConfig } from '../workers/running-config.ts';
import { type RunningWorker, startWorker } from '../workers/start.ts';
import { watchConfig } from '../workers/watch-config.ts';
import { programVersion } from './program-version.ts';
import { stopSignal } from './stop-signals.ts';
import { configuredRedisUrl, serverProgram } from './store-access.ts';

/** How long a stop waits for a reload under way, ms. */
const RELOAD_PATIENCE_MS = 5_000;

interface StartFlags {
  readonly config: string;
  readonly data: string;
  readonly roles: string;
}

/** `attache start`: runs the worker until SIGTERM or SIGINT. */
export function startCommand(): Command {
  return new Command('start')
    .description('runs the worker')
    .option('--config <dir>', 'the config directory', 'config')
    .option('--data <dir>', 'the folder of the embedded Redis, where no other is configured', 'data')
    .option('--roles <list>', 'what this process does', ROLES.join(','))
    .action(start);
}

async function start(flags: StartFlags): Promise<void> {
  const stopAsked = stopSignal('SIGTERM', 'SIGINT');
  const roles = parseRoles(flags.roles);
  const config = runConfig(await loadKnowledge(flags.config, process.env, new Date()));
  const log = createLogger(config.config.settings.log.level);
  sayConfig(log, config);
  const embedded = await embeddedRedis(config, flags.data, log);
  let worker: RunningWorker | undefined;
  try {
    const redisUrl = embedded?.url ?? configuredRedisUrl(config.config.settings);
    log.info({ redis: withoutPassword(redisUrl), embedded: embedded !== null }, 'connecting to Redis');
    const starting = startWorker({ config, redisUrl, roles, version: programVersion(), log });
    const early = await Promise.race([starting.then(() => null), stopAsked]);
    if (early !== null) return await abandon(early, embedded, log);
    worker = await starting;
    const reloads = reloadOnChange(flags.config, worker, log);
    log.info(await stopAsked, 'stopping');
    await reloads.close();
  } finally {
    await worker?.stop();
    await embedded?.stop();
  }
  log.info({}, 'stopped');
}

/** Asked to stop before the start is complete (a Redis that does not answer is waited for without end): nothing is under way, so nothing is waited for. */
async function abandon(asked: object, embedded: EmbeddedRedis | null, log: Logger): Promise<never> {
  log.info(asked, 'stopped before the start was complete');
  await embedded?.stop();
  process.exit(0);
}

async function embeddedRedis(config: RunningConfig, dataDir: string, log: Logger): Promise<EmbeddedRedis | null> {
  if (configuredRedisUrl(config.config.settings) !== '') return null;
  return startEmbeddedRedis({ log, serverProgram: serverProgram(log) }, { dataDir });
}

function sayConfig(log: Logger, { config, warnings, endpoints }: RunningConfig): void {
  for (const warning of warnings) log.warn({ where: formatProblem(warning) }, 'configuration');
  const off = config.subscribers.filter((one) => !endpoints.has(one.id)).map((one) => one.id);
  if (off.length > 0) log.info({ subscribers: off }, 'these subscribers are off, since their url is empty');
  const { feeds, watches, subscribers } = config;
  const counts = { feeds: feeds.length, watches: watches.length, subscribers: subscribers.length };
  log.info({ config: config.dir, hash: config.hash, ...counts }, 'configuration loaded');
}

/** SIGHUP or a changed file reloads, all or nothing: a configuration with an error leaves the running one as it is. */
function reloadOnChange(dir: string, worker: RunningWorker, log: Logger): { close(): Promise<void> } {
  let last = Promise.resolve();
  let isClosed = false;
  const load = async (): Promise<RunningConfig | null> => {
    try {
      return runConfig(await loadKnowledge(dir, process.env, new Date()));
    } catch (error) {
      worker.refuse(error);
      return null;
    }
  };
  const reload = async (): Promise<void> => {
    const next = await load();
    if (next === null) return;
    await worker.reload(next);
    if (!isClosed) sayConfig(log, next);
  };
  const again = (): void => {
    last = last.then(reload).catch((error: unknown) => log.error({ err: error }, 'reload'));
  };
  process.on('SIGHUP', again);
  const watcher = watchConfig(dir, again, (error) =>
    log.warn({ err: error }, 'the config directory cannot be watched; send SIGHUP after a change'),
  );
  return {
    async close() {
      isClosed = true;
      process.off('SIGHUP', again);
      watcher.close();
      // A reload under way writes to the stores that the stop closes; one that waits for a Redis that is gone is not waited for.
      await Promise.race([last, sleep(RELOAD_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}
