import type { StoryAlert } from '../../src/alerts/alert-schema.ts';
import { type AlertParts, buildAlert } from '../../src/alerts/payload.ts';
import type { Article } from '../../src/articles/article.ts';
import type { StorySummary } from '../../src/stories/story.ts';
import type { Evidence } from '../../src/text/evidence.ts';

/** An article of the story every part of the product is judged by, with what a test needs changed. */
export function anArticle(changes: Partial<Article> = {}): Article {
  return {
    id: 'a1b2c3d4e5f60718',
    revision: 'r1',
    guid: 'tag:example.org,2023:1',
    url: 'https://news.example.org/minsk',
    title: 'Chinese defence minister arrives in Minsk',
    summary: 'Li Shangfu is to meet his Belarusian counterpart.',
    text: 'Li Shangfu came from Moscow for three days. In Minsk he was received by Viktor Khrenin at the ministry.',
    author: null,
    categories: [],
    lang: 'en',
    publishedAt: '2023-08-16T08:00:00.000Z',
    updatedAt: null,
    seenAt: '2023-08-16T08:01:00.000Z',
    at: '2023-08-16T08:00:00.000Z',
    source: { id: 'example-wire', name: 'Example Wire', kind: 'wire', country: 'GB', tags: [] },
    ...changes,
  };
}

export function aStory(changes: Partial<StorySummary> = {}): StorySummary {
  return {
    id: 'story-minsk',
    headline: 'Chinese defence minister arrives in Minsk',
    firstSeenAt: '2023-08-16T08:01:00.000Z',
    lastArticleAt: '2023-08-16T08:00:00.000Z',
    articles: 1,
    sources: 1,
    origins: 1,
    languages: ['en'],
    entities: ['BY', 'CN', 'defence-minister'],
    topics: ['defense', 'defense/military-cooperation'],
    ...changes,
  };
}

/** Evidence for the first occurrence of some words in a field. */
export function evidenceOf(article: Article, field: Evidence['field'], words: string, term = words): Evidence {
  const start = article[field].indexOf(words);
  if (start < 0) throw new Error(`the ${field} does not hold "${words}"`);
  return { field, start, end: start + words.length, text: words, term };
}

export function anAlert(changes: Partial<AlertParts> = {}): StoryAlert {
  const article = changes.article ?? anArticle();
  return buildAlert({
    alertId: 'alert_0123456789abcdef',
    sequence: 1,
    event: 'story.matched',
    changes: [],
    atMs: Date.parse('2023-08-16T08:01:05.000Z'),
    watch: { id: 'china-belarus-defence', title: 'China–Belarus military ties' },
    story: aStory(),
    article,
    evidence: changes.article === undefined ? [evidenceOf(article, 'title', 'defence minister')] : [],
    configHash: '0011223344ff',
    ...changes,
  });
}
