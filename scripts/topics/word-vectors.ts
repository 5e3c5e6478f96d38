/** A word's place among the others: words of like meaning lie close. Of unit length. */
export type WordVectors = ReadonlyMap<string, Float64Array>;

export interface VectorOptions {
  readonly dimensions: number;
  /** Words in fewer passages get no vector. */
  readonly leastPassages: number;
}

/** As many words as a paragraph of news has: words belong together where they share one. */
const PASSAGE_WORDS = 60;
const SHORTEST_PASSAGE = 4;
/** What every tenth passage has (the, said) says nothing of meaning. */
const MOST_FREQUENT = 0.1;
const OVERSAMPLED = 10;
const ROUNDS = 4;
/** How much more the great directions count than the small ones: the power of their singular value. */
const SPECTRUM_POWER = 0.25;

/** Texts as their words, cut into passages. */
export function passagesOf(texts: Iterable<readonly string[]>): string[][] {
  const passages: string[][] = [];
  for (const words of texts) {
    for (let at = 0; at < words.length; at += PASSAGE_WORDS) {
      const passage = words.slice(at, at + PASSAGE_WORDS);
      if (passage.length >= SHORTEST_PASSAGE) passages.push(passage);
    }
  }
  return passages;
}

/**
 * Latent semantic analysis (Deerwester et al. 1990) of unlabelled passages: the leading singular vectors of the words-by-passages matrix
 * of inverse document frequencies, by randomised subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4). Deterministic.
 */
export function learnWordVectors(
  passages: readonly (readonly string[])[],
  { dimensions, leastPassages }: VectorOptions,
): WordVectors {
  const counts = new Map<string, number>();
  for (const passage of passages) for (const word of new Set(passage)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts]
    .filter(([word, count]) => count >= leastPassages && count < passages.length * MOST_FREQUENT && !/^\d+$/.test(word))
    .map(([word]) => word);
  const rarity = Float64Array.from(words, (word) => Math.log(passages.length / (counts.get(word) ?? 1)));
  const rows = sparseRows(passages, new Map(words.map((word, index) => [word, index])), rarity);
  const columns = Math.min(dimensions + OVERSAMPLED, words.length);
  let basis = orthonormal(randomColumns(columns, words.length));
  let strengths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const next = basis.map((column) => throughPassages(rows, column));
    strengths = next.map(lengthOf);
    basis = orthonormal(next);
  }
  const used = Math.min(dimensions, columns);
  return new Map(
    words.map((word, at) => {
      const vector = Float64Array.from(
        { length: used },
        (_, dimension) => (basis[dimension]?.[at] ?? 0) * (strengths[dimension] ?? 0) ** SPECTRUM_POWER,
      );
      const length = lengthOf(vector) || 1;
      return [word, vector.map((value) => value / length)];
    }),
  );
}

/** Passages as word numbers and values of unit length, one after the other. */
interface SparseRows {
  readonly ends: Int32Array;
  readonly words: Int32Array;
  readonly values: Float64Array;
}

function sparseRows(
  passages: readonly (readonly string[])[],
  numbers: ReadonlyMap<string, number>,
  rarity: Float64Array,
): SparseRows {
  const words: number[] = [];
  const values: number[] = [];
  const ends = Int32Array.from(passages, (passage) => {
    const own = [...new Set(passage)].map((word) => numbers.get(word)).filter((number) => number !== undefined);
    const length = Math.sqrt(own.reduce((sum, number) => sum + (rarity[number] ?? 0) ** 2, 0)) || 1;
    for (const number of own) {
      words.push(number);
      values.push((rarity[number] ?? 0) / length);
    }
    return words.length;
  });
  return { ends, words: Int32Array.from(words), values: Float64Array.from(values) };
}

/** A direction among words, to passages and back: one step of power iteration. */
function throughPassages({ ends, words, values }: SparseRows, direction: Float64Array): Float64Array {
  const result = new Float64Array(direction.length);
  let start = 0;
  for (const end of ends) {
    let sum = 0;
    for (let at = start; at < end; at++) sum += values[at]! * direction[words[at]!]!;
    for (let at = start; at < end; at++) result[words[at]!]! += values[at]! * sum;
    start = end;
  }
  return result;
}

/** Modified Gram–Schmidt. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const own = column.slice();
    for (const other of done) {
      let share = 0;
      for (let at = 0; at < own.length; at++) share += own[at]! * other[at]!;
      for (let at = 0; at < own.length; at++) own[at]! -= share * other[at]!;
    }
    const length = lengthOf(own) || 1;
    done.push(own.map((value) => value / length));
  }
  return done;
}

function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** The same numbers each time (a linear congruential generator, Numerical Recipes). */
function randomColumns(columns: number, length: number): Float64Array[] {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
  return Array.from({ length: columns }, () => Float64Array.from({ length }, next));
}
