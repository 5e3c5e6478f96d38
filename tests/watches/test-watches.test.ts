import { expect, it } from 'vitest';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { compileWatches } from '../../src/watches/compile-watches.ts';
import { testWatches } from '../../src/watches/test-watches.ts';
import { compile, VOCABULARY, watch } from './support.ts';

const run = (query: string, match: string[], ignore: string[]) => {
  const watches = [watch(query, { tests: { match, ignore } })];
  const { set, judge } = compile(watches);
  return testWatches(set, watches, judge);
};

it('a watch whose headlines come out as written has no failures', () => {
  expect(run('minsk -volleyball', ['Talks in Minsk'], ['Minsk volleyball', 'Talks in Moscow'])).toEqual([]);
});

it('a watch without tests has no failures', () => {
  const { set, judge } = compile([watch('minsk')]);
  expect(testWatches(set, [watch('minsk')], judge)).toEqual([]);
});

it('a headline that should match names the clause that lacked', () => {
  const [failure] = run('minsk visit country:BY', ['Nobody goes to Minsk'], []);
  expect(failure).toMatchObject({ watch: 'w', kind: 'match', index: 0, headline: 'Nobody goes to Minsk' });
  expect(failure?.clauses.map(({ text }) => text)).toEqual(['visit', 'country:BY']);
  expect(failure?.message).toBe(
    'watch w: tests.match[0] "Nobody goes to Minsk" should match and does not, for lack of visit (not found); and of country:BY (no countries found)',
  );
});

it('a headline that should be ignored names the clauses that matched', () => {
  const [failure] = run('minsk -hockey', [], ['Moscow', 'Minsk volleyball']);
  expect(failure).toMatchObject({ kind: 'ignore', index: 1 });
  expect(failure?.message).toBe(
    'watch w: tests.ignore[1] "Minsk volleyball" should be ignored and matches, through minsk ("Minsk"); and -hockey',
  );
});

it('a watch that cannot be compiled is named, with the mistake in its query', () => {
  const compileOne = (...watches: Parameters<typeof compileWatches>[0]) =>
    compileWatches(watches, VOCABULARY, new MatcherBuilder());
  expect(() => compileOne(watch('minsk AND', { id: 'minsk-talks' }))).toThrow(
    'watch minsk-talks: nothing to look for stands after this AND',
  );
  expect(() => compileOne(watch('$nowhere', { id: 'minsk-talks' }))).toThrow(
    'watch minsk-talks: there is no group $nowhere',
  );
  expect(() => compileOne(watch('minsk'), watch('beijing'))).toThrow('watch w: another watch has this id');
});
