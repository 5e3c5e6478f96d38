import type { FeedHints } from './parsed-feed.ts';

export type { FeedHints };

/** A feed as polling needs to know it; the configuration's feeds fit. */
export interface FeedSpec {
  readonly id: string;
  readonly url: string;
  /** The operator's own interval, seconds, as feeds.yaml gives it; without it the feed's rhythm decides. */
  readonly every?: number | undefined;
  /** Sent instead of the program's User-Agent. */
  readonly userAgent?: string | undefined;
  /** Sent with each request to the feed's own origin, e.g. an authorization. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Opaque, as the server sent them, quotes included. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The Date of the response: a legal If-Modified-Since where there is no Last-Modified (RFC 9110, 13.1.3). */
  readonly date: string | null;
}

/**
 * Which validators are sent. `all` until an unconditional request shows that they lied; then the next weaker kind.
 */
export type ValidatorMode = 'all' | 'last-modified' | 'date';

export interface FeedError {
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
  readonly at: number;
}

export interface LimitHit {
  readonly limit: string;
  readonly seen: number;
  readonly kept: number;
}

/** What is known of a feed between polls: plain JSON. Times are milliseconds since 1970, `…At`; null: never. */
export interface FeedState {
  readonly v: 1;
  /** The configured address this state belongs to. */
  readonly configUrl: string;
  /** The address that is asked: the configured one, or where it moved for good. */
  readonly url: string;
  /** A permanent redirect that was seen on `polls` polls in a row. */
  readonly move: { readonly to: string; readonly polls: number } | null;
  readonly validators: Validators | null;
  readonly validatorMode: ValidatorMode;
  readonly bodyHash: string | null;
  /** The body that the validators stand for could not be read: a 304 is no success. */
  readonly isUnreadable: boolean;
  /** How long the last response said it was fresh, seconds. */
  readonly freshForSec: number;
  readonly hints: FeedHints | null;
  readonly lastPollAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastBodyAt: number | null;
  readonly lastUnconditionalAt: number | null;
  readonly lastNewArticleAt: number | null;
  /** The end of the first poll that was read: before it, the backlog counts as a first import. */
  readonly importedAt: number | null;
  readonly errorStreak: number;
  readonly errorSinceAt: number | null;
  readonly error: FeedError | null;
  readonly zeroItemsStreak: number;
  readonly limits: readonly LimitHit[];
  /** When its latest articles appeared, oldest first. */
  readonly arrivals: readonly number[];
  /** The longest pause between two articles in the last weeks, seconds, as of `longestGapAt`; it fades. */
  readonly longestGapSec: number;
  readonly longestGapAt: number | null;
  /** A server's Retry-After: nobody asks before. */
  readonly retryNotBeforeAt: number | null;
  /** What the publisher wishes otherwise (Cache-Control, ttl, …): only its own push may come before. */
  readonly notBeforeAt: number | null;
  readonly ended: { readonly at: number; readonly reason: string } | null;
  readonly nextAt: number | null;
  readonly nextReason: string;
  readonly polls: number;
}

/** The state of a feed nobody has asked yet. */
export function newFeedState(feed: FeedSpec): FeedState {
  return {
    v: 1,
    configUrl: feed.url,
    url: feed.url,
    move: null,
    validators: null,
    validatorMode: 'all',
    bodyHash: null,
    isUnreadable: false,
    freshForSec: 0,
    hints: null,
    lastPollAt: null,
    lastSuccessAt: null,
    lastBodyAt: null,
    lastUnconditionalAt: null,
    lastNewArticleAt: null,
    importedAt: null,
    errorStreak: 0,
    errorSinceAt: null,
    error: null,
    zeroItemsStreak: 0,
    limits: [],
    arrivals: [],
    longestGapSec: 0,
    longestGapAt: null,
    retryNotBeforeAt: null,
    notBeforeAt: null,
    ended: null,
    nextAt: null,
    nextReason: 'new',
    polls: 0,
  };
}

/**
 * Reads a stored state for the feed as it is configured now.
 *
 * @param json what the store holds, or null.
 * @returns the state; a fresh one when there is none or a later version wrote it. Where the operator changed the
 *   address, what belonged to the old one is dropped, unless the feed had moved to that very address by itself.
 *   That its backlog was imported and how often it publishes stays known.
 */
export function readFeedState(json: string | null, feed: FeedSpec): FeedState {
  const stored = parse(json);
  const fresh = newFeedState(feed);
  if (!stored) return fresh;
  const state: FeedState = { ...fresh, ...stored };
  if (state.configUrl === feed.url) return state;
  if (state.url === feed.url) return { ...state, configUrl: feed.url, move: null, ended: null };
  const { arrivals, longestGapSec, longestGapAt, importedAt, lastNewArticleAt, lastSuccessAt, polls } = state;
  return { ...fresh, arrivals, longestGapSec, longestGapAt, importedAt, lastNewArticleAt, lastSuccessAt, polls };
}

function parse(json: string | null): Partial<FeedState> | null {
  if (!json) return null;
  try {
    const value: unknown = JSON.parse(json);
    // Only this program writes it; a version it does not know is another one's.
    return typeof value === 'object' && value !== null && 'v' in value && value.v === 1
      ? (value as Partial<FeedState>)
      : null;
  } catch {
    return null;
  }
}
