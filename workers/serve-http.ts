import { type HttpServer, startHttpServer } from '../src/http/http-server.ts';
import { opsRoutes } from '../src/http/ops-routes.ts';
import type { Context } from './context.ts';
import { refreshGauges } from './housekeeping.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { configWarning } from './reload.ts';
import { type RunningConfig, secretsOf } from './running-config.ts';
import type { Stores } from './stores.ts';
import { subscriberRoutes } from './subscriber-routes.ts';
import { tickLateness } from './tick.ts';
import { watchQueues } from './watch-queues.ts';

/** Starts the HTTP side: health, metrics, the subscribers' past alerts, WebSub's callback. Rejects when the address cannot be had. */
export async function serveHttp(context: Context): Promise<HttpServer> {
  const { log, metrics, stores, roles } = context;
  const { http } = context.current.config.settings;
  const startedMs = performance.now();
  const late = async () => {
    const lateMs = await tickLateness(context, startedMs);
    return lateMs === null ? null : `no tick for ${Math.round(lateMs / 1000)} s`;
  };
  const config = () => {
    const warning = configWarning(context.configState);
    return warning === null ? null : { warning };
  };
  const moving = watchQueues({ connection: stores.redis, queues: stores.queues, log });
  const checks = {
    redis: () => answersWithin(stores, 2000),
    config,
    tick: late,
    queues: () => moving.stuck(),
  };
  const server = await startHttpServer({ ...http, onError: (error) => log.error({ err: error }, 'http') }, [
    ...opsRoutes({ checks, registry: metrics.registry, refresh: () => refreshGauges(context) }),
    ...pageRoutes(context),
    ...(context.websub?.routes ?? []),
    ...subscriberRoutes({ deliveries: stores.deliveries, secretsOf: (id) => subscriberSecrets(context.current, id) }),
  ]).catch((error: unknown) => {
    moving.stop();
    throw error;
  });
  log.info({ address: server.address, roles: [...roles] }, 'listening');
  return {
    address: server.address,
    async close() {
      moving.stop();
      await server.close();
    },
  };
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
