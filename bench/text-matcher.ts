/**
 * What the number of terms costs: articles of 2 KB read once for 1,000, 10,000 and 100,000 terms, hits included.
 *
 *   node bench/text-matcher.ts
 *
 * Words are drawn from one Zipf-like vocabulary for articles and terms (one to three words each), so that more terms also give more hits.
 * The last column is the cost against 1,000 terms; at most 5 is asked for.
 */
import { MatcherBuilder } from '../src/text/phrase-matcher.ts';
import { readArticle } from '../src/text/reading.ts';
import { readWords } from '../src/text/words.ts';

const random = seeded(7);
const vocabulary = Array.from({ length: 60_000 }, makeWord);
const articles = Array.from({ length: 2_000 }, () => Array.from({ length: 300 }, drawWord).join(' '));
const bytes = articles.reduce((sum, text) => sum + text.length, 0);

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
}
function makeWord(): string {
  const syllables = 1 + Math.floor(random() * 4);
  return (
    Array.from(
      { length: syllables },
      () => 'bcdfgklmnprst'[Math.floor(random() * 13)]! + 'aeiou'[Math.floor(random() * 5)]!,
    ).join('') + 'rnst'[Math.floor(random() * 4)]
  );
}
function drawWord(): string {
  return vocabulary[Math.floor(vocabulary.length ** random()) - 1]!;
}

/** Best of five runs, in milliseconds. */
function best(run: () => void): number {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint();
    run();
    bestMs = Math.min(bestMs, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return bestMs;
}

const wordsMs = best(() => {
  for (const text of articles) readWords(text);
});
console.log(`words alone: ${((bytes / 1e6 / wordsMs) * 1e3).toFixed(0)} MB/s`);
let baseMs = 0;
for (const count of [1_000, 10_000, 100_000]) {
  const builder = new MatcherBuilder();
  while (
    builder.add({
      text: Array.from({ length: 1 + Math.floor(random() * 3) }, () => vocabulary[Math.floor(random() * 60_000)]).join(
        ' ',
      ),
      form: 'inflected',
    }) <
    count - 1
  );
  const buildStart = process.hrtime.bigint();
  const matcher = builder.build();
  const buildMs = Number(process.hrtime.bigint() - buildStart) / 1e6;
  let hits = 0;
  const ms = best(() => {
    hits = 0;
    for (const text of articles)
      for (const field of readArticle({ title: '', summary: '', text }, 'en', matcher).fields)
        hits += field.hits.length;
  });
  if (baseMs === 0) baseMs = ms;
  console.log(
    `${String(count).padStart(7)} terms: build ${buildMs.toFixed(0)} ms, ${((bytes / 1e6 / ms) * 1e3).toFixed(1)} MB/s, ${((articles.length / ms) * 1e3).toFixed(0)} articles/s, ${(hits / articles.length).toFixed(1)} hits an article, cost × ${(ms / baseMs).toFixed(2)}`,
  );
}
