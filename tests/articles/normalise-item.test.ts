import { describe, expect, it } from 'vitest';
import { feedArticles } from '../../src/articles/feed-articles.ts';
import { articleTime, type RawItem, toArticle } from '../../src/articles/normalise-item.ts';

const seenAt = '2023-08-16T12:00:00.000Z';
const source = { id: 'wire', name: 'Wire', kind: 'wire', country: 'FR', tags: [] } as const;
const raw = (fields: Partial<RawItem> = {}): RawItem => ({
  guid: null,
  link: 'https://wire.example/1?utm_source=rss',
  title: 'Title',
  summary: '',
  text: '',
  author: null,
  categories: [],
  publishedAt: null,
  updatedAt: null,
  lang: null,
  ...fields,
});
const article = (fields: Partial<RawItem>, origin: Partial<Parameters<typeof toArticle>[1]> = {}) =>
  toArticle(raw(fields), { source, feedLanguage: 'en-GB', seenAt, ...origin });

describe('toArticle', () => {
  it('carries the item over with its canonical address and its source', () => {
    expect(
      article({ guid: 'g', categories: ['a'], author: 'b', publishedAt: '2023-08-16T10:00:00.000Z' }),
    ).toMatchObject({
      guid: 'g',
      url: 'https://wire.example/1',
      title: 'Title',
      author: 'b',
      categories: ['a'],
      publishedAt: '2023-08-16T10:00:00.000Z',
      at: '2023-08-16T10:00:00.000Z',
      seenAt,
      source,
      lang: 'en',
    });
  });

  it('has no address where the item has none that opens', () => {
    expect(article({ link: null }).url).toBeNull();
    expect(article({ link: 'mailto:a@b.example' }).url).toBeNull();
  });

  it('takes the first words of the text for a missing title', () => {
    expect(article({ title: '', summary: 'A note of few words' }).title).toBe('A note of few words');
    expect(
      article({ title: '', text: 'one two three four five six seven eight nine ten eleven twelve thirteen' }).title,
    ).toBe('one two three four five six seven eight nine ten eleven twelve…');
    expect(article({ title: '', text: '国'.repeat(300) }).title).toBe(`${'国'.repeat(100)}…`);
  });

  it.each([
    ['pt-BR', 'en', 'pt'],
    [null, 'zh_CN', 'zh'],
    ['iw', null, 'he'],
    ['eng', null, 'en'],
    ['English', 'de', 'de'],
    [null, null, 'und'],
  ])('of item %j and feed %j the language is %s', (lang, feedLanguage, expected) => {
    expect(article({ lang }, { feedLanguage }).lang).toBe(expected);
  });

  it('lets a detector weigh title and text against what is declared', () => {
    const asked: unknown[] = [];
    const detectLanguage = (text: string, declared?: string): string => {
      asked.push([text, declared]);
      return 'ru';
    };
    expect(article({ summary: 'S', text: 'T' }, { detectLanguage }).lang).toBe('ru');
    expect(asked).toEqual([['Title\nS', 'en']]);
  });
});

describe('articleTime', () => {
  it.each([
    ['2023-08-16T11:00:00Z', '2023-08-16T11:00:00.000Z'],
    ['2030-01-01T00:00:00Z', seenAt],
    ['2020-01-01T00:00:00Z', '2023-08-09T12:00:00.000Z'],
    [null, seenAt],
  ])('published %s, it is %s', (publishedAt, at) => {
    expect(articleTime(publishedAt, seenAt)).toBe(at);
  });
});

describe('feedArticles', () => {
  const feed = (items: RawItem[]) => ({ link: 'https://wire.example/', language: 'de', items });
  const seenAtMs = Date.parse(seenAt);

  it('keeps the number and order of the items, and tells those apart that share a link', () => {
    const made = feedArticles(feed([raw({ guid: '1' }), raw({ guid: '2' }), raw({ link: '/x', guid: '3' })]), {
      source,
      seenAtMs,
    });
    expect(new Set(made.map(({ article: { id } }) => id)).size).toBe(3);
    expect(new Set(made.map(({ key }) => key)).size).toBe(3);
    expect(made.map(({ article: { guid } }) => guid)).toEqual(['1', '2', '3']);
    expect(made[2]?.article.url).toBe('https://wire.example/x');
  });

  it('knows the revision without making the article, and it is the same', () => {
    const [one] = feedArticles(feed([raw({ title: '', text: 'Der Minister ist in Minsk gelandet.' })]), {
      source,
      seenAtMs,
    });
    expect(one?.revision).toBe(one?.article.revision);
    expect(one?.article.lang).toBe('de');
  });
});

it('cuts a title or a text of megabytes, and never inside a character', () => {
  const huge = article({ title: '👩'.repeat(500_000), text: 'x'.repeat(5_000_000) });
  expect(huge.title.length).toBeLessThanOrEqual(2_000);
  expect(huge.title.isWellFormed()).toBe(true);
  expect(huge.text.length).toBe(200_000);
  expect(huge.text.endsWith('…')).toBe(true);
});
