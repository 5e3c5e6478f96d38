import type { Article, Source } from './article.ts';
import { addressOf, articleId, type IdentifiedItem, revisionOf } from './article-id.ts';
import { primaryLanguage } from './declared-language.ts';

/** An article's time reaches back no further than this from when it was seen. */
const MAX_AGE_MS = 7 * 86_400_000;
/**
 * A feed may be 5 MiB and one item all of it; an article goes through every queue and into the stories and the archive as often as it changes. The longest real titles have
 * some hundred characters, long reads some tens of thousands.
 */
const MAX_TITLE_CHARS = 2_000;
const MAX_TEXT_CHARS = 200_000;
const TITLE_WORDS = 12;
const TITLE_CHARS = 100;

/** A raw entry as the reading side of feeds gives it. */
export interface RawItem extends IdentifiedItem {
  readonly summary: string;
  readonly text: string;
  readonly author: string | null;
  readonly categories: readonly string[];
  readonly publishedAt: string | null;
  readonly updatedAt: string | null;
  readonly lang: string | null;
}

export interface ItemOrigin {
  readonly source: Source;
  /** As the feed declares it (`en-US`), or null. */
  readonly feedLanguage: string | null;
  /** Base of relative links. */
  readonly base?: string | undefined;
  /** When the poll saw it, ISO 8601. */
  readonly seenAt: string;
  /** Addresses that several items of the document share (`sharedAddresses`). */
  readonly shared?: ReadonlySet<string>;
  /** The primary subtag of a text's language, or `und`; it weighs what the feed declares. Without it the declared one is taken. */
  readonly detectLanguage?: (text: string, declared?: string) => string;
}

/**
 * One entry of a feed to an article. Pure: the clock is `seenAt`. The title falls back to the first words of the text. The declared language
 * is the item's, else the feed's.
 */
export function toArticle(item: RawItem, origin: ItemOrigin): Article {
  const title = titleOf(item);
  const [summary, text] = [bounded(item.summary, MAX_TEXT_CHARS), bounded(item.text, MAX_TEXT_CHARS)];
  return {
    id: articleId({ ...item, title }, origin.source.id, origin.shared),
    revision: revisionOf({ title, summary, text }),
    guid: item.guid,
    url: addressOf(item, origin.base),
    title,
    summary,
    text,
    author: item.author,
    categories: item.categories,
    lang: languageOf(item, title, origin),
    publishedAt: item.publishedAt,
    updatedAt: item.updatedAt,
    seenAt: origin.seenAt,
    at: articleTime(item.publishedAt, origin.seenAt),
    source: origin.source,
  };
}

/** The item's title, else the first words of its text. */
export function titleOf(item: Pick<RawItem, 'title' | 'summary' | 'text'>): string {
  return bounded(item.title, MAX_TITLE_CHARS) || firstWords(item.summary || item.text);
}

/** At most `maxChars` UTF-16 units, never half a character at the end. */
function bounded(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** publishedAt clamped to the seven days before it was seen, else the time it was seen; nothing lies in the future. */
export function articleTime(publishedAt: string | null, seenAt: string): string {
  const seenMs = Date.parse(seenAt);
  const publishedMs = publishedAt === null ? Number.NaN : Date.parse(publishedAt);
  if (Number.isNaN(publishedMs)) return new Date(seenMs).toISOString();
  return new Date(Math.min(seenMs, Math.max(seenMs - MAX_AGE_MS, publishedMs))).toISOString();
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const words = line.split(' ').slice(0, TITLE_WORDS).join(' ');
  // Scripts without spaces have no words to count.
  const cut =
    words.length > TITLE_CHARS
      ? words
          .slice(0, TITLE_CHARS)
          .toWellFormed()
          .replace(/\ufffd$/, '')
      : words;
  return cut.length < line.length ? `${cut.trimEnd()}…` : cut;
}

function languageOf(item: RawItem, title: string, origin: ItemOrigin): string {
  const declared =
    [primaryLanguage(item.lang), primaryLanguage(origin.feedLanguage)].find((lang) => lang !== 'und') ?? 'und';
  if (!origin.detectLanguage) return declared;
  // The title first: it is always in the article's language, a teaser may be boilerplate.
  const text = [title, item.summary || item.text].filter(Boolean).join('\n');
  return origin.detectLanguage(text, declared === 'und' ? undefined : declared);
}
