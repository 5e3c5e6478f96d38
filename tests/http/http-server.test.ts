import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HttpServer, json, startHttpServer } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { opsRoutes } from '../../src/http/ops-routes.ts';

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: { token?: string; host?: string; redis?: () => Promise<string | null> } = {}) {
  const metrics = createMetrics();
  metrics.matches.inc({ watch: 'navies' });
  const routes = opsRoutes({
    checks: { redis: options.redis ?? (() => null), config: () => null },
    registry: metrics.registry,
    refresh: async () => metrics.queueJobs.set({ queue: 'triage', state: 'waiting' }, 7),
  });
  const server = await startHttpServer(
    {
      host: options.host ?? '127.0.0.1',
      port: 0,
      token: options.token ?? '',
      onError: (error) => expect.unreachable(String(error)),
    },
    [
      ...routes,
      {
        method: 'POST',
        path: '/echo/:name',
        access: 'token',
        handle: ({ params, body }) => json(200, { ...params, bytes: body.length }),
      },
    ],
  );
  servers.push(server);
  return server.address.replace('0.0.0.0', '127.0.0.1');
}

test('a worker in order says so, and a check that fails makes it not ready with its reason', async () => {
  const good = await serve();
  expect(await (await fetch(`${good}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${good}/readyz`)).json()).toEqual({
    status: 'ready',
    checks: { redis: 'ok', config: 'ok' },
  });
  const bad = await serve({ redis: () => Promise.reject(new Error('no answer for 2 s')) });
  const answer = await fetch(`${bad}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'not ready', checks: { redis: 'no answer for 2 s', config: 'ok' } });
  expect((await fetch(`${bad}/healthz`)).status).toBe(200);
});

test('metrics are Prometheus text with gauges as they are now', async () => {
  const text = await (await fetch(`${await serve()}/metrics`)).text();
  expect(text).toContain('attache_matches_total{watch="navies"} 1');
  expect(text).toContain('attache_queue_jobs{queue="triage",state="waiting"} 7');
});

test('with a token set, everything but the two health addresses needs it', async () => {
  const base = await serve({ token: 'open sesame' });
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect((await fetch(`${base}/metrics`)).status).toBe(401);
  const wrong = await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer open' } });
  expect(wrong.status).toBe(401);
  const right = await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer open sesame' } });
  expect(right.status).toBe(200);
});

test('beyond loopback nothing but health is answered while no token is set', async () => {
  const base = await serve({ host: '0.0.0.0' });
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const metrics = await fetch(`${base}/metrics`);
  expect(metrics.status).toBe(403);
  expect(await metrics.text()).toContain('http.token');
});

test('an unknown path is 404, a wrong method 405 with the right ones, a body over the limit 413', async () => {
  const base = await serve();
  expect((await fetch(`${base}/nothing`)).status).toBe(404);
  const wrong = await fetch(`${base}/healthz`, { method: 'POST' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
  const fits = await fetch(`${base}/echo/a%20b`, { method: 'POST', body: 'x'.repeat(1000) });
  expect(await fits.json()).toEqual({ name: 'a b', bytes: 1000 });
  const large = await fetch(`${base}/echo/a`, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(large.status).toBe(413);
});

test('a client that hangs does not hold up the stop', async () => {
  const base = new URL(await serve());
  const socket = connect(Number(base.port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  await servers.pop()?.close();
  await closed;
});
