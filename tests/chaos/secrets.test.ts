import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ROOT } from '../support/checkout.ts';
import { newsRound } from '../support/crash-news.ts';
import { COMPILE_CACHE, type CrashWorker, spawnCrashWorker } from '../support/crash-worker.ts';
import { type FeedHost, startFeedHost } from '../support/feed-host.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

/** Each is found again only where somebody let it out. */
const SECRETS = {
  webhook: `whsec_${Buffer.from('not-for-anybody-elses-eyes-12345').toString('base64')}`,
  webhookPath: 'T00SECRETPATH',
  feedHeader: 'Bearer feedheader-5ecret',
  httpToken: 'httptoken-5ecret-0123456789',
  redis: 'redispassword-5ecret',
  feedQuery: 'feedquery-5ecret',
  proxy: 'proxypassword-5ecret',
};
/** Where an outlet's address holds a key, it is a secret too: it is needed in Redis and for the request, and nowhere else. */
const KEYED = ['keyed', 'keyed-forbidden', 'keyed-moved', 'keyed-garbage'] as const;
const keyedPath = (id: string): string => `${id}?key=${SECRETS.feedQuery}`;
const ENV = {
  WEBHOOK_SECRET: SECRETS.webhook,
  FEED_HEADER: SECRETS.feedHeader,
  HTTP_TOKEN: SECRETS.httpToken,
};

let redis: TestRedis;
let host: FeedHost;
let receiver: WebhookReceiver;
let worker: CrashWorker;
let config: Awaited<ReturnType<typeof writeTestConfig>>;
let client: Redis;
let line: TcpProxy;
/** A unix socket's path has no place for a password. */
let redisUrl: string;

beforeAll(async () => {
  redis = await startRedis({ args: ['--requirepass', SECRETS.redis] });
  client = redis.client({ password: SECRETS.redis });
  line = await startTcpProxy(redis.path);
  redisUrl = `redis://:${SECRETS.redis}@127.0.0.1:${line.port}`;
  host = await startFeedHost();
  receiver = await startReceiver((response, _, { path }) =>
    response.writeHead(path.includes('broken') ? 500 : 204).end(),
  );
  const { port } = new URL(receiver.url);
  config = await writeTestConfig({
    feeds: [
      ...['wire', 'forbidden', 'garbage', 'nobody'].map((id) => ({
        id,
        url: id === 'nobody' ? 'http://127.0.0.1:1/nobody' : host.url(id),
        headers: { authorization: '${FEED_HEADER}' },
      })),
      ...KEYED.map((id) => ({ id, url: host.url(keyedPath(id)) })),
      { id: 'keyed-nobody', url: `http://127.0.0.1:1/${keyedPath('nobody')}` },
      { id: 'keyed-denied', url: `http://10.1.2.3/${keyedPath('denied')}` },
    ],
    watches: [{ id: 'ships', query: 'frigate', notify: ['told', 'broken', 'nobody'] }],
    subscribers: [
      { id: 'told', url: `http://127.0.0.1:${port}/${SECRETS.webhookPath}`, secret: '${WEBHOOK_SECRET}' },
      { id: 'broken', url: `http://127.0.0.1:${port}/broken/${SECRETS.webhookPath}`, secret: '${WEBHOOK_SECRET}' },
      { id: 'nobody', url: `http://127.0.0.1:1/${SECRETS.webhookPath}`, secret: '${WEBHOOK_SECRET}' },
    ],
    ports: [host.port, Number(port), 1],
    knowledge: false,
  });
  await writeFile(
    join(config.dir, 'attache.yaml'),
    stringify({
      http: { port: 0, token: '${HTTP_TOKEN}' },
      poll: { tick: '1s', hostGap: '0s' },
      egress: { allow: ['127.0.0.0/8'], ports: [host.port, Number(port), 1] },
      log: { level: 'trace' },
    }),
  );
  host.show('wire', newsRound(1).steps[0]!.items);
  host.show('forbidden', (_, response) => void response.writeHead(403).end());
  host.show('garbage', (_, response) => void response.end('<rss><channel><item>'));
  host.show(keyedPath('keyed'), newsRound(2).steps[0]!.items);
  host.show(keyedPath('keyed-forbidden'), (_, response) => void response.writeHead(403).end());
  host.show(keyedPath('keyed-garbage'), (_, response) => void response.end('<rss><channel><item>'));
  host.show(keyedPath('keyed-moved'), (_, response) => {
    response.writeHead(301, { location: `http://127.0.0.1:1/elsewhere?key=${SECRETS.feedQuery}` }).end();
  });
  worker = spawnCrashWorker({ configDir: config.dir, redisUrl, env: ENV });
  worker.run();
});
afterAll(async () => {
  await worker?.kill();
  await Promise.all([host?.close(), receiver?.stop(), config?.remove()]);
  await line?.close();
  await redis?.stop();
});

/** What of the secrets a text gives away, by name. */
const leaks = (said: string): string[] =>
  Object.entries(SECRETS)
    .filter(([, secret]) => said.includes(secret) || said.includes(secret.replace(/^(whsec_|Bearer )/, '')))
    .map(([name]) => name);

/** The worker's page of that name; null until the log tells where it listens. */
async function page(path: string, headers: Record<string, string> = {}): Promise<string | null> {
  const address = worker.lines.map((one) => /"address":"([^"]+)"/.exec(one)?.[1]).find((one) => one !== undefined);
  return address === undefined ? null : (await fetch(`${address}${path}`, { headers })).text();
}

/** Everything in Redis, as text. */
async function everything(): Promise<string> {
  const values: unknown[] = [];
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    values.push(
      key,
      type === 'hash' ? await client.hgetall(key) : '',
      type === 'string' ? await client.get(key) : '',
      type === 'list' ? await client.lrange(key, 0, -1) : '',
      type === 'zset' ? await client.zrange(key, '0', '-1') : '',
      type === 'set' ? await client.smembers(key) : '',
      type === 'stream' ? await client.xrange(key, '-', '+') : '',
    );
  }
  return JSON.stringify(values);
}

test('secrets stand in no log line, no key of Redis, no metric and no page, whatever goes wrong', async () => {
  await until('a webhook came', () => receiver.received.some(({ path }) => path === `/${SECRETS.webhookPath}`), 60_000);
  const said = (pattern: RegExp) => () => worker.lines.some((one) => pattern.test(one));
  const failing = ['forbidden', 'garbage', 'nobody'];
  for (const feed of [...failing, ...failing.map((id) => `keyed-${id}`), 'keyed-moved', 'keyed-denied'])
    await until(`${feed} was told`, said(new RegExp(`"feed":"${feed}"`)), 30_000);
  for (const id of ['broken', 'nobody']) await until(`${id} was told`, said(new RegExp(`"subscriber":"${id}"`)));
  line.become('cut');
  await until('the lost Redis was told', said(/"msg":"redis"/));
  line.become('pass');
  expect(leaks(worker.lines.join('\n'))).toEqual([]);
  // The path of a webhook is for the request alone; a feed's address is what Redis keeps of it.
  expect(leaks((await everything()).replaceAll(/https?:[^"\\\s]*\?key=feedquery-5ecret/g, ''))).toEqual([]);
  const authorization = `Bearer ${SECRETS.httpToken}`;
  const pages = await Promise.all(
    ['/healthz', '/readyz', '/metrics', '/api/subscribers/told/alerts', '/nowhere'].flatMap((path) => [
      page(path),
      page(path, { authorization }),
      page(path, { authorization: 'Bearer wrong' }),
    ]),
  );
  expect(pages.join('')).toContain('attache_polls_total');
  expect(leaks(pages.join('\n'))).toEqual([]);
}, 120_000);

/** What `attache ARGUMENTS` prints on this configuration. */
async function attache(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'cli', 'attache.mjs'), ...args, '--config', config.dir], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return `${out}${err}`;
}

test('what a proxy is asked with stands in no message, when it refuses and when it is not there', async () => {
  const proxy = createServer((_, response) => void response.writeHead(407).end()).on('connect', (_, socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const settings = join(config.dir, 'attache.yaml');
  const before = await readFile(settings, 'utf8');
  const ports = [(proxy.address() as AddressInfo).port, 1];
  try {
    for (const port of ports) {
      const uri = `http://user:${SECRETS.proxy}@127.0.0.1:${port}`;
      await writeFile(
        settings,
        stringify({ ...(parse(before) as object), egress: { proxy: uri, allow: ['127.0.0.0/8'], ports } }),
      );
      const said = await attache(['feeds', 'check', `http://127.0.0.1:${ports[0]}/feed?key=${SECRETS.feedQuery}`], ENV);
      expect(said).toMatch(/cannot be read/);
      expect(leaks(said)).toEqual([]);
    }
    await writeFile(settings, stringify({ egress: { proxy: `htp:/user:${SECRETS.proxy}@x` } }));
    expect(leaks(await attache(['feeds', 'check', 'http://127.0.0.1/feed'], ENV))).toEqual([]);
  } finally {
    await writeFile(settings, before);
    proxy.close();
  }
}, 120_000);

test('secrets stand in no error message, when they are malformed or do not open what they are for', async () => {
  const [malformed, refused] = await Promise.all([
    attache(['check'], { ...ENV, WEBHOOK_SECRET: SECRETS.webhook.slice(0, -20).concat('!!') }),
    attache(['deliveries', 'list'], { ...ENV, REDIS_URL: `redis://:${SECRETS.redis}@127.0.0.1:1` }),
  ]);
  expect(malformed).toContain('expected whsec_');
  expect(malformed).not.toContain(SECRETS.webhook.slice(6, 20));
  expect(refused).toMatch(/Redis/);
  expect(leaks(malformed + refused)).toEqual([]);
}, 60_000);
