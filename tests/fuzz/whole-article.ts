import type { FeedArticle } from '../../src/articles/feed-articles.ts';

const WEEK_MS = 7 * 86_400_000;

/** What is wrong with an article that was read from who knows what; null where it is whole. `seenAtMs`: when it was seen. */
export function brokenPart({ article, key, revision }: FeedArticle, seenAtMs: number): string | null {
  const atMs = Date.parse(article.at);
  if (!/^[0-9a-f]{16,}$/.test(article.id)) return `id ${article.id}`;
  if (key === '' || revision === '') return 'no key or revision';
  if (!(atMs <= seenAtMs && atMs >= seenAtMs - WEEK_MS)) return `time ${article.at}`;
  if (article.url !== null && !/^https?:$/.test(new URL(article.url).protocol)) return `address ${article.url}`;
  if (article.title.length > 2_000 || article.text.length > 200_000) return 'length';
  const written = JSON.stringify(article);
  return JSON.stringify(JSON.parse(written)) === written ? null : 'not the same after JSON';
}
