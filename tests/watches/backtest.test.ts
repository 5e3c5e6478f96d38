import { describe, expect, it } from 'vitest';
import { type BacktestMatch, reportBacktest } from '../../src/watches/backtest.ts';
import { carriersOf } from '../../src/watches/carriers.ts';
import { compile, type Written, watch } from './support.ts';

function carriers(query: string, article: Written) {
  const { set, judge } = compile([watch(query)]);
  return carriersOf(set, set.watches[0]!, judge(article));
}

describe('what carried a match', () => {
  it('is every term that holds, and whether the match hangs on it', () => {
    expect(carriers('minsk (visit OR talks)', 'Visit and talks in Minsk')).toEqual([
      { term: 'minsk', needed: true, by: [] },
      { term: 'visit', needed: false, by: [] },
      { term: 'talks', needed: false, by: [] },
    ]);
    expect(carriers('minsk (visit OR talks)', 'Visit to Minsk')[1]).toEqual({ term: 'visit', needed: true, by: [] });
  });

  it('names the members of a group that were found', () => {
    expect(carriers('$navies', 'US Navy at a naval base')).toEqual([
      { term: 'US Navy', needed: false, by: [] },
      { term: 'naval*', needed: false, by: [] },
    ]);
    expect(carriers('country:$baltics', { title: 'Riga', tags: ['LV'] })).toMatchObject([
      { term: 'country:LV', needed: true },
    ]);
  });

  it('names the terms by which the article has a tag', () => {
    expect(carriers('country:CN', { title: 'Beijing', tags: ['CN'] })).toEqual([
      { term: 'country:CN', needed: true, by: ['CN'] },
    ]);
  });

  it('counts a term once wherever it stands in the query', () => {
    expect(carriers('minsk visit OR minsk talks', 'Minsk visit and talks')[0]).toMatchObject({
      term: 'minsk',
      needed: true,
    });
  });

  it('holds nothing of what stands under NOT', () => {
    expect(carriers('minsk -volleyball', 'Minsk').map(({ term }) => term)).toEqual(['minsk']);
  });

  it('knows that of a minimum of several one may be spared', () => {
    const needed = (article: string) => carriers('2 of (a1, b1, c1)', article).map((carrier) => carrier.needed);
    expect(needed('a1 b1')).toEqual([true, true]);
    expect(needed('a1 b1 c1')).toEqual([false, false, false]);
  });
});

describe('a backtest report', () => {
  const match = (day: string, story: string, terms: Record<string, boolean>, watch = 'w'): BacktestMatch => ({
    watch,
    story,
    article: `${day}${story}`,
    at: Date.parse(`2023-08-${day}T10:00:00Z`),
    title: `${story} on ${day}`,
    source: 'Test',
    url: null,
    carriers: Object.entries(terms).map(([term, needed]) => ({
      term,
      needed,
      by: term.includes(':') ? ['Minsk'] : [],
    })),
  });
  const matches = [
    match('03', 's1', { visit: false, 'country:BY': true }),
    match('01', 's1', { visit: true, 'country:BY': true }),
    match('01', 's2', { visit: true }),
    match('01', 's3', { talks: true }, 'other'),
  ];
  const range = { first: Date.parse('2023-08-01T00:00:00Z'), last: Date.parse('2023-08-04T12:00:00Z') };
  const [report] = reportBacktest([{ id: 'w', title: 'W' }], matches, range);

  it('counts articles each day, and a story on its first', () => {
    expect(report?.days).toEqual([
      { day: '2023-08-01', articles: 2, stories: 2 },
      { day: '2023-08-02', articles: 0, stories: 0 },
      { day: '2023-08-03', articles: 1, stories: 0 },
      { day: '2023-08-04', articles: 0, stories: 0 },
    ]);
    expect(report).toMatchObject({ articles: 3, stories: 2, alertsPerDay: 0.5 });
  });

  it('says what would be lost without each term, the most needed first', () => {
    expect(report?.terms).toEqual([
      { term: 'visit', articles: 3, lostArticles: 2, lostStories: 1, by: [] },
      { term: 'country:BY', articles: 2, lostArticles: 2, lostStories: 1, by: [{ term: 'Minsk', articles: 2 }] },
    ]);
  });

  it('shows the largest stories by their first article', () => {
    expect(report?.samples.map(({ title, articles }) => [title, articles])).toEqual([
      ['s1 on 01', 2],
      ['s2 on 01', 1],
    ]);
  });

  it('also tells of a watch that matched nothing', () => {
    expect(reportBacktest([{ id: 'v', title: 'V' }], matches, range)[0]).toMatchObject({
      watch: 'v',
      articles: 0,
      alertsPerDay: 0,
      terms: [],
    });
    expect(reportBacktest([{ id: 'v', title: 'V' }], [], null)[0]?.days).toEqual([]);
  });
});
