import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { HttpLimits } from '../../src/http/bound-connections.ts';
import { type HttpServer, json, type Route, startHttpServer, text } from '../../src/http/http-server.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { opsRoutes } from '../../src/http/ops-routes.ts';
import { clientOf, createRateLimiter } from '../../src/http/rate-limit.ts';
import { until } from '../support/until.ts';

const servers: HttpServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

/** A server whose clock stands until a test moves it. */
async function serve(limits: Partial<HttpLimits> = {}, host = '127.0.0.1') {
  const clock = { ms: 1_000 };
  const slow: Route = {
    method: 'POST',
    path: '/hub/:feed',
    access: 'own',
    handle: ({ body }) => json(200, body.length),
  };
  const page: Route = { method: 'GET', path: '/page', access: 'open', handle: () => text(200, 'x'.repeat(8_000_000)) };
  const server = await startHttpServer(
    { host, port: 0, token: '', onError: (error) => expect.unreachable(String(error)), limits, now: () => clock.ms },
    [...opsRoutes({ checks: {}, registry: createMetrics().registry, refresh: async () => {} }), slow, page],
  );
  servers.push(server);
  return { base: server.address.replace('0.0.0.0', '127.0.0.1'), clock };
}

/** The statuses of `count` requests, one after the other. */
async function ask(count: number, url: string, from = '127.0.0.1'): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) {
    statuses.push(
      await new Promise<number>((resolve, reject) => {
        const method = url.includes('/hub/') ? 'POST' : 'GET';
        httpRequest(url, { method, localAddress: from }, (res) => {
          res.resume().on('end', () => resolve(res.statusCode ?? 0));
        })
          .on('error', reject)
          .end();
      }),
    );
  }
  return statuses;
}

test('whoever asks too often gets 429 with the time to wait, and is served again after it', async () => {
  const { base, clock } = await serve();
  expect(await ask(60, `${base}/hub/one`)).toEqual(Array(60).fill(200));
  const over = await fetch(`${base}/hub/two`, { method: 'POST', body: 'push' });
  expect([over.status, over.headers.get('retry-after')]).toEqual([429, '1']);
  clock.ms += 1_000;
  expect(await ask(21, `${base}/hub/one`)).toEqual([...Array(20).fill(200), 429]);
});

test('a client over its measure costs no other client and no other page', async () => {
  const { base } = await serve();
  await ask(61, `${base}/hub/one`);
  expect(await ask(1, `${base}/hub/one`)).toEqual([429]);
  expect(await ask(1, `${base}/hub/one`, '127.0.0.2')).toEqual([200]);
  expect(await ask(1, `${base}/metrics`)).toEqual([200]);
});

test('probes are answered however often they come, and whoever searches for pages is slowed down soon', async () => {
  const { base } = await serve();
  expect(new Set(await ask(300, `${base}/healthz`))).toEqual(new Set([200]));
  expect(new Set(await ask(150, `${base}/readyz`))).toEqual(new Set([200]));
  expect(await ask(22, `${base}/wp-login.php`)).toEqual([...Array(20).fill(404), 429, 429]);
});

function open(base: string, from = '127.0.0.1'): { socket: Socket; heard: () => string; closed: () => boolean } {
  const { port } = new URL(base);
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  let said = '';
  let closed = false;
  socket.setEncoding('latin1').on('data', (piece: string) => {
    said += piece;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  sockets.push(socket);
  return { socket, heard: () => said, closed: () => closed };
}

test('a client that drips its headers is cut off', async () => {
  const { base } = await serve({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
  const { socket, closed, heard } = open(base);
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => socket.writable && socket.write('X-A: b\r\n'), 50);
  await until('it is cut off', closed);
  clearInterval(drip);
  expect(heard()).toMatch(/^HTTP\/1\.1 408|^$/);
});

test('a client that drips its body is cut off', async () => {
  const { base } = await serve({ headersTimeoutMs: 300, requestTimeoutMs: 600 });
  const { socket, closed } = open(base);
  socket.write('POST /hub/one HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
  const drip = setInterval(() => socket.writable && socket.write('x'), 50);
  await until('it is cut off', closed);
  clearInterval(drip);
});

test('a client that does not read its answer is cut off', async () => {
  const { base } = await serve({ idleTimeoutMs: 400, maxConnectionsOfAClient: 1 });
  const { socket } = open(base);
  socket.pause();
  socket.write('GET /page HTTP/1.1\r\nHost: x\r\n\r\n');
  const status = async () => (await ask(1, `${base}/healthz`).catch(() => [0]))[0];
  await until('it holds the only connection', async () => (await status()) === 0);
  await until('its connection is free again', async () => (await status()) === 200);
});

test('one client cannot take all connections', async () => {
  const { base } = await serve({ maxConnectionsOfAClient: 4 });
  const hogs = Array.from({ length: 12 }, () => open(base));
  await until('those over the bound are refused', () => hogs.filter(({ closed }) => closed()).length === 8);
  expect(await ask(1, `${base}/healthz`, '127.0.0.3')).toEqual([200]);
  for (const { socket } of hogs) socket.destroy();
  await until('its own come back to it', async () => (await ask(1, `${base}/healthz`).catch(() => [0]))[0] === 200);
});

test('a client is its IPv4 address, or the /64 of its IPv6 one, however it is written', () => {
  expect(clientOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(clientOf('192.0.2.7')).toBe('192.0.2.7');
  expect(clientOf('2001:db8:1:2:3:4:5:6')).toBe(clientOf('2001:db8:1:2::9'));
  expect(clientOf('2001:db8:1:3::9')).not.toBe(clientOf('2001:db8:1:2::9'));
  expect(clientOf('::1')).toBe('0:0:0:0::/64');
  expect(clientOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

test('whatever the times of the requests, never more pass than the burst and what has been earned since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 400 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (gaps, burst, perSec) => {
        const limiter = createRateLimiter();
        let nowMs = 0;
        let forwardMs = 0;
        let passed = 0;
        for (const gap of gaps) {
          nowMs += gap;
          forwardMs += Math.max(0, gap);
          const over = limiter.take('one', { burst, perSec }, nowMs);
          if (over === null) passed++;
          else expect(over.retryAfterSec).toBeGreaterThanOrEqual(1);
        }
        expect(passed).toBeLessThanOrEqual(burst + (forwardMs / 1000) * perSec);
      },
    ),
  );
});

test('a flood from many addresses fills no memory: the bucket asked longest ago goes first', () => {
  const limiter = createRateLimiter(3);
  const rate = { burst: 1, perSec: 0.1 };
  const take = (name: string) => limiter.take(name, rate, 0) === null;
  expect([take('a'), take('b'), take('c'), take('a')]).toEqual([true, true, true, false]);
  // d takes the place of b, which then begins anew; a was asked since and is still known.
  expect([take('d'), take('a'), take('b')]).toEqual([true, false, true]);
});
