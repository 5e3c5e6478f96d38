import { parseFeedDate } from './feed-dates.ts';
import { FeedParseError } from './feed-parse-error.ts';
import type { FeedHints, LimitHit, ParsedFeed, ParsedItem } from './parsed-feed.ts';
import { cleanLine, cleanText, htmlToLine, htmlToText } from './plain-text.ts';
import { resolveLink } from './read-context.ts';

const MAX_ITEMS = 2_000;
type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read leniently: numbers for ids are taken, fields of a wrong type are left out.
 *
 * @param url the base of relative links
 * @throws FeedParseError `malformed` for bad JSON, `not-a-feed` for JSON that is something else
 */
export function readJsonFeed(text: string, url?: string): ParsedFeed {
  const feed = asObject(parse(text));
  const isFeed =
    /jsonfeed\.org/i.test(stringOf(feed, 'version')) || (Array.isArray(feed.items) && typeof feed.title === 'string');
  if (!isFeed) {
    throw new FeedParseError(
      'not-a-feed',
      `found JSON that is no JSON Feed; its keys are ${Object.keys(feed).slice(0, 8).join(', ') || 'none'}`,
    );
  }
  const items = Array.isArray(feed.items) ? feed.items.filter((item) => typeof item === 'object' && item !== null) : [];
  const limits: LimitHit[] = items.length > MAX_ITEMS ? [{ limit: 'items', seen: items.length, kept: MAX_ITEMS }] : [];
  const language = stringOf(feed, 'language') || null;
  const link = resolveLink(stringOf(feed, 'home_page_url'), url);
  const author = authorsOf(feed);
  const base = url ?? link ?? undefined;
  return {
    format: 'json',
    title: htmlToLine(stringOf(feed, 'title')),
    link,
    language,
    hints: hintsOf(feed, base),
    items: items.slice(0, MAX_ITEMS).map((item) => readItem(asObject(item), base, language, author)),
    limits,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Raw line breaks and tabs inside strings are the commonest fault; outside them they are blank anyway.
    const bare = text.replace(/[\p{Cc}]/gu, ' ');
    if (bare !== text && isJson(bare)) return JSON.parse(bare);
    throw new FeedParseError('malformed', `found JSON that does not parse: ${(error as Error).message.slice(0, 160)}`, {
      cause: error,
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readItem(
  item: Json,
  base: string | undefined,
  language: string | null,
  feedAuthor: string | null,
): ParsedItem {
  const lang = stringOf(item, 'language') || language;
  const summary = cleanText(stringOf(item, 'summary'));
  const html = stringOf(item, 'content_html');
  const text = html ? htmlToText(html) : cleanText(stringOf(item, 'content_text'));
  const guid = stringOf(item, 'id').trim() || null;
  const attached = Array.isArray(item.attachments) ? stringOf(asObject(item.attachments[0]), 'url') : '';
  const updatedAt = parseFeedDate(stringOf(item, 'date_modified'), lang);
  return {
    guid,
    link: resolveLink(
      stringOf(item, 'url') || stringOf(item, 'external_url') || (guid && /^https?:/i.test(guid) ? guid : attached),
      base,
    ),
    title: htmlToLine(stringOf(item, 'title')),
    summary,
    text: text === summary ? '' : text,
    author: authorsOf(item) ?? feedAuthor,
    categories: Array.isArray(item.tags) ? item.tags.filter((tag) => typeof tag === 'string').map(cleanLine) : [],
    publishedAt: parseFeedDate(stringOf(item, 'date_published'), lang) ?? updatedAt,
    updatedAt,
    lang,
  };
}

/** Version 1.1 has `authors`, version 1.0 `author`. */
function authorsOf(holder: Json): string | null {
  const authors = Array.isArray(holder.authors) ? holder.authors : [holder.author];
  const names = authors.map((author) => cleanLine(stringOf(asObject(author), 'name'))).filter(Boolean);
  return names.length ? names.join(', ') : null;
}

function hintsOf(feed: Json, base: string | undefined): FeedHints {
  const hubs = Array.isArray(feed.hubs) ? feed.hubs.map(asObject) : [];
  const hub = hubs.find((h) => stringOf(h, 'type').toLowerCase() === 'websub');
  const hubUrl = hub ? resolveLink(stringOf(hub, 'url'), base) : null;
  const self = resolveLink(stringOf(feed, 'feed_url'), base);
  return { ...(hubUrl ? { hub: hubUrl } : {}), ...(self ? { self } : {}) };
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function stringOf(holder: Json, key: string): string {
  const value = holder[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
