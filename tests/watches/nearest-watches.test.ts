import { describe, expect, it } from 'vitest';
import { explainWatch } from '../../src/watches/explain-watch.ts';
import { isNear, nearestFirst } from '../../src/watches/nearest-watches.ts';
import { compile, watch } from './support.ts';

function order(queries: Readonly<Record<string, string>>, title: string): { all: string[]; near: string[] } {
  const { set, judge } = compile(Object.entries(queries).map(([id, query]) => watch(query, { id })));
  const judged = judge(title);
  const verdicts = Object.keys(queries).map((id) => ({ id, title: id, verdict: explainWatch(set, id, judged) }));
  const sorted = nearestFirst(verdicts);
  return { all: sorted.map(({ id }) => id), near: sorted.filter(isNear).map(({ id }) => id) };
}

describe('watches of one article', () => {
  it('stand in order: matches, near misses, those of which nothing is there', () => {
    const { all, near } = order(
      { nothing: 'volleyball', far: 'minsk volleyball hockey', close: 'minsk beijing hockey', match: 'minsk' },
      'Minsk and Beijing',
    );
    expect(all).toEqual(['match', 'close', 'far', 'nothing']);
    expect(near).toEqual(['close', 'far']);
  });

  it('are near for what they ask for, not for what they exclude', () => {
    expect(order({ excludes: 'hockey -volleyball', asks: '(minsk OR kyiv) hockey' }, 'Minsk').near).toEqual(['asks']);
  });

  it('are near where everything is there and an excluded word too', () => {
    expect(order({ excluded: 'minsk -beijing' }, 'Minsk and Beijing').near).toEqual(['excluded']);
  });
});
