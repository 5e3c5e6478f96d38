import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkQuery } from '../../src/watches/check-query.ts';
import { carrying, explainWatch, lacking } from '../../src/watches/explain-watch.ts';
import { matchWatches } from '../../src/watches/match-watches.ts';
import { parseQuery } from '../../src/watches/parse-query.ts';
import { caret, QuerySyntaxError } from '../../src/watches/query-error.ts';
import { article, evaluate, NAIVE_GROUPS, print, tree, written } from './naive.ts';
import { compile, VOCABULARY, watch } from './support.ts';

const vocabulary = { ...VOCABULARY, terms: { ...VOCABULARY.terms, ...NAIVE_GROUPS } };
const matches = (compiled: ReturnType<typeof compile>, text: Parameters<typeof written>[0]) =>
  matchWatches(compiled.set, compiled.judge(written(text)));

describe('any query on any article', () => {
  it('comes out as a plain evaluator says', () => {
    fc.assert(
      fc.property(tree, fc.array(article, { minLength: 1, maxLength: 6 }), (query, texts) => {
        const compiled = compile([watch(print(query))], vocabulary);
        for (const text of texts) expect(matches(compiled, text).length === 1).toBe(evaluate(query, text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('comes out the same alone and among other watches', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 30 }), article, (queries, text) => {
        const compiled = compile(
          queries.map((query, index) => watch(print(query), { id: `w${index}` })),
          vocabulary,
        );
        const expected = queries.flatMap((query, index) => (evaluate(query, text) ? [`w${index}`] : []));
        expect(matches(compiled, text).map((match) => match.watch)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('shows evidence that stands in the article as it says, a bounded number of spans in reading order', () => {
    fc.assert(
      fc.property(tree, article, (query, text) => {
        const compiled = compile([watch(print(query))], vocabulary);
        const judged = compiled.judge(written(text));
        for (const { evidence } of matchWatches(compiled.set, judged)) {
          expect(evidence.length).toBeLessThanOrEqual(24);
          for (const span of evidence) expect(judged.article[span.field].slice(span.start, span.end)).toBe(span.text);
          const places = evidence.map((span) => (span.field === 'title' ? 0 : 1e6) + span.start);
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is explained as it came out, with clauses to blame or to credit', () => {
    fc.assert(
      fc.property(tree, article, (query, text) => {
        const compiled = compile([watch(print(query))], vocabulary);
        const verdict = explainWatch(compiled.set, 'w', compiled.judge(written(text)));
        expect(verdict.holds).toBe(evaluate(query, text));
        expect(verdict.missing > 0).toBe(!verdict.holds);
        expect(lacking(verdict).length > 0).toBe(!verdict.holds);
        expect(carrying(verdict).length > 0).toBe(verdict.holds);
      }),
      { numRuns: 500 },
    );
  });

  it('is never called impossible where an article matches, nor all-embracing where one does not', () => {
    fc.assert(
      fc.property(tree, fc.array(article, { minLength: 5, maxLength: 10 }), (query, texts) => {
        const errors = checkQuery(parseQuery(print(query)), vocabulary).filter(({ severity }) => severity === 'error');
        for (const text of texts) {
          const refuted = evaluate(query, text) ? 'never-matches' : 'matches-everything';
          expect(errors.map(({ code }) => code)).not.toContain(refuted);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('any text as a query', () => {
  const pieces = fc
    .array(
      fc.constantFrom(
        'a',
        'minsk',
        ' ',
        '(',
        ')',
        '"',
        '~',
        '8',
        '*',
        '^',
        '/',
        '[',
        ']',
        '{',
        ' TO ',
        ':',
        'title:',
        'country:',
        'published:',
        'role:',
        '@',
        '$',
        '=',
        '+',
        '-',
        '!',
        '&&',
        '||',
        ' AND ',
        ' OR ',
        ' NOT ',
        ',',
        '2 of ',
        '\\',
        '“',
        '”',
        '中',
        '😀',
        '?',
        '2023-08-01',
        '\n',
        '\0',
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join(''));

  it('is read, or refused with its place in it', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 40 })), (query) => {
        try {
          const { root } = parseQuery(query);
          expect(root.start).toBeGreaterThanOrEqual(0);
          expect(root.end).toBeLessThanOrEqual(query.length);
          checkQuery(parseQuery(query), vocabulary);
        } catch (error) {
          if (!(error instanceof QuerySyntaxError)) throw error;
          expect(error.offset + error.length).toBeLessThanOrEqual(Math.max(1, query.length));
          expect(caret(query, error)).toContain('^');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
