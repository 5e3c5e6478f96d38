import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import type { Context } from '../../workers/context.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { configWarning, startedConfig, takeConfig } from '../../workers/reload.ts';
import { type RunningConfig, runConfig } from '../../workers/running-config.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import {
  startTestWorker,
  type TestConfig,
  type TestWorker,
  writeTestConfig,
  writeTestFiles,
} from '../support/test-worker.ts';
import { until } from '../support/until.ts';

let redis: TestRedis;
let worker: TestWorker;
let config: { readonly dir: string; remove(): Promise<void> };
const CONFIG: TestConfig = { feeds: [], watches: [{ id: 'a', query: 'navy' }], ports: [], knowledge: false };

beforeAll(async () => {
  redis = await startRedis();
  config = await writeTestConfig(CONFIG);
});
afterEach(() => worker?.stop());
afterAll(async () => {
  await config.remove();
  await redis.stop();
});

async function reload(change: Partial<TestConfig>): Promise<void> {
  await writeTestFiles(config.dir, { ...CONFIG, ...change });
  try {
    await worker.reload(runConfig(await loadKnowledge(config.dir, {}, new Date())));
  } catch (error) {
    worker.refuse(error);
  }
}
const get = async (path: string) => (await fetch(`${worker.address}${path}`)).text();

test('a refused reload leaves the worker ready and shows in /readyz and the metrics until a good one comes', async () => {
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url, roles: ['http'] });
  expect(await get('/metrics')).toContain('attache_config_last_reload_successful 1');
  await reload({ watches: [{ id: 'secret-project', query: '(' }] });
  const answer = await fetch(`${worker.address}/readyz`);
  expect(answer.status).toBe(200);
  const { checks } = (await answer.json()) as { checks: { config: string } };
  expect(checks.config).toMatch(/^running the config of 20\S+Z; that of 20\S+Z was refused with 1 error/);
  // Anybody may ask /readyz.
  expect(checks.config).not.toContain('secret-project');
  expect(worker.lines.map(({ msg }) => String(msg))).toContainEqual(
    expect.stringMatching(/watches\.yaml:\d+:\d+: watches\[0\]\.query/),
  );
  expect(await get('/metrics')).toContain('attache_config_last_reload_successful 0');
  await reload({});
  expect(JSON.parse(await get('/readyz')).checks.config).toBe('ok');
  expect(await get('/metrics')).toContain('attache_config_last_reload_successful 1');
});

test('a reload takes limits over, names what needs a restart, and keeps that as it is until then', async () => {
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url, roles: ['http'] });
  await reload({ poll: { tick: '2s', minInterval: '1m' }, queue: { maxBacklog: 500 } });
  const said = (msg: string) => worker.lines.find((line) => line.msg === msg)?.settings;
  expect(said('settings taken over')).toEqual(['poll.minInterval', 'queue.maxBacklog']);
  expect(said('these settings take effect at the next start')).toEqual(['poll.tick']);
  expect(JSON.parse(await get('/readyz')).checks.config).toBe('a restart is needed for poll.tick');
  expect(await get('/metrics')).toContain('attache_config_restart_pending{setting="poll.tick"} 1');
  await reload({});
  expect(JSON.parse(await get('/readyz')).checks.config).toBe('ok');
  expect(await get('/metrics')).not.toContain('attache_config_restart_pending{');
});

test('feeds that Redis refuses to plan at a reload are planned as soon as it takes them, and it is told until then', async () => {
  const files = await loadKnowledge(config.dir, {}, new Date());
  const current = runConfig(files);
  const metrics = createMetrics();
  const planned: number[] = [];
  let isFull = true;
  const sync = async (feeds: readonly unknown[]): Promise<number> => {
    if (isFull) throw new Error('OOM command not allowed');
    return planned.push(feeds.length);
  };
  const context = {
    stores: { due: { sync } },
    metrics,
    log: pino({}, { write: () => {} }),
    current,
    configState: startedConfig({ metrics }, Date.now()),
    websub: null,
    stopping: new AbortController().signal,
  } as unknown as Context;
  const next = {
    ...current,
    feeds: new Map([['new', {} as RunningConfig['feeds'] extends ReadonlyMap<string, infer Feed> ? Feed : never]]),
  };
  await takeConfig(context, next, Date.now(), 20);
  expect([configWarning(context.configState), planned]).toEqual([
    'the feeds of the new config are not planned yet',
    [],
  ]);
  isFull = false;
  await until('they are planned', () => planned.length > 0);
  await until('it is no longer told', () => configWarning(context.configState) === null);
  expect(planned).toEqual([1]);
});
