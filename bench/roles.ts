/**
 * Articles a second from the feed to the webhook with one, two and four processes: `node bench/roles.ts [rounds=3] [articles=2000]`. Each article matches and is told.
 * Rounds of the variants alternate; compare the ratios. See README.md.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../tests/support/checkout.ts';
import { startRedis } from '../tests/support/redis-server.ts';
import { writeTestConfig } from '../tests/support/test-worker.ts';
import { until } from '../tests/support/until.ts';
import { startReceiver } from '../tests/support/webhook-receiver.ts';

const [rounds = 3, articles = 2000] = process.argv.slice(2).map(Number);
const HOSTS = 40;
const ALL = 'schedule,poll,triage,deliver';
const [FRONT, BACK] = ['schedule,poll', 'triage,deliver'];
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'one process': [ALL],
  'two, split by role': [FRONT, BACK],
  'two, alike': [ALL, ALL],
  'four, two of each role': [FRONT, BACK, FRONT, BACK],
};

/** Outlets on addresses of their own, so that they are asked side by side. What they show is exchanged as a whole. */
async function startOutlets() {
  let shown: readonly string[] = Array(HOSTS).fill('');
  const asked = new Set<number>();
  const servers: Server[] = [];
  let port = 0;
  for (let host = 0; host < HOSTS; host++) {
    const server = createServer((_, response) => {
      asked.add(host);
      const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet ${host}</title>${shown[host]}</channel></rss>`;
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(port, `127.20.1.${host + 1}`, resolve));
    port = (server.address() as AddressInfo).port;
    servers.push(server);
  }
  return {
    port,
    asked,
    url: (host: number) => `http://127.20.1.${host + 1}:${port}/feed`,
    show(next: readonly string[]) {
      shown = next;
    },
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Every report has words that no other has, so that each begins a story. */
function item(round: string, n: number): string {
  const own = Array.from({ length: 8 }, (_, at) => `q${round}${(n * 8 + at).toString(36)}x`).join(' ');
  return `<item><guid>${round}-${n}</guid><link>https://outlet.example/${round}/${n}</link><title>Frigate ${own}</title><description>${own.repeat(6)} the ministry said on the day before.</description><pubDate>${new Date().toUTCString()}</pubDate></item>`;
}

/** Milliseconds until every article of one round was told. */
async function playRound(roles: readonly string[], round: string): Promise<number> {
  const redis = await startRedis({ appendonly: true, args: ['--appendfsync', 'everysec'] });
  const outlets = await startOutlets();
  const receiver = await startReceiver((response) => response.writeHead(204).end());
  const config = await writeTestConfig({
    feeds: Array.from({ length: HOSTS }, (_, host) => ({ id: `outlet-${host}`, url: outlets.url(host), every: '2s' })),
    watches: [{ id: 'ships', query: 'frigate', notify: ['desk'] }],
    subscribers: [{ id: 'desk', url: receiver.url }],
    ports: [outlets.port, Number(new URL(receiver.url).port)],
    poll: { tick: '1s' },
  });
  const children = roles.map((some) => startProcess(config.dir, redis.url, some));
  try {
    await Promise.all(children.map(({ ready }) => ready));
    await until('every outlet was asked', () => outlets.asked.size === HOSTS, 120_000);
    const items = Array.from({ length: articles }, (_, n) => item(round, n));
    const startedMs = performance.now();
    outlets.show(Array.from({ length: HOSTS }, (_, host) => items.filter((__, n) => n % HOSTS === host).join('')));
    const told = () => new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size;
    await until('every article was told', () => receiver.received.length >= articles && told() >= articles, 600_000);
    return performance.now() - startedMs;
  } finally {
    for (const { child } of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    outlets.close();
    await Promise.all([receiver.stop(), config.remove(), redis.stop()]);
  }
}

function startProcess(configDir: string, redisUrl: string, roles: string) {
  const args = [join(ROOT, 'cli/attache.mjs'), 'start', '--config', configDir, '--roles', `${roles},http`];
  const env = { ...process.env, REDIS_URL: redisUrl, TZ: 'UTC' };
  const child: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr! }).on('line', (line) => {
      if (/"msg":"listening"/.test(line)) resolve();
    });
    child.once('close', () => reject(new Error(`a process with the roles ${roles} ended`)));
  });
  return { child, ended, ready };
}

const tookMs = new Map<string, number[]>();
for (let round = 0; round < rounds; round++) {
  for (const [name, roles] of Object.entries(VARIANTS)) {
    const ms = await playRound(roles, `${round}${tookMs.size}`);
    tookMs.set(name, [...(tookMs.get(name) ?? []), ms]);
    console.log(`round ${round + 1}, ${name}: ${Math.round((articles / ms) * 1000)} articles/s`);
  }
}
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const base = median(tookMs.get('one process')!);
for (const [name, all] of tookMs) {
  console.log(
    `${name}: ${Math.round((articles / median(all)) * 1000)} articles/s, ${(base / median(all)).toFixed(2)} of one process`,
  );
}
