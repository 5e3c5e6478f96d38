import type { ArchivedArticle } from '../../src/articles/article-store.ts';
import type { StoryArticle } from '../../src/http/pages/story-page.ts';

/** An archived article as lists and timelines show it. */
export function articleLine({
  article,
  storyId,
  verdict,
  of,
  similarity,
  origin,
  watches,
}: ArchivedArticle): StoryArticle {
  const { id, title, lang, url, source, at } = article;
  return {
    id,
    title,
    lang,
    url,
    source: source.name,
    at,
    storyId,
    verdict,
    watches,
    of,
    similarity,
    origin: origin ?? null,
  };
}
