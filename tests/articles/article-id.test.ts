import { describe, expect, it } from 'vitest';
import { articleId, itemKey, revisionOf, sharedAddresses } from '../../src/articles/article-id.ts';

const item = (link: string | null, guid: string | null = null, title = 'Title') => ({ link, guid, title });

describe('articleId', () => {
  it('is the same in every feed, whatever the guid, the title and the tracking', () => {
    const ids = [
      articleId(item('https://www.paper.example/7?utm_source=rss', 'g1'), 'world'),
      articleId(item('http://paper.example/7#top', 'g2', 'Another title'), 'politics'),
      articleId({ ...item('https://proxy.example/~r/7'), originalLink: 'https://paper.example/7' }, 'proxy'),
    ];
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[\da-f]{32}$/);
  });

  it('without an address rests on the feed and the guid, else on the feed and the title', () => {
    expect(articleId(item(null, 'g'), 'a')).toBe(articleId(item(null, 'g', 'Retitled'), 'a'));
    expect(articleId(item(null, 'g'), 'a')).not.toBe(articleId(item(null, 'g'), 'b'));
    expect(articleId(item(null, null, 'One two'), 'a')).toBe(articleId(item(null, null, '“One” Two!'), 'a'));
    expect(articleId(item(null, null, 'One'), 'a')).not.toBe(articleId(item(null, null, 'Two'), 'a'));
  });

  it('keeps items apart that share a landing page in one document, also when their order turns', () => {
    const items = [
      item('https://a.example/live', '1'),
      item('https://a.example/live?utm_source=x', '2'),
      item('https://a.example/own', '3'),
    ];
    const shared = sharedAddresses(items);
    const ids = items.map((one) => articleId(one, 'f', shared));
    expect(new Set(ids).size).toBe(3);
    expect(items.toReversed().map((one) => articleId(one, 'f', sharedAddresses(items.toReversed())))).toEqual(
      ids.toReversed(),
    );
    expect(ids[2]).toBe(articleId(item('https://a.example/own', 'x'), 'other'));
  });

  it('does not take one item listed twice for two', () => {
    expect(sharedAddresses([item('https://a.example/x', 'g'), item('https://a.example/x', 'g', 'Retitled')]).size).toBe(
      0,
    );
  });

  it('keeps items apart that link to the front page, though they never stand in one document', () => {
    expect(articleId(item('https://a.example/', null, 'Monday'), 'f')).not.toBe(
      articleId(item('https://a.example/', null, 'Tuesday'), 'f'),
    );
  });
});

describe('itemKey', () => {
  it('is short, and stays when title and tracking change', () => {
    const key = itemKey(item('https://a.example/x?utm_source=a', 'g'));
    expect(key).toMatch(/^[\w-]{11}$/);
    expect(itemKey(item('https://a.example/x', 'g', 'Retitled'))).toBe(key);
  });

  it('tells items apart whose guids are all the same, and items whose links are all the same', () => {
    expect(itemKey(item('https://a.example/x', 'site'))).not.toBe(itemKey(item('https://a.example/y', 'site')));
    expect(itemKey(item('https://a.example/', '1'))).not.toBe(itemKey(item('https://a.example/', '2')));
    expect(itemKey(item('https://a.example/', null, 'Monday'))).not.toBe(
      itemKey(item('https://a.example/', null, 'Tuesday')),
    );
    expect(itemKey(item(null, null, 'Monday'))).not.toBe(itemKey(item(null, null, 'Tuesday')));
  });
});

describe('revisionOf', () => {
  const revision = (title: string, summary = 'Summary.', text = 'Text of it.') => revisionOf({ title, summary, text });
  const first = revision('Minister lands in Minsk for a three-day visit');

  it.each([
    'Minister  lands in Minsk for a three-day visit ',
    'MINISTER LANDS IN MINSK FOR A THREE–DAY VISIT',
    '“Minister” lands in Minsk, for a three-day visit…',
    'Minister lands in Minsk for a three-day visit - The Daily Paper',
    'Minister lands in Minsk for a three-day visit | Paper',
    'UPDATE 1-Minister lands in Minsk for a three-day visit',
    'BREAKING: Minister lands in Minsk for a three-day visit',
    'CORRECTED-UPDATE 2-Minister lands in Minsk for a three-day visit',
  ])('%j is no revision', (title) => {
    expect(revision(title)).toBe(first);
  });

  it.each([
    'Minister lands in Minsk for a two-day visit',
    'Minister leaves Minsk for a three-day visit',
    'Ministers lands in Minsk for a three-day visit',
  ])('%j is one', (title) => {
    expect(revision(title)).not.toBe(first);
  });

  it('sees figures, words and accents change, and words move between fields', () => {
    expect(revisionOf({ title: 'a', summary: '3 killed', text: '' })).not.toBe(
      revisionOf({ title: 'a', summary: '5 killed', text: '' }),
    );
    expect(revisionOf({ title: 'a', summary: 'b', text: '' })).not.toBe(
      revisionOf({ title: 'a', summary: '', text: 'b' }),
    );
    expect(revisionOf({ title: 'Война и мир', summary: '', text: '' })).not.toBe(
      revisionOf({ title: 'Воина и мир', summary: '', text: '' }),
    );
  });

  it('keeps a second half of a headline that is not an outlet', () => {
    expect(revision('Russia - Ukraine')).not.toBe(revision('Russia - Belarus'));
    expect(revision('Result of the final match - 3 to 0')).not.toBe(revision('Result of the final match - 2 to 0'));
  });
});
