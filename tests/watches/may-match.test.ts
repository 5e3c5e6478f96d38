import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/watches/article-facts.ts';
import { anyMayMatch } from '../../src/watches/may-match.ts';
import { article, evaluate, NAIVE_GROUPS, print, tree, written } from './naive.ts';
import { compile, VOCABULARY, type Written, watch } from './support.ts';

const vocabulary = { ...VOCABULARY, terms: { ...VOCABULARY.terms, ...NAIVE_GROUPS } };

/** Whether any of these queries may match an article whose tags are not known yet, but may be those. */
function mayMatch(queries: readonly string[], text: Written, tags: (name: string) => boolean): boolean {
  const watches = queries.map((query, index) => watch(query, { id: `w${index}` }));
  const { set, judge } = compile(watches, vocabulary);
  const untagged = { ...judge(text), topics: [], entities: [] };
  const keys = [...set.tagKeys].flatMap(([name, key]) => (tags(name) ? [key] : []));
  return anyMayMatch(set, factsOf(set, untagged), keys);
}

describe('ruling an article out early', () => {
  it('never loses a match, whatever tags turn up later', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), article, (queries, text) => {
        const open = mayMatch(
          queries.map((query) => print(query)),
          written(text),
          (tag) => !tag.startsWith('lang:'),
        );
        if (!open) expect(queries.some((query) => evaluate(query, text))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[query: string, tags: string[], title: string, may: boolean]>([
    ['minsk topic:defense', ['topic:defense'], 'Moscow', false],
    ['minsk topic:defense', ['topic:defense'], 'Minsk', true],
    ['minsk topic:defense', [], 'Minsk', false],
    ['minsk -topic:defense', ['topic:defense'], 'Minsk', true],
    ['-topic:defense', ['topic:defense'], 'Moscow', true],
    ['2 of (minsk, country:CN, country:BY)', ['country:CN'], 'Minsk', true],
    ['2 of (minsk, country:CN, country:BY)', ['country:CN'], 'Moscow', false],
    ['country:$baltics', ['country:LV'], 'Moscow', true],
    ['country:$baltics', [], 'Moscow', false],
    ['country:CN -minsk', ['country:CN'], 'Minsk', false],
    ['country:CN -(minsk org:nato)', ['country:CN', 'org:nato'], 'Minsk', true],
  ])('%s with %j, on "%s": %s', (query, tags, title, may) => {
    expect(mayMatch([query], title, (name) => tags.includes(name))).toBe(may);
  });
});
