import { decodeBytes } from './decode-bytes.ts';
import { type DiscoveredFeed, discoverFeeds } from './discover-feeds.ts';
import { FeedParseError } from './feed-parse-error.ts';
import { type FeedSpec, newFeedState } from './feed-state.ts';
import { type FetchDeps, type FetchOutcome, fetchFeed } from './fetch-feed.ts';
import type { ParsedFeed, ParseHints } from './parsed-feed.ts';

export interface CheckDeps extends FetchDeps {
  readonly parse: (bytes: Uint8Array, hints: ParseHints) => Promise<ParsedFeed>;
}

/** What one look at a feed tells its operator. */
export interface FeedCheck {
  readonly url: string;
  readonly isReadable: boolean;
  readonly status: number | null;
  /** Why it cannot be read: a code of fetching or of parsing. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finalUrl: string | null;
  /** Where it says to have moved for good. */
  readonly movedTo: string | null;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly feed: {
    readonly format: string;
    readonly title: string;
    readonly language: string | null;
    readonly items: number;
    readonly withDate: number;
    readonly newestAt: string | null;
    readonly oldestAt: string | null;
    readonly limits: ParsedFeed['limits'];
  } | null;
  readonly polling: {
    readonly etag: boolean;
    readonly lastModified: boolean;
    readonly freshForSec: number | null;
    readonly retryAfterSec: number | null;
    readonly hints: ParsedFeed['hints'];
  };
  /** Feeds that the page offers, where the address is one of a page. */
  readonly offered: readonly DiscoveredFeed[];
}

/** Asks a feed once, without validators, and reads it. Stores nothing. */
export async function checkFeed(deps: CheckDeps, feed: FeedSpec): Promise<FeedCheck> {
  const outcome = await fetchFeed(deps, { feed, state: newFeedState(feed), cause: 'manual' });
  const heard = outcome.kind === 'deferred' ? null : outcome;
  const empty: FeedCheck = {
    url: feed.url,
    isReadable: false,
    status: heard?.status ?? null,
    error: null,
    finalUrl: heard?.url ?? null,
    movedTo: heard?.permanentUrl ?? null,
    contentType: null,
    bytes: null,
    feed: null,
    polling: {
      etag: heard?.validators?.etag != null,
      lastModified: heard?.validators?.lastModified != null,
      freshForSec: heard?.freshForSec ?? null,
      retryAfterSec: heard?.retryAfterSec ?? null,
      hints: {},
    },
    offered: [],
  };
  return outcome.kind === 'body' ? readBody(deps, empty, outcome) : { ...empty, error: errorOf(outcome) };
}

type Body = Extract<FetchOutcome, { kind: 'body' }>;

async function readBody(deps: CheckDeps, empty: FeedCheck, body: Body): Promise<FeedCheck> {
  const got = { ...empty, contentType: body.contentType, bytes: body.bytes.length };
  try {
    const parsed = await deps.parse(body.bytes, { url: body.url, contentType: body.contentType ?? undefined });
    const dates = parsed.items
      .map((item) => item.publishedAt ?? item.updatedAt)
      .filter((date) => date !== null)
      .toSorted();
    const { format, title, language, limits } = parsed;
    const feed = { format, title, language, limits, items: parsed.items.length, withDate: dates.length };
    return {
      ...got,
      isReadable: true,
      feed: { ...feed, newestAt: dates.at(-1) ?? null, oldestAt: dates[0] ?? null },
      polling: { ...empty.polling, hints: parsed.hints },
    };
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    const { text } = decodeBytes(body.bytes, body.contentType ?? undefined);
    const offered = error.code === 'html' ? discoverFeeds(text, body.url) : [];
    return { ...got, error: { code: error.code, message: error.message }, offered };
  }
}

function errorOf(outcome: Exclude<FetchOutcome, { kind: 'body' }>): FeedCheck['error'] {
  if (outcome.kind === 'error') return { code: outcome.code, message: outcome.message };
  if (outcome.kind === 'deferred') return { code: 'deferred', message: outcome.reason };
  if (outcome.kind === 'gone') return { code: 'gone', message: 'the server answered 410: the feed has ended' };
  return { code: 'empty', message: 'the server answered without a body' };
}
