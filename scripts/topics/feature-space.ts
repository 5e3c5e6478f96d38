import type { WordVectors } from './word-vectors.ts';

const LEAST_ARTICLES = 3;
const PAIR_SCALE = 0.7;
/** Names of countries and people are tied to the news of their day: they may say less. */
const NAME_SCALE = 0.4;
/** So may the words that name a country, whose news of one month would else be its meaning for good. */
const NAME_WORD_SCALE = 0.8;
const MOST_RARITY = 7;
const COMMON_PART = 10;
/** Groups of terms hold in every language and year, words only where they were seen: the model leans on groups first. */
const GROUP_SCALE = 1.6;
/** How often a topic comes up in headlines or notes is the source's affair: it is learned freely, so that no word has to say it. */
const FORM_SCALE = 2;
const VECTOR_SCALE = 0.5;

/** An article's features by number, and how much there is of each. */
export interface RawFeatures {
  readonly lang: string;
  readonly indexes: Int32Array;
  readonly values: Float32Array;
}

/** What a feature's number means in training: its key, its scale, and for a word its meaning. */
export interface FeatureSpace {
  /** `word en army`, `shared group defense`, `vector en 7`, by index. */
  readonly keys: readonly string[];
  /** What a feature's value is multiplied by while learning: rare words speak louder. */
  readonly scales: Float64Array;
  /** By language: where its vectors' dimensions begin among the keys. */
  readonly firstDimensions: ReadonlyMap<string, number>;
  /** By index: a word's vector, if it has one. */
  readonly meanings: readonly (Float64Array | undefined)[];
  /** By number in the index: the key's index here; -1 where it was dropped. */
  readonly renumbered: Int32Array;
}

/** Numbers for features' names, and in how many articles each is. */
export class FeatureIndex {
  readonly keys: string[] = [];
  readonly counts: number[] = [];
  readonly #numbers = new Map<string, number>();

  of(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.keys.push(key) - 1;
      this.counts.push(0);
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** In how many articles a word was (part of) a country's name. */
  readonly #names = new Map<number, number>();

  /** Counts one article in which the word names a country. */
  countName(number: number): void {
    this.#names.set(number, (this.#names.get(number) ?? 0) + 1);
  }

  /** Whether a word mostly names a country. A character of a script without spaces is part of many words. */
  isName(number: number): boolean {
    const word = this.keys[number]?.split(' ')[2] ?? '';
    return word.length > 1 && (this.#names.get(number) ?? 0) > (this.counts[number] ?? 0) / 2;
  }

  /** Counts one article. */
  count(numbers: Iterable<number>): void {
    for (const number of numbers) this.counts[number]!++;
  }
}

/** Leaves out features that too few articles have, unless it is known what the word means; `articles` are those that were counted, by language. */
export function featureSpaceOf(
  index: FeatureIndex,
  articles: ReadonlyMap<string, number>,
  vectors: ReadonlyMap<string, WordVectors>,
): FeatureSpace {
  for (const [lang, words] of vectors) for (const word of words.keys()) index.of(`word ${lang} ${word}`);
  const all = [...articles.values()].reduce((sum, count) => sum + count, 0);
  const renumbered = new Int32Array(index.keys.length).fill(-1);
  const keys: string[] = [];
  const scales: number[] = [];
  const meanings: (Float64Array | undefined)[] = [];
  for (const [number, key] of index.keys.entries()) {
    const count = index.counts[number] ?? 0;
    const isName = index.isName(number);
    const meaning = isName ? undefined : meaningOf(key, vectors);
    if (count < LEAST_ARTICLES && meaning === undefined) continue;
    renumbered[number] = keys.push(key) - 1;
    scales.push(
      scaleOf(key, count, all, articles.get(key.split(' ')[1] ?? '') ?? all) * (isName ? NAME_WORD_SCALE : 1),
    );
    meanings.push(meaning);
  }
  const firstDimensions = new Map<string, number>();
  for (const [lang, words] of vectors) {
    firstDimensions.set(lang, keys.length);
    for (let dimension = 0; dimension < dimensionsOf(words); dimension++) {
      keys.push(`vector ${lang} ${dimension}`);
      scales.push(1);
    }
  }
  return { keys, scales: Float64Array.from(scales), firstDimensions, meanings, renumbered };
}

/** An article's features in the space: scaled, and with the sum of what its words mean. */
export function placeIn(
  { scales, renumbered, meanings, firstDimensions }: FeatureSpace,
  features: RawFeatures,
): { readonly indexes: Int32Array; readonly values: Float32Array } {
  const indexes: number[] = [];
  const values: number[] = [];
  const sum: number[] = [];
  for (const [at, number] of features.indexes.entries()) {
    const kept = renumbered[number] ?? -1;
    if (kept < 0) continue;
    const value = (features.values[at] ?? 0) * (scales[kept] ?? 1);
    indexes.push(kept);
    values.push(value);
    for (const [dimension, part] of meanings[kept]?.entries() ?? [])
      sum[dimension] = (sum[dimension] ?? 0) + VECTOR_SCALE * value * part;
  }
  const first = firstDimensions.get(features.lang) ?? 0;
  for (const [dimension, value] of sum.entries()) {
    indexes.push(first + dimension);
    values.push(value);
  }
  return { indexes: Int32Array.from(indexes), values: Float32Array.from(values) };
}

/**
 * Weights with what the vectors' dimensions learned given to each word: since an article's vector is the sum of its words', both say the
 * same, and no vector need be shipped.
 */
export function wordForWord({ keys, meanings, firstDimensions }: FeatureSpace, weights: Float64Array): Float64Array {
  return Float64Array.from(keys, (key, index) => {
    const first = firstDimensions.get(key.split(' ')[1] ?? '') ?? 0;
    const meant = meanings[index]?.reduce((sum, part, dimension) => sum + part * (weights[first + dimension] ?? 0), 0);
    return (weights[index] ?? 0) + VECTOR_SCALE * (meant ?? 0);
  });
}

/** The vector of a single word; of pairs and shared features there is none. */
function meaningOf(key: string, vectors: ReadonlyMap<string, WordVectors>): Float64Array | undefined {
  const [kind, lang = '', word = '', second] = key.split(' ');
  return kind === 'word' && second === undefined ? vectors.get(lang)?.get(word) : undefined;
}

function dimensionsOf(words: WordVectors): number {
  return words.values().next().value?.length ?? 0;
}

/** `ofLanguage` of all `articles` are in the word's language. */
function scaleOf(key: string, count: number, articles: number, ofLanguage: number): number {
  if (key.startsWith('shared form ')) return FORM_SCALE;
  if (key.startsWith('shared '))
    return /^shared (?:country|countries|person|organisation) /.test(key) ? NAME_SCALE : GROUP_SCALE;
  // In a language with few articles the words of every tenth are its articles and prepositions, however rare among all.
  const isCommon = count * COMMON_PART > ofLanguage;
  const rarity = Math.min(MOST_RARITY, Math.log((isCommon ? ofLanguage : articles) / Math.max(1, count)));
  return key.split(' ').length > 3 ? rarity * PAIR_SCALE : rarity;
}
