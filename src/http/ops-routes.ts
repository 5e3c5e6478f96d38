import type { Registry } from 'prom-client';
import { json, type Route } from './http-server.ts';

/** What is wrong; a warning leaves the worker of use. Null: nothing. */
type Finding = string | { readonly warning: string } | null;
/** One thing that must hold for the worker to be of use, or that an operator should know. */
export type Check = () => Promise<Finding> | Finding;

/** Each asks Redis: far more than orchestrators and people ask, and less than would be a burden. */
const PROBE_RATE = { burst: 200, perSec: 50 };

/**
 * `/healthz`: the process answers. `/readyz`: every check holds, or only warns (503 and the reasons else). `/metrics`: Prometheus.
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
  const ready = results.every(([, found]) => typeof found !== 'string');
  const details = Object.fromEntries(results.map(([name, found]) => [name, textOf(found)]));
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: details });
}

function textOf(found: Finding): string {
  if (found === null) return 'ok';
  return typeof found === 'string' ? found : found.warning;
}

async function runCheck(check: Check): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
