import type { Job } from 'bullmq';
import type { DeliveryJob } from '../src/delivery/delivery-job.ts';
import { createEndpointSlots } from '../src/delivery/endpoint-slots.ts';
import { DEFAULT_FETCH_LIMITS } from '../src/feeds/fetch-feed.ts';
import { createParsePool, type ParsePool } from '../src/feeds/parse-pool.ts';
import { DEFAULT_POLL_POLICY } from '../src/feeds/poll-policy.ts';
import { type HttpServer, startHttpServer } from '../src/http/http-server.ts';
import { createMetrics, type Metrics } from '../src/http/metrics.ts';
import { opsRoutes } from '../src/http/ops-routes.ts';

import { deliveryQueue } from '../src/queues/delivery-queue.ts';
import type { DeliverJob, PollJob, TriageJob } from '../src/queues/payloads.ts';
import { publishAlerts } from '../src/queues/publish-alerts.ts';
import { queuePrefix } from '../src/queues/queues.ts';
import { deliver } from './deliver.ts';
import { refreshGauges, trimBacklog } from './housekeeping.ts';
import type { Logger } from './logger.ts';
import { type Outbound, openOutbound } from './outbound.ts';
import { pollFeeds } from './poll.ts';
import type { Role } from './roles.ts';
import { type QueueProcessor, runQueueWorkers } from './run-queue-workers.ts';
import { type RunningConfig, secretsOf } from './running-config.ts';
import { queueDueFeeds } from './schedule.ts';
import { openStores, type Stores } from './stores.ts';
import { subscriberRoutes } from './subscriber-routes.ts';
import { type TriageDeps, triageArticle } from './triage.ts';
import { createWebsub, type Websub } from './websub.ts';

export interface StartOptions {
  readonly config: RunningConfig;
  readonly redisUrl: string;
  readonly roles: ReadonlySet<Role>;
  readonly version: string;
  readonly log: Logger;
}

export interface RunningWorker {
  /** Where health and metrics answer; null without the role http. */
  readonly address: string | null;
  readonly metrics: Metrics;
  readonly stores: Stores;
  /** Judges, polls and notifies by this configuration from now on. */
  reload(config: RunningConfig): Promise<void>;
  /** Takes no more work, gives what is under way 20 s, and lets go. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 20_000;
const TICK_ID = 'tick';
/** Due feeds are looked for by a repeated job; when none has run for so many of its intervals, the worker is not ready, and the job is planted anew. */
const LATE_TICKS = 6;
const TRIAGE_CONCURRENCY = 16;
const DELIVER_CONCURRENCY = 64;
const PARSE_THREADS = 2;
const PARSE_TIMEOUT_MS = 20_000;
const PARSE_HEAP_MB = 256;

/** The composition root: connects the stores, the queues' workers and the HTTP side, by role. Rejects when Redis or the HTTP address cannot be had. */
export async function startWorker(options: StartOptions): Promise<RunningWorker> {
  const { log, roles, version } = options;
  const { settings } = options.config.config;
  const metrics = createMetrics();
  const stopping = new AbortController();
  const stores = openStores(options.redisUrl, settings, (error) => log.warn({ err: error }, 'redis'));
  const outbound = openOutbound(settings, version);
  const parse = createParsePool({ size: PARSE_THREADS, timeoutMs: PARSE_TIMEOUT_MS, heapMb: PARSE_HEAP_MB });
  const { publicUrl } = settings.http;
  const websub =
    publicUrl === ''
      ? null
      : await createWebsub({
          publicUrl,
          store: stores.websub,
          due: stores.due,
          client: outbound.feeds,
          now: Date.now,
          log,
        });
  const context: Context = {
    websub,
    ...options,
    metrics,
    stores,
    outbound,
    parse,
    stopping: stopping.signal,
    current: options.config,
    lastTickMs: Date.now(),
  };

  await stores.due.sync([...context.current.feeds.values()]);
  if (roles.has('schedule')) await plantTick(context);
  const workers = runQueueWorkers(
    {
      connection: stores.redis,
      prefix: queuePrefix(settings.redis.prefix),
      log,
      onGivenUp: (queue, job, error) => {
        metrics.jobFailures.inc({ queue });
        log.error({ queue, job: job.id, ...aboutJob(job), err: error }, 'given up: the job is in the dead letter');
      },
    },
    processorsFor(context),
  );
  const watchdog = roles.has('schedule')
    ? setInterval(() => void replantLateTick(context), settings.poll.tick * 1000)
    : undefined;
  const http = roles.has('http') ? await serveHttp(context) : null;
  return {
    address: http?.address ?? null,
    metrics,
    stores,
    async reload(config) {
      context.current = config;
      await stores.due.sync([...config.feeds.values()]);
    },
    async stop() {
      clearInterval(watchdog);
      stopping.abort();
      await workers.close(STOP_WITHIN_MS);
      await http?.close();
      await Promise.all([outbound.close(), parse.close()]);
      await stores.close();
    },
  };
}

interface Context extends StartOptions {
  readonly metrics: Metrics;
  readonly stores: Stores;
  readonly outbound: Outbound;
  readonly parse: ParsePool;
  /** Null where no public address is configured. */
  readonly websub: Websub | null;
  readonly stopping: AbortSignal;
  /** Exchanged as a whole at a reload. */
  current: RunningConfig;
  lastTickMs: number;
}

function processorsFor(context: Context): QueueProcessor[] {
  const { stores, roles, metrics, log } = context;
  const { poll } = context.current.config.settings;
  const now = Date.now;
  const processors: QueueProcessor[] = [];
  if (roles.has('schedule')) {
    processors.push({
      queue: 'schedule',
      concurrency: 1,
      process: async () => {
        context.lastTickMs = now();
        await queueDueFeeds({ due: stores.due, poll: stores.queues.poll });
        await trimBacklog(context);
      },
    });
  }
  if (roles.has('poll')) {
    const deps = {
      feed: (id: string) => context.current.feeds.get(id),
      client: context.outbound.feeds,
      parse: context.parse,
      due: stores.due,
      store: stores.feeds,
      triage: stores.queues.triage,
      policy: { ...DEFAULT_POLL_POLICY, minIntervalSec: poll.minInterval, maxIntervalSec: poll.maxInterval },
      limits: { ...DEFAULT_FETCH_LIMITS, maxBytes: poll.maxBytes, totalTimeoutMs: poll.timeout * 1000 },
      maxItems: poll.maxItems,
      firstAlertMaxAgeSec: poll.firstAlertMaxAge,
      metrics,
      log,
      now,
      random: Math.random,
      stopping: context.stopping,
      onPolled: context.websub?.offer,
    };
    processors.push({
      queue: 'poll',
      concurrency: poll.concurrency,
      process: async (job: Job<PollJob>) => {
        await pollFeeds(deps, job);
        // A host with many feeds need not wait for the next tick with each of them.
        if (!context.stopping.aborted) await queueDueFeeds({ due: stores.due, poll: stores.queues.poll });
      },
    });
  }
  if (roles.has('triage')) {
    const { queues, stories, alerts, archive, deliveries } = stores;
    const publish: TriageDeps['publish'] = ({ overBudget, ...publication }) =>
      publishAlerts(
        { matches: queues.matches, deliver: deliveryQueue(queues.deliver), deliveries },
        {
          ...publication,
          wantsNotice: (subscriber, notice) => context.current.wants(subscriber, notice),
          rules: {
            overBudget,
            notify: (watch) => context.current.notify(watch),
            wants: (subscriber, alert) => context.current.wants(subscriber, alert),
          },
        },
      );
    const deps = { judge: () => context.current.judge, stories, alerts, archive, publish, metrics, log, now };
    processors.push({
      queue: 'triage',
      concurrency: TRIAGE_CONCURRENCY,
      process: (job: Job<TriageJob>) => triageArticle(deps, job),
    });
  }
  if (roles.has('deliver')) {
    const deps = {
      deliveries: stores.deliveries,
      endpoints: stores.endpoints,
      holds: stores.holds,
      queue: deliveryQueue(stores.queues.deliver),
      client: context.outbound.webhooks,
      slots: createEndpointSlots(),
      endpoint: (id: string) => context.current.endpoints.get(id) ?? null,
      metrics,
      log,
      now,
      random: Math.random,
    };
    processors.push({
      queue: 'deliver',
      concurrency: DELIVER_CONCURRENCY,
      process: (job: Job<DeliverJob>, token) => deliver(deps, job, token),
    });
  }
  return processors;
}

async function plantTick({ stores, current }: Context): Promise<void> {
  const everyMs = current.config.settings.poll.tick * 1000;
  await stores.queues.schedule.upsertJobScheduler(
    TICK_ID,
    { every: everyMs },
    {
      name: TICK_ID,
      opts: { removeOnComplete: true, removeOnFail: 10 },
    },
  );
}

/** A scheduler makes its next job only when the last one starts: one that got lost would end the series. */
async function replantLateTick(context: Context): Promise<void> {
  const lateMs = Date.now() - context.lastTickMs;
  if (lateMs < LATE_TICKS * context.current.config.settings.poll.tick * 1000) return;
  context.log.warn({ lateMs }, 'the tick is late; it is planted anew');
  await context.stores.queues.schedule.removeJobScheduler(TICK_ID).catch(() => {});
  await plantTick(context).catch((error: unknown) => context.log.warn({ err: error }, 'tick'));
}

async function serveHttp(context: Context): Promise<HttpServer> {
  const { log, metrics, stores, roles } = context;
  const { http, poll } = context.current.config.settings;
  const lateMs = LATE_TICKS * poll.tick * 1000;
  const checks = {
    redis: () => answersWithin(stores, 2000),
    config: () => null,
    ...(roles.has('schedule')
      ? {
          tick: () =>
            Date.now() - context.lastTickMs > lateMs
              ? `no tick for ${Math.round((Date.now() - context.lastTickMs) / 1000)} s`
              : null,
        }
      : {}),
  };
  const server = await startHttpServer({ ...http, onError: (error) => log.error({ err: error }, 'http') }, [
    ...opsRoutes({ checks, registry: metrics.registry, refresh: () => refreshGauges(context) }),
    ...(context.websub?.routes ?? []),
    ...subscriberRoutes({ deliveries: stores.deliveries, secretsOf: (id) => subscriberSecrets(context.current, id) }),
  ]);
  log.info({ address: server.address, roles: [...roles] }, 'listening');
  return server;
}

function subscriberSecrets({ subscribers }: RunningConfig, id: string): readonly string[] | null {
  const subscriber = subscribers.get(id);
  return subscriber === undefined ? null : secretsOf(subscriber);
}

async function answersWithin(stores: Stores, ms: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer for ${ms} ms`), ms);
  });
  try {
    return await Promise.race([stores.redis.ping().then(() => null), late]);
  } finally {
    clearTimeout(timer);
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
