/** What a feed document says, as plain values. The reading side of `src/feeds` makes them; polling and triage use them. */

export type FeedFormat = 'rss' | 'rdf' | 'atom' | 'cdf' | 'json';

/** One raw entry of a feed. All texts are plain (no markup, no control characters), all dates ISO 8601 in UTC. */
export interface ParsedItem {
  /** As the feed wrote it; null when it has none. */
  readonly guid: string | null;
  /** Absolute, but otherwise as the feed wrote it: tracking parameters and all. */
  readonly link: string | null;
  /** Where a feed proxy says the piece really stands (`feedburner:origLink`); absent when it does not. */
  readonly originalLink?: string;
  /** One line; empty when the item has none. */
  readonly title: string;
  /** The teaser: RSS description, Atom summary, `media:description`. Paragraphs are separated by line breaks. */
  readonly summary: string;
  /** The full text where the feed carries it beside or instead of the teaser, else empty. */
  readonly text: string;
  readonly author: string | null;
  readonly categories: readonly string[];
  readonly publishedAt: string | null;
  readonly updatedAt: string | null;
  /** As declared (`en-US`), or null. */
  readonly lang: string | null;
}

/** How often the publisher wishes to be asked, and where it offers to push. */
export interface FeedHints {
  /** RSS 2.0 `ttl`, minutes. */
  readonly ttlMin?: number;
  /** RSS 2.0 `skipHours`: hours of the day in UTC, 0 to 23. */
  readonly skipHours?: readonly number[];
  /** RSS 2.0 `skipDays`: `Monday` to `Sunday`. */
  readonly skipDays?: readonly string[];
  /** RSS 1.0 syndication module: updatePeriod divided by updateFrequency, seconds. */
  readonly updatePeriodSec?: number;
  /** WebSub hub. */
  readonly hub?: string;
  /** The feed's own address, as it gives it. */
  readonly self?: string;
}

/** A limit that cut something: what there was, and what was kept. */
export interface LimitHit {
  readonly limit: 'items' | 'nesting' | 'attribute';
  readonly seen: number;
  readonly kept: number;
}

export interface ParsedFeed {
  readonly format: FeedFormat;
  readonly title: string;
  readonly link: string | null;
  /** As declared (`en-US`), or null. */
  readonly language: string | null;
  readonly hints: FeedHints;
  readonly items: readonly ParsedItem[];
  /** Empty when nothing was cut. */
  readonly limits: readonly LimitHit[];
}

/** What is known about the bytes before they are read. */
export interface ParseHints {
  /** Where the document was fetched from: the base of its relative links. */
  readonly url?: string | undefined;
  /** The HTTP Content-Type, for its charset. */
  readonly contentType?: string | undefined;
}
