/**
 * The words of the project. They head the types and are used everywhere: code, logs, metrics, config, docs.
 *
 * - feed: a URL that publishes RSS 0.9x/1.0/2.0, Atom or JSON Feed
 * - item: one raw entry, as the parser read it from a feed
 * - article: a normalised item: one outlet's piece, with a stable id, a canonical URL, plain text, a language and dates
 * - revision: the same article with changed title or text; it never becomes a new article
 * - story: the articles that report the same event, within a time window
 * - origin: an independent source within a story: a wire agency and its forty reprints are one origin
 * - topic: a node of the taxonomy; entity: a country, an organisation, a person, a role
 * - watch: a named query with its own tests; evidence: the spans that made a topic, an entity or a watch hit
 * - match: an article that satisfies a watch, inside a story; alert: what a subscriber is told
 * - subscriber: a webhook endpoint with a secret and a format; delivery: one alert for one subscriber, with its attempts
 */

/** What kind of outlet a feed belongs to; `kind:` in a query. */
export const SOURCE_KINDS = [
  'wire',
  'newspaper',
  'broadcaster',
  'state-media',
  'government',
  'think-tank',
  'trade',
  'blog',
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** The feed an article came from, as far as judging it needs to know. */
export interface Source {
  /** The feed's id in feeds.yaml. */
  readonly id: string;
  readonly name: string;
  readonly kind: SourceKind | null;
  /** ISO 3166-1 alpha-2 of the outlet's home, or null. */
  readonly country: string | null;
  readonly tags: readonly string[];
}

/** One outlet's piece. All texts are plain (no markup, no control characters), all dates ISO 8601 in UTC. */
export interface Article {
  /** Independent of the feed where the item has a link: 16 to 64 hex digits. */
  readonly id: string;
  /** A short hash of what a reader sees (title, summary, text): two revisions of one article differ in it. */
  readonly revision: string;
  readonly guid: string | null;
  /** Canonical: no tracking parameters, no fragment, default ports dropped. Null when the item has no usable link. */
  readonly url: string | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly author: string | null;
  readonly categories: readonly string[];
  /** BCP 47 primary subtag (`en`, `zh`, `uk`), or `und` where it is not known. */
  readonly lang: string;
  readonly publishedAt: string | null;
  readonly updatedAt: string | null;
  /** When a poll first saw it. */
  readonly seenAt: string;
  /** The article's time: publishedAt clamped to the seven days before it was seen, else the time it was seen. */
  readonly at: string;
  readonly source: Source;
}
