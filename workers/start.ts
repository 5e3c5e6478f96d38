import type { Job } from 'bullmq';
import type { DeliveryJob } from '../src/delivery/delivery-job.ts';
import { createParsePool } from '../src/feeds/parse-pool.ts';
import type { HttpServer } from '../src/http/http-server.ts';
import { createMetrics, type Metrics } from '../src/http/metrics.ts';
import type { TriageJob } from '../src/queues/payloads.ts';
import { queuePrefix, storePrefix } from '../src/queues/queues.ts';
import type { Context } from './context.ts';
import type { Logger } from './logger.ts';
import { type Outbound, openOutbound } from './outbound.ts';
import { processorsFor } from './processors.ts';
import { refuseConfig, startedConfig, takeConfig } from './reload.ts';
import type { Role } from './roles.ts';
import { runQueueWorkers } from './run-queue-workers.ts';
import type { RunningConfig } from './running-config.ts';
import { serveHttp } from './serve-http.ts';
import { LOOK_EVERY_MS, tellOutages } from './source-outages.ts';
import { followStoreClock } from './store-clock.ts';
import { openStores, type Stores } from './stores.ts';
import { plantTick, watchTick } from './tick.ts';
import { createWebsub } from './websub.ts';

export interface StartOptions {
  readonly config: RunningConfig;
  readonly redisUrl: string;
  readonly roles: ReadonlySet<Role>;
  readonly version: string;
  readonly log: Logger;
  /** Another way out than the guarded one, for runs whose network is made up. */
  readonly outbound?: Outbound;
}

export interface RunningWorker {
  /** Where health and metrics answer; null without the role http. */
  readonly address: string | null;
  readonly metrics: Metrics;
  readonly stores: Stores;
  /** Judges, polls and notifies by this configuration from now on. */
  reload(config: RunningConfig): Promise<void>;
  /** Notes that the files have changed to what cannot be used: a ConfigError, or what else went wrong. */
  refuse(error: unknown): void;
  /** Takes no more work, gives what is under way 20 s, and lets go. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 20_000;
const PARSE_THREADS = 2;
const PARSE_TIMEOUT_MS = 20_000;
const PARSE_HEAP_MB = 128;

/** The composition root: connects the stores, the queues' workers and the HTTP side, by role. Rejects when Redis or the HTTP address cannot be had. */
export async function startWorker(options: StartOptions): Promise<RunningWorker> {
  const { log, roles, version } = options;
  const { settings } = options.config.config;
  const metrics = createMetrics();
  const stopping = new AbortController();
  const stores = openStores(options.redisUrl, settings, (error) => log.warn({ err: error }, 'redis'));
  const outbound = options.outbound ?? openOutbound(settings, version);
  const parse = createParsePool({ size: PARSE_THREADS, timeoutMs: PARSE_TIMEOUT_MS, heapMb: PARSE_HEAP_MB });
  const letGo = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([outbound.close(), parse.close()]);
    await stores.close();
  };
  const configState = startedConfig({ metrics }, Date.now());
  const held = {
    roles,
    log,
    metrics,
    stores,
    outbound,
    parse,
    stopping: stopping.signal,
    current: options.config,
    configState,
  };
  const { context, http } = await orElse(prepare(held), letGo);
  const workers = runQueueWorkers(
    {
      connection: stores.redis,
      queues: stores.queues,
      onReplaced: (queue) => metrics.workersReplaced.inc({ queue }),
      prefix: queuePrefix(settings.redis.prefix),
      log,
      onGivenUp: (queue, job, error) => {
        metrics.jobFailures.inc({ queue });
        log.error({ queue, job: job.id, ...aboutJob(job), err: error }, 'given up: the job is in the dead letter');
      },
    },
    processorsFor(context),
  );
  const watchdog = roles.has('schedule') ? setInterval(watchTick(context), settings.poll.tick * 1000) : undefined;
  const outages = roles.has('schedule')
    ? repeat(LOOK_EVERY_MS, () => tellOutages(context, Math.round(context.storeNow())), log)
    : undefined;
  return {
    address: http?.address ?? null,
    metrics,
    stores,
    reload: (config) => takeConfig(context, config, Date.now()),
    refuse: (error) => refuseConfig(context, error, Date.now()),
    async stop() {
      clearInterval(watchdog);
      // A look under way may be cut off at any point: the next process goes on with it.
      clearInterval(outages);
      stopping.abort();
      await workers.close(STOP_WITHIN_MS);
      await http?.close();
      await letGo();
    },
  };
}

/** Runs `act` every `everyMs`, never twice at once; an error is logged, and the next time goes on. */
function repeat(everyMs: number, act: () => Promise<void>, log: Logger): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    act()
      .catch((error: unknown) => log.warn({ err: error }, 'the look at silent sources failed'))
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
}

/** All that can fail before work is taken: an address that cannot be had must end the start, not leave a worker without its HTTP side. */
async function prepare(held: Omit<Context, 'websub' | 'storeNow'>): Promise<{
  readonly context: Context;
  readonly http: HttpServer | null;
}> {
  const { stores, outbound, log, roles } = held;
  const { publicUrl } = held.current.config.settings.http;
  const storeNow = await followStoreClock({
    redis: stores.redis,
    key: storePrefix(held.current.config.settings.redis.prefix, 'feeds'),
    log,
    signal: held.stopping,
  });
  const [client, due, store] = [outbound.feeds, stores.due, stores.websub];
  const websub = publicUrl === '' ? null : await createWebsub({ publicUrl, store, due, client, now: storeNow, log });
  const context: Context = { ...held, websub, storeNow };
  await due.sync([...context.current.feeds.values()]);
  void websub?.keepOnly(new Set(context.current.feeds.keys()));
  if (roles.has('schedule')) await plantTick(context);
  return { context, http: roles.has('http') ? await serveHttp(context) : null };
}

/** What `started` comes to; where it fails, `undo` runs before the error goes on. */
async function orElse<T>(started: Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await started;
  } catch (error) {
    await undo();
    throw error;
  }
}

/** What a job is about, for the log: no contents. */
function aboutJob(job: Job): object {
  const data: Partial<TriageJob> & Partial<DeliveryJob> = job.data;
  return {
    ...(data.article ? { feed: data.article.source.id, article: data.article.id } : {}),
    ...(data.subscriberId ? { subscriber: data.subscriberId, alert: data.alertId } : {}),
  };
}
