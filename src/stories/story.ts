import type { Reading } from '../text/reading.ts';

/** What joining a story needs to know of an article. */
export interface StoryInput {
  /** The article's id: the same for all its revisions. */
  readonly id: string;
  readonly revision: string;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  /** BCP 47 primary subtag, `und` where it is not known. */
  readonly lang: string;
  /** The article's time, ms since the epoch: the clock of joining. */
  readonly at: number;
  /** False where that is only the time at which it was seen. */
  readonly isDated: boolean;
  readonly url: string | null;
  readonly source: { readonly id: string; readonly name?: string; readonly host?: string | null };
  /** Ids of the countries, organisations and people found in it. */
  readonly entities: readonly string[];
  /** Its top topics. */
  readonly topics: readonly string[];
  /** Its texts, where they have been read before. */
  readonly reading?: Reading;
}

/**
 * - new: the first article of its story
 * - copy: the text of another article, whole, shortened or with a lead of its own: the same origin
 * - same-story: an independent report of the same event
 * - revision: an article that was joined before, with other words
 */
export type StoryVerdict = 'new' | 'copy' | 'same-story' | 'revision';

/** A story as others see it, after an article joined. Times are ISO 8601 in UTC. */
export interface StorySummary {
  readonly id: string;
  /** The title of its first article, as last revised. */
  readonly headline: string;
  readonly firstSeenAt: string;
  readonly lastArticleAt: string;
  readonly articles: number;
  /** Outlets; exact up to 256. */
  readonly sources: number;
  /** Independent texts: a wire report and its reprints are one. Exact up to 256. */
  readonly origins: number;
  readonly languages: readonly string[];
  /** Ids of entities; a country's is ISO 3166-1 alpha-2 (`CN`), others are slugs. */
  readonly entities: readonly string[];
  readonly topics: readonly string[];
}

export interface JoinResult {
  readonly verdict: StoryVerdict;
  /** The article it was compared with: the nearest of its story. Its own id for a revision, null for a new story. */
  readonly of: string | null;
  /** 0 to 1: for a copy the share of its text found in the other, else the likeness of words. */
  readonly similarity: number | null;
  /** Whose text it is: a named agency (`reuters`), or the id of the first article with that text. */
  readonly origin: string;
  /** The story as it was; null for a new one. */
  readonly before: StorySummary | null;
  readonly after: StorySummary;
  /** Ids of stories that now live on in `after`. */
  readonly merged: readonly string[];
  readonly reason: string;
}

/** Joins articles to stories, in the order in which they come. The same article and revision always get the same answer. */
export interface StoryIndex {
  join(input: StoryInput): Promise<JoinResult> | JoinResult;
}

export interface StoryOptions {
  /** A story takes articles until this long after its last one. Default 72 hours. */
  readonly windowSec?: number;
  /** How long an article's answer is kept. Default 7 days: an article's time lies at most so far back. */
  readonly recordSec?: number;
}

export const DEFAULT_WINDOW_SEC = 72 * 3600;
export const DEFAULT_RECORD_SEC = 7 * 24 * 3600;
