import { expect, test } from 'vitest';
import { FeatureIndex, featureSpaceOf, placeIn, wordForWord } from '../../scripts/topics/feature-space.ts';
import { learnWordVectors, passagesOf, type WordVectors } from '../../scripts/topics/word-vectors.ts';

const SEA = ['frigate', 'destroyer', 'harbour', 'sailor', 'admiral', 'fleet'];
const STAGE = ['singer', 'concert', 'album', 'chorus', 'drummer', 'encore'];
const OTHERS = Array.from({ length: 18 }, (_, subject) => SEA.map((_, word) => `s${subject}w${word}`));
/** Passages of four words of one subject each; no word stands beside another subject's. */
const passages = [SEA, STAGE, ...OTHERS].flatMap((subject) =>
  Array.from({ length: 30 }, (_, at) => [0, 1, 2, 3].map((step) => subject[(at + step) % subject.length] as string)),
);
const learn = () => learnWordVectors(passages, { dimensions: 20, leastPassages: 4 });

function likeness(vectors: WordVectors, one: string, other: string): number {
  const second = vectors.get(other);
  return vectors.get(one)?.reduce((sum, value, at) => sum + value * (second?.[at] ?? 0), 0) ?? Number.NaN;
}

test('words of one subject lie closer to each other than to those of another', () => {
  const vectors = learn();
  for (const word of SEA.slice(1)) {
    expect(likeness(vectors, 'frigate', word)).toBeGreaterThan(likeness(vectors, 'frigate', 'concert') + 0.3);
  }
});

test('the same texts give the same vectors', () => {
  expect([...learn()]).toEqual([...learn()]);
});

test('a word too rare to know gets no vector, nor does one that is everywhere', () => {
  const vectors = learnWordVectors(
    Array.from({ length: 100 }, (_, at) => [
      'everywhere',
      `a${at % 20}`,
      `b${at % 20}`,
      at === 0 ? 'once' : `c${at % 20}`,
    ]),
    { dimensions: 4, leastPassages: 4 },
  );
  expect(vectors.has('everywhere')).toBe(false);
  expect(vectors.has('once')).toBe(false);
  expect(vectors.has('a1')).toBe(true);
});

test('a long text is read paragraph by paragraph, a fragment not at all', () => {
  const words = Array.from({ length: 122 }, (_, at) => `w${at}`);
  expect(passagesOf([words, ['too', 'short']]).map(({ length }) => length)).toEqual([60, 60]);
});

test('weights word for word say of an article what the vectors said of it', () => {
  const vectors = new Map([
    ['en', new Map(SEA.map((word, at) => [word, Float64Array.of(Math.cos(at), Math.sin(at))]))],
  ]);
  const index = new FeatureIndex();
  const numbers = SEA.slice(0, 3).map((word) => index.of(`word en ${word}`));
  for (let article = 0; article < 5; article++) index.count(numbers);
  const space = featureSpaceOf(index, new Map([['en', 5000]]), vectors);
  const weights = Float64Array.from(space.keys, (_, at) => Math.sin(7 * at + 1));
  const { indexes, values } = placeIn(space, {
    lang: 'en',
    indexes: Int32Array.from(numbers),
    values: Float32Array.from([0.2, 0.1, 0.4]),
  });
  const score = (of: Float64Array, isShipped: (key: string) => boolean) =>
    indexes.reduce(
      (sum, at, place) => sum + (isShipped(space.keys[at] ?? '') ? (of[at] ?? 0) * (values[place] ?? 0) : 0),
      0,
    );
  const isWord = (key: string) => key.startsWith('word ');
  expect(score(wordForWord(space, weights), isWord)).toBeCloseTo(
    score(weights, () => true),
    5,
  );
  expect(score(weights, isWord)).not.toBeCloseTo(
    score(weights, () => true),
    2,
  );
});

test('a word that names a country says less than another as rare, and shares no meaning', () => {
  const vectors = new Map([
    [
      'en',
      new Map([
        ['niger', Float64Array.of(1)],
        ['zebra', Float64Array.of(1)],
      ]),
    ],
  ]);
  const index = new FeatureIndex();
  const [niger, zebra] = ['niger', 'zebra'].map((word) => index.of(`word en ${word}`)) as [number, number];
  for (let article = 0; article < 4; article++) {
    index.count([niger, zebra]);
    index.countName(niger);
  }
  const { scales, meanings, renumbered } = featureSpaceOf(index, new Map([['en', 1000]]), vectors);
  const [country, animal] = [renumbered[niger], renumbered[zebra]] as [number, number];
  expect(scales[country]).toBeLessThan(scales[animal] as number);
  expect(meanings[country]).toBeUndefined();
  expect(meanings[animal]).toBeDefined();
});

test('the words that every text of a small language has say little, however rare they are among all texts', () => {
  const index = new FeatureIndex();
  const [le, frigate] = ['le', 'frégate'].map((word) => index.of(`word fr ${word}`)) as [number, number];
  for (let article = 0; article < 40; article++) index.count(article < 4 ? [le, frigate] : [le]);
  const { scales, renumbered } = featureSpaceOf(
    index,
    new Map([
      ['en', 20_000],
      ['fr', 100],
    ]),
    new Map(),
  );
  expect(scales[renumbered[le] as number]).toBeLessThan(1);
  expect(scales[renumbered[frigate] as number]).toBeGreaterThan(6);
});
