import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from '../support/test-worker.ts';

let redis: TestRedis;
let worker: TestWorker;
let config: Awaited<ReturnType<typeof writeTestConfig>>;

beforeAll(async () => {
  redis = await startRedis();
  const subscribers = [{ id: 'desk', url: 'http://127.0.0.1:1/hook' }];
  config = await writeTestConfig({
    feeds: [],
    watches: [],
    subscribers,
    ports: [1],
    knowledge: false,
    http: { publicUrl: 'https://news.example.org' },
  });
  worker = await startTestWorker({ configDir: config.dir, redisUrl: redis.url });
});
afterAll(async () => {
  await worker?.stop();
  await Promise.all([config?.remove(), redis?.stop()]);
});

let sent = 0;

/** Sends bytes as they are, and answers the status of the first answer; null where the server only closed. */
function send(bytes: string): Promise<number | null> {
  const { hostname, port } = new URL(worker.address!);
  return new Promise((resolve, reject) => {
    // From another address each time: a client that asks this often would be refused.
    const localAddress = `127.9.${Math.floor(sent / 250)}.${(sent++ % 250) + 1}`;
    const socket = connect({ port: Number(port), host: hostname, localAddress }, () => socket.end(bytes, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0) || null));
  });
}

const PATHS = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/',
  '/api/subscribers/desk/alerts',
  '/api/subscribers/%00/alerts',
  '/api/subscribers/__proto__/alerts',
  '/websub/desk/token',
  '/websub/__proto__/%00',
  '/websub//',
  '/..%2f..%2fetc/passwd',
  '//',
  '/%',
];
const part = fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replace(/[\r\n ]/g, ''));
const request = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'BREW'),
    path: fc.oneof(
      fc.constantFrom(...PATHS),
      part.map((text) => `/${text}`),
    ),
    query: fc.oneof(
      fc.constant(''),
      part.map((text) => `?after=${text}&limit=${text}&since=${text}`),
      part.map((text) => `?hub.mode=subscribe&hub.topic=${text}&hub.challenge=${text}&hub.lease_seconds=${text}`),
      fc.constantFrom('?limit=1e9', '?limit=-1', '?after=0-0', '?since=9999d'),
    ),
    header: fc.oneof(
      fc.constant('x-nothing: 1'),
      part.map((text) => `authorization: Bearer ${text}`),
      part.map((text) => `x-hub-signature: sha256=${text}`),
      part.map((text) => `x-forwarded-for: ${text}\r\ncookie: ${text}`),
    ),
    body: part,
  })
  .map(
    ({ method, path, query, header, body }) =>
      `${method} ${path}${query} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${header}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );

test('whatever is sent to the HTTP side is answered or refused, never with an error of its own', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (bytes) => {
      const status = await send(bytes);
      // /readyz answers 503 while something is amiss: nothing is, here.
      if (status !== null) expect(status).toBeLessThan(500);
    }),
    { numRuns: 600 },
  );
  expect(await send('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toBe(200);
  expect(worker.lines.filter((line) => line.level === 50)).toEqual([]);
}, 60_000);

test('a body without end is cut off', async () => {
  const head = 'POST /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 100000000\r\n\r\n';
  const status = await send(head + 'x'.repeat(4_000_000)).catch(() => 413);
  expect([405, 413, 400, null]).toContain(status);
});
