import { createHash } from 'node:crypto';
import type { HttpClient } from '../../../src/net/http-client.ts';
import type { HttpRequest, HttpResponse } from '../../../src/net/http-request.ts';

/**
 * News without end from made-up outlets, the same for the same arguments: events with words of their own, reported by several outlets, a fifth of the reports
 * copied word for word. Half of the words are the event's, half come from a vocabulary with Zipf's frequencies; each event brings a few new words, as news does.
 */
export interface MadeUpNews {
  readonly client: HttpClient;
  url(feed: number): string;
  /** What was asked so far, and how many answers had a body. */
  readonly counts: { requests: number; bodies: number };
}

const DAY_MS = 86_400_000;
const VOCABULARY = 40_000;
const ITEMS_SHOWN = 15;
/** How far back the slowest feed's first document reaches, and more. */
const BACKLOG_DAYS = 100;
/** Events begun a day, for each 100 articles: with Zipf's choice an event gets about three reports. */
const EVENTS_PER_ARTICLE = 0.35;
const PLACES =
  'China,Belarus,Poland,Lithuania,Russia,Ukraine,Germany,France,Japan,India,Turkey,Iran,Israel,Egypt,Sudan,Mali,Niger,Chile,Brazil,Canada'.split(
    ',',
  );
const SUBJECTS =
  'defence minister,foreign minister,navy,border guard,frigate,parliament,central bank,football club,school board,harvest,hospital,railway,film festival,missile test,embassy,tax reform,earthquake,election,summit,court'.split(
    ',',
  );

export function createMadeUpNews(options: {
  readonly feeds: number;
  /** Of one feed in the mean; feeds differ between a quarter and four times of it. */
  readonly articlesADay: number;
  readonly startMs: number;
  readonly now: () => number;
}): MadeUpNews {
  const { feeds, articlesADay, startMs, now } = options;
  const counts = { requests: 0, bodies: 0 };
  const eventsADay = Math.max(1, feeds * articlesADay * EVENTS_PER_ARTICLE);
  const perDay = (feed: number): number => articlesADay * RATES[feed % RATES.length]!;

  /** The report `ordinal` of a feed; those below 0 are its backlog. */
  const article = (
    feed: number,
    ordinal: number,
  ): { readonly atMs: number; readonly title: string; readonly text: string } => {
    const atMs = startMs - DAY_MS + ((ordinal + (feed % 97) / 97) * DAY_MS) / perDay(feed);
    const random = lehmer(feed * 1_000_003 + ordinal * 7919 + 11);
    const newest = ((atMs - startMs + BACKLOG_DAYS * DAY_MS) / DAY_MS) * eventsADay;
    // The newest events are reported most: the age in events is Zipf-like over about a day and a half.
    const event = Math.max(0, Math.floor(newest - (eventsADay * 1.5) ** random()));
    const isCopy = random() < 0.2;
    return { atMs, ...report(event, isCopy ? lehmer(event + 5) : random) };
  };

  const ask = async (request: HttpRequest): Promise<HttpResponse> => {
    counts.requests += 1;
    const feed = Number(/outlet-(\d+)/.exec(request.url)?.[1]);
    const last = Math.floor(((now() - startMs + DAY_MS) / DAY_MS) * perDay(feed) - (feed % 97) / 97);
    const etag = `"${last}"`;
    const answer = { url: request.url, redirects: [], timings: { headersMs: 1, totalMs: 1 } };
    const asked = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === 'if-none-match')?.[1];
    if (asked === etag) return { ...answer, status: 304, headers: { etag }, body: new Uint8Array() };
    counts.bodies += 1;
    const items = Array.from({ length: ITEMS_SHOWN }, (_, age) => {
      const { atMs, title, text } = article(feed, last - age);
      const link = `https://outlet-${feed}.example/${last - age}`;
      return `<item><guid>${link}</guid><title>${title}</title><link>${link}</link><description>${text}</description><pubDate>${new Date(atMs).toUTCString()}</pubDate></item>`;
    });
    const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet ${feed}</title><link>https://outlet-${feed}.example/</link>${items.join('')}</channel></rss>`;
    return {
      ...answer,
      status: 200,
      headers: { etag, 'content-type': 'application/rss+xml' },
      body: Buffer.from(body),
    };
  };

  return {
    counts,
    url: (feed) => `https://outlet-${feed}.example/feed`,
    client: { request: ask, close: async () => {} },
  };
}

/** Mean 1. */
const RATES = [0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 2, 4];

function report(event: number, random: () => number): { readonly title: string; readonly text: string } {
  const its = lehmer(event * 31 + 3);
  const pick = <T>(list: readonly T[], from: () => number): T => list[Math.floor(from() * list.length)]!;
  const [place, other, subject] = [pick(PLACES, its), pick(PLACES, its), pick(SUBJECTS, its)];
  const own = Array.from({ length: 12 }, (_, index) =>
    index < 3 ? word(VOCABULARY + event * 3 + index) : word(zipf(its)),
  );
  const common = () => word(zipf(random));
  const titles = [
    `${place} ${subject} ${own[3]} ${own[0]} ${other}`,
    `${own[0]} ${own[4]}: ${place} and ${other} ${subject}`,
    `${subject} of ${place} ${common()} ${own[1]} ${own[3]}`,
  ];
  const words = Array.from({ length: 60 }, () => (random() < 0.5 ? pick(own, random) : common()));
  return { title: pick(titles, random), text: `${place} ${subject} ${words.join(' ')} ${other}.` };
}

/** A rank with Zipf's frequencies (exponent 1). */
const zipf = (random: () => number): number => Math.floor(VOCABULARY ** random());

const SYLLABLES =
  'ba,ce,di,fo,gu,ha,je,ki,lo,mu,na,pe,qui,ro,su,ta,ve,wi,xo,zu,bren,cast,dorn,fell,gran,holm,kest,lind,mar,nor,pol,stan'.split(
    ',',
  );
const words = new Map<number, string>();

/** The word of a rank; the common ones are remembered. */
function word(rank: number): string {
  const known = words.get(rank);
  if (known !== undefined) return known;
  const digest = createHash('md5').update(String(rank)).digest();
  const length = 2 + (digest[0]! % 3);
  const made = Array.from({ length }, (_, index) => SYLLABLES[digest[index + 1]! % SYLLABLES.length]).join('');
  if (rank < VOCABULARY) words.set(rank, made);
  return made;
}

/** MINSTD: a run can be repeated. */
function lehmer(seed: number): () => number {
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  for (let warm = 0; warm < 3; warm++) state = (state * 48_271) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
