import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/** What the hosts saw that no polite reader does. */
export interface Offences {
  /** Asked before the time that headers or document wished for. */
  early: string[];
  /** Asked within a Retry-After. */
  retryAfter: string[];
  /** Asked in an hour or on a day that the document closed. */
  closed: string[];
  /** A second unconditional request on one day, although validators had been given. */
  unconditional: string[];
  /** A second connection to, or request at, one host at the same time. */
  crowded: string[];
  /** Asked again after a 410. */
  gone: string[];
}

export interface MoodyHosts {
  readonly feeds: { readonly id: string; readonly url: string; readonly mood: string }[];
  readonly port: number;
  readonly offences: Offences;
  readonly requests: Map<string, number>;
  /** The answer to this feed's last request was lost: the hosts hold nothing against the poll that repeats it. */
  unheard(feedId: string): void;
  close(): Promise<void>;
}

/** What a host holds against later requests. */
interface Book {
  notBefore: number;
  retryUntil: number;
  gone: boolean;
  gaveValidators: boolean;
  unconditionalOn: Map<number, number>;
}

interface Feed extends Book {
  readonly id: string;
  readonly mood: string;
  asked: number;
  /** As it was before the last request. */
  before: Book | null;
}

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string | number>;
  readonly hints?: Record<string, unknown>;
  readonly body?: string | Buffer;
  /** What the headers alone wish for, seconds. */
  readonly freshSec?: number;
}

const http = (ms: number) => new Date(ms).toUTCString();
/** Everyone's documents change at their own pace. */
const versionAt = (now: number, everyMs: number) => Math.floor(now / everyMs);

type Mood = (now: number, asked: number, feed: { id: string; origin: string }) => Reply | 'hang-up';

/** How a host behaves, by name. `asked` counts its requests. */
const MOODS: Readonly<Record<string, Mood>> = {
  'honest etag': (now) => ({ status: 200, headers: { etag: `"v${versionAt(now, 40 * MIN)}"` } }),
  'weak etag': (now) => ({ status: 200, headers: { etag: `W/"a, b-${versionAt(now, 2 * HOUR)}"` } }),
  'last-modified': (now) => ({ status: 200, headers: { 'last-modified': http(versionAt(now, HOUR) * HOUR) } }),
  'no validators': () => ({ status: 200 }),
  'lying etag': () => ({ status: 200, headers: { etag: '"always the same"' } }),
  'max-age': () => ({ status: 200, headers: { 'cache-control': 'max-age=1500' }, freshSec: 1_500 }),
  'max-age and age': (now) => ({
    status: 200,
    headers: { 'cache-control': 'public, max-age=3600', age: 600, etag: `"${versionAt(now, HOUR)}"` },
    freshSec: 3_000,
  }),
  expires: (now) => ({ status: 200, headers: { expires: http(now + 2 * HOUR), date: http(now) }, freshSec: 7_200 }),
  ttl: () => ({ status: 200, hints: { ttlMin: 90 } }),
  'sy: every three hours': () => ({ status: 200, hints: { updatePeriodSec: 10_800 } }),
  'skip hours': () => ({ status: 200, hints: { skipHours: [0, 1, 2, 3, 4, 5, 13, 14] } }),
  'skip days': () => ({ status: 200, hints: { skipDays: ['Saturday', 'Sunday'] } }),
  '429, seconds': (_now, asked) =>
    asked % 3 === 0 ? { status: 429, headers: { 'retry-after': 5_400 } } : { status: 200 },
  '503, date': (now, asked) =>
    asked % 4 === 1 ? { status: 503, headers: { 'retry-after': http(now + 9 * HOUR) } } : { status: 200 },
  '503 for two days': (_now, asked) =>
    asked === 5 ? { status: 503, headers: { 'retry-after': 2 * 86_400 } } : { status: 200 },
  '200 with retry-after': () => ({ status: 200, headers: { 'retry-after': 4_000 } }),
  '500 now and then': (now, asked) =>
    asked % 2 ? { status: 500 } : { status: 200, headers: { etag: `"${versionAt(now, HOUR)}"` } },
  'not found': () => ({ status: 404 }),
  'gone later': (_now, asked) => (asked > 10 ? { status: 410 } : { status: 200 }),
  'moved for good': (_now, _asked, { id, origin }) => ({
    status: 301,
    headers: { location: `${origin}/target/${id}` },
  }),
  'moved twice': (_now, _asked, { id, origin }) => ({ status: 308, headers: { location: `${origin}/via/${id}` } }),
  'elsewhere today': (_now, _asked, { id, origin }) => ({
    status: 302,
    headers: { location: `${origin}/target/${id}` },
  }),
  'redirect loop': (_now, _asked, { id }) => ({ status: 302, headers: { location: `/feed/${id}` } }),
  'no feed': (now) => ({ status: 200, headers: { etag: `"${versionAt(now, DAY)}"` }, body: '<html>sign in</html>' }),
  'no items': (now) => ({ status: 200, headers: { etag: `"${versionAt(now, 6 * HOUR)}"` }, body: '{"items":[]}' }),
  'hangs up': () => 'hang-up',
  bomb: (now) => ({
    status: 200,
    headers: { 'content-encoding': 'gzip', etag: `"${versionAt(now, DAY)}"` },
    body: BOMB,
  }),
};
const BOMB = gzipSync(Buffer.alloc(20 * 1024 * 1024));
export const MOOD_NAMES = Object.keys(MOODS);

/**
 * Hosts on loopback addresses of their own (127.20.x.y, one port), two feeds each, that behave by mood and judge each
 * request by what they themselves have said. Time is `clock`'s. Documents are JSON: `{items: [{key, at}], …hints}`.
 */
export async function startMoodyHosts(count: number, clock: () => number): Promise<MoodyHosts> {
  const offences: Offences = { early: [], retryAfter: [], closed: [], unconditional: [], crowded: [], gone: [] };
  const feeds = new Map<string, Feed>();
  const requests = new Map<string, number>();
  const openAt = new Map<string, number>();
  const server = createServer((request, response) => answer(request, response));
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    const host = socket.localAddress!;
    const open = (openAt.get(host) ?? 0) + 1;
    openAt.set(host, open);
    if (open > 1) offences.crowded.push(host);
    socket.on('error', () => {});
    socket.on('close', () => openAt.set(host, openAt.get(host)! - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  const hostOf = (index: number) => `http://127.20.${Math.floor(index / 250)}.${(index % 250) + 1}:${port}`;

  const list = Array.from({ length: count * 2 }, (_, index) => {
    const host = index % count;
    const mood = MOOD_NAMES[host % MOOD_NAMES.length]!;
    const id = `f${index}`;
    feeds.set(id, {
      id,
      mood,
      notBefore: 0,
      retryUntil: 0,
      gone: false,
      gaveValidators: false,
      unconditionalOn: new Map(),
      asked: 0,
      before: null,
    });
    return { id, url: `${hostOf(host)}/feed/${id}`, mood };
  });

  function judge(feed: Feed, request: IncomingMessage, now: number): void {
    const { notBefore, retryUntil, gone, gaveValidators } = feed;
    feed.before = { notBefore, retryUntil, gone, gaveValidators, unconditionalOn: new Map(feed.unconditionalOn) };
    const note = (kind: keyof Offences) =>
      offences[kind].push(`${feed.id} (${feed.mood}) at ${new Date(now).toISOString()}`);
    if (now < feed.retryUntil) note('retryAfter');
    else if (now < feed.notBefore) note('early');
    if (feed.gone) note('gone');
    const date = new Date(now);
    if (feed.asked > 0 && feed.mood === 'skip hours' && [0, 1, 2, 3, 4, 5, 13, 14].includes(date.getUTCHours()))
      note('closed');
    if (feed.asked > 0 && feed.mood === 'skip days' && [0, 6].includes(date.getUTCDay())) note('closed');
    const isConditional = 'if-none-match' in request.headers || 'if-modified-since' in request.headers;
    if (feed.gaveValidators && !isConditional) {
      const day = Math.floor(now / DAY);
      const times = (feed.unconditionalOn.get(day) ?? 0) + 1;
      feed.unconditionalOn.set(day, times);
      if (times > 1) note('unconditional');
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const now = clock();
    const [, kind, id] = request.url!.split('/');
    const feed = feeds.get(id!)!;
    requests.set(request.url!, (requests.get(request.url!) ?? 0) + 1);
    const index = Number(feed.id.slice(1)) % count;
    if (kind === 'via') {
      send(response, { status: 301, headers: { location: `${hostOf(count + index)}/target/${id}` } });
      return;
    }
    const isRedirecting = kind === 'feed' && (feed.mood.startsWith('moved') || feed.mood === 'elsewhere today');
    // Of a feed that lies elsewhere its target keeps the book.
    if (!isRedirecting && feed.mood !== 'redirect loop') judge(feed, request, now);
    if (!isRedirecting) feed.asked += 1;
    const mood = kind === 'target' ? MOODS['honest etag']! : MOODS[feed.mood]!;
    const reply = mood(now, feed.asked, { id: feed.id, origin: hostOf(count + index) });
    if (reply === 'hang-up') {
      request.socket.destroy();
      return;
    }
    if (!isRedirecting) keepBook(feed, reply, now);
    const { headers = {} } = reply;
    const known = request.headers['if-none-match'] ?? request.headers['if-modified-since'];
    const mine = headers.etag ?? headers['last-modified'];
    if (reply.status === 200 && mine !== undefined && known === mine)
      send(response, { ...reply, status: 304, body: '' });
    else send(response, { body: documentOf(feed, reply, now), ...reply });
  }

  function keepBook(feed: Feed, reply: Reply, now: number): void {
    const { headers = {}, hints = {} } = reply;
    if ('etag' in headers || 'last-modified' in headers) feed.gaveValidators = true;
    if (reply.status === 410) feed.gone = true;
    const wishSec = Math.max(reply.freshSec ?? 0, Number(hints.ttlMin ?? 0) * 60, Number(hints.updatePeriodSec ?? 0));
    feed.notBefore = now + wishSec * 1000;
    const retry = headers['retry-after'];
    if (retry !== undefined) feed.retryUntil = typeof retry === 'number' ? now + retry * 1000 : Date.parse(retry);
  }

  function send(response: ServerResponse, { status, headers = {}, body = '' }: Reply): void {
    response.writeHead(status, { date: http(clock()), ...headers }).end(status === 304 ? undefined : body);
  }

  const unheard = (id: string): void => {
    const feed = feeds.get(id);
    if (feed?.before) Object.assign(feed, feed.before);
  };

  return {
    feeds: list,
    unheard,
    port,
    offences,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function documentOf(feed: Feed, reply: Reply, now: number): string {
  const everyMs = 35 * MIN + (Number(feed.id.slice(1)) % 7) * 20 * MIN;
  const latest = versionAt(now, everyMs);
  const items = Array.from({ length: 10 }, (_, index) => ({
    key: `${feed.id}-${latest - index}`,
    at: (latest - index) * everyMs,
  }));
  return JSON.stringify({ items, ...reply.hints });
}
