import { describe, expect, it } from 'vitest';
import { type GapArticle, reportGaps } from '../../src/watches/gaps.ts';

const gapArticle = (story: string, text: string, more: Partial<GapArticle> = {}): GapArticle => ({
  story,
  matched: false,
  title: text,
  source: 'Test',
  lang: 'en',
  text,
  lacked: ['topic:defense'],
  known: [],
  ...more,
});

describe('the gaps of a watch', () => {
  const found = [1, 2, 3].flatMap((n) => [
    gapArticle(`s${n}`, `Minister number${n} in Minsk`, { matched: true, lacked: [], known: ['minsk'] }),
    gapArticle(`s${n}`, `Khrenin hosts guest${n} in Minsk, coast guard looks on`, { known: ['minsk'] }),
    gapArticle(`s${n}`, `Guest${n} meets Khrenin, coast guard says`, { lacked: ['country:BY', 'topic:defense'] }),
  ]);
  const others = Array.from({ length: 50 }, (_, n) =>
    gapArticle(`o${n}`, `Markets number${n} meet in spring, analyst says`),
  );
  const report = reportGaps([...found, ...others]);

  it('are the articles of its stories that did not match, with the clauses they lacked', () => {
    expect(report).toMatchObject({ stories: 3, matched: 3, missed: 6 });
    expect(report.lacked).toEqual([
      { clause: 'topic:defense', articles: 6 },
      { clause: 'country:BY', articles: 3 },
    ]);
  });

  it('name the terms typical of those articles, pairs that belong together as pairs', () => {
    expect(report.terms.slice(0, 2).map(({ term }) => term)).toEqual(['coast guard', 'khrenin']);
    expect(report.terms.map(({ term }) => term)).not.toContain('coast');
  });

  it('leave out what the watch looks for already and what all news has', () => {
    const terms = report.terms.map(({ term }) => term);
    expect(terms).not.toContain('minsk');
    expect(terms).not.toContain('says');
  });

  it('compare each language with itself', () => {
    const polish = Array.from({ length: 4 }, () => gapArticle('s1', 'Rozmowy nie tylko tam', { lang: 'pl' }));
    const polishOthers = Array.from({ length: 20 }, (_, n) =>
      gapArticle(`p${n}`, 'Pogoda nie tylko tam', { lang: 'pl' }),
    );
    const terms = reportGaps([...found, ...others, ...polish, ...polishOthers]).terms.map(({ term }) => term);
    expect(terms.join()).toContain('rozmowy');
    expect(terms).not.toContain('nie');
  });

  it('are none where every article of a story matched', () => {
    expect(reportGaps(others)).toMatchObject({ stories: 0, missed: 0, terms: [], lacked: [] });
  });
});
