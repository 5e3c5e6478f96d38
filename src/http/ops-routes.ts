import type { Registry } from 'prom-client';
import { json, type Route } from './http-server.ts';

/** One thing that must hold for the worker to be of use: null when it does, else what is wrong. */
export type Check = () => Promise<string | null> | string | null;

/** Each asks Redis: far more than orchestrators and people ask, and less than would be a burden. */
const PROBE_RATE = { burst: 200, perSec: 50 };

/**
 * `/healthz`: the process answers. `/readyz`: every check holds (503 and the reasons else). `/metrics`: Prometheus.
 * `refresh` brings gauges up to date before they are read.
 */
export function opsRoutes(deps: {
  readonly checks: Readonly<Record<string, Check>>;
  readonly registry: Registry;
  readonly refresh: () => Promise<void>;
}): Route[] {
  return [
    { method: 'GET', path: '/healthz', access: 'open', rate: 'none', handle: () => json(200, { status: 'ok' }) },
    { method: 'GET', path: '/readyz', access: 'open', rate: PROBE_RATE, handle: () => readiness(deps.checks) },
    {
      method: 'GET',
      path: '/metrics',
      access: 'token',
      handle: async () => {
        await deps.refresh();
        return { status: 200, body: await deps.registry.metrics(), contentType: deps.registry.contentType };
      },
    },
  ];
}

async function readiness(checks: Readonly<Record<string, Check>>) {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const),
  );
  const ready = results.every(([, wrong]) => wrong === null);
  const details = Object.fromEntries(results.map(([name, wrong]) => [name, wrong ?? 'ok']));
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: details });
}

async function runCheck(check: Check): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
