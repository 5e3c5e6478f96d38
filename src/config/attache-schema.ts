import { z } from 'zod';
import { duration, webUrl, wholeNumber } from './scalars.ts';

const CIDR = /^[0-9a-fA-F.:]+(\/\d{1,3})?$/;

const redis = z.strictObject({
  url: z
    .string()
    .regex(/^$|^(redis|rediss|unix):\/\/|^\//, {
      error: 'expected redis://…, rediss://… or the path of a unix socket; empty for the embedded one',
    })
    .default('')
    .describe(
      'Redis, Valkey or Cluster (several addresses, comma-separated). Empty: REDIS_URL, else an embedded redis-server under data/.',
    ),
  prefix: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, { error: 'expected lower-case letters, digits and hyphens' })
    .default('attache')
    .describe('Heads every key, so that several installations can share one Redis.'),
});

const http = z.strictObject({
  publicUrl: z
    .union([z.literal(''), webUrl.transform((url) => url.replace(/\/+$/, ''))], {
      error: 'expected an http or https URL, or nothing',
    })
    .prefault('')
    .describe(
      'Where the world reaches this server, for WebSub: hubs then push instead of being asked. Empty: polling alone.',
    ),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 in the container.'),
  port: wholeNumber(0, 65_535).prefault(8080).describe('0 takes any free port; the log names it.'),
  token: z
    .string()
    .default('')
    .describe('Token for the dashboard and /metrics; they need it beyond loopback and where publicUrl is set.'),
});

const poll = z.strictObject({
  tick: duration('1s', '5m').prefault('5s').describe('How often due feeds are looked for.'),
  minInterval: duration('1s', '1d')
    .prefault('5m')
    .describe('No feed is asked more often, unless its own `every` says so.'),
  maxInterval: duration('1m', '7d')
    .prefault('6h')
    .describe('No feed is asked less often, unless it forbids or has failed for long.'),
  concurrency: wholeNumber(1, 512).prefault(64).describe('Feeds fetched at the same moment by one process.'),
  hostGap: duration('0s', '5m').prefault('2s').describe('Pause between two requests to one host.'),
  timeout: duration('1s', '2m').prefault('20s').describe('The whole of one request.'),
  maxBytes: wholeNumber(1024, 64 * 1024 * 1024)
    .prefault(5 * 1024 * 1024)
    .describe('Of one feed, decompressed.'),
  maxItems: wholeNumber(1, 20_000).prefault(2000).describe('Of one feed.'),
  contact: z
    .string()
    .max(200)
    .default('')
    .describe('A URL or e-mail address that stands in the User-Agent, for operators of feeds.'),
  firstAlertMaxAge: duration('0s', '30d')
    .prefault('24h')
    .describe('Of a new feed’s backlog only articles younger than this may alert; the others are archived and joined.'),
});

const egress = z.strictObject({
  allow: z
    .array(z.string().regex(CIDR, { error: 'expected an address or a CIDR range such as 10.0.0.0/8' }))
    .default([])
    .describe('Private ranges that feeds and webhooks may reach; by default none.'),
  ports: z.array(wholeNumber(1, 65_535)).prefault([80, 443]).describe('Ports that may be asked.'),
  proxy: z
    .string()
    .default('')
    .describe(
      'An HTTP proxy for feeds and webhooks. It resolves names itself: it must refuse private addresses behind names.',
    ),
});

const retention = z.strictObject({
  articles: duration('1h', '365d').prefault('7d').describe('How long articles stay for explain and backtest.'),
  alerts: duration('1d', '365d')
    .prefault('10d')
    .describe('How long alerts stay for replay, and on the queue `matches` when nobody consumes them.'),
  maxArticles: wholeNumber(1000, 100_000_000)
    .prefault(100_000)
    .describe('Of the archive; the oldest go first. About 1.5 kB each.'),
  storyWindow: duration('1h', '30d').prefault('72h').describe('A story takes articles this long after its last one.'),
});

const queue = z.strictObject({
  maxBacklog: wholeNumber(100, 10_000_000)
    .prefault(10_000)
    .describe('Alerts kept on the queue `matches` when nobody consumes them; the oldest go first.'),
});

/** attache.yaml */
export const attacheSchema = z.strictObject({
  redis: redis.prefault({}),
  http: http.prefault({}),
  poll: poll.prefault({}),
  egress: egress.prefault({}),
  retention: retention.prefault({}),
  queue: queue.prefault({}),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
});

export type AttacheSettings = z.output<typeof attacheSchema>;
