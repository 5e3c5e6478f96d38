import type { Evidence } from '../text/evidence.ts';
import type { FieldReading, Reading } from '../text/reading.ts';
import { visitWords } from './features.ts';
import type { Taxonomy } from './taxonomy.ts';
import type { TopicWeights } from './topic-weights.ts';

/** The learned words of one language, flat: row by row, a column for each learned topic. */
export interface WordTable {
  readonly rows: ReadonlyMap<string, number>;
  readonly weights: Float64Array;
}

/** A word or pair of words that moved a topic, and where it stands. */
export interface WordReason {
  readonly shares: readonly number[];
  readonly spans: Evidence[];
}

export function compileWordTables({ words, topics }: TopicWeights): Map<string, WordTable> {
  return new Map(
    Object.entries(words).map(([lang, table]) => {
      const rows = Object.entries(table);
      const weights = Float64Array.from(rows.flatMap(([, row]) => topics.map((_, column) => row[column] ?? 0)));
      return [lang, { rows: new Map(rows.map(([key], index) => [key, index])), weights }];
    }),
  );
}

/**
 * Adds what the article's words say to `odds`, one for each learned topic, and returns those that moved one by `leastReason` or more.
 * A word counts once, where it stands first.
 */
export function weighWords(taxonomy: Taxonomy, reading: Reading, odds: number[], leastReason: number): WordReason[] {
  const table = taxonomy.wordTables.get(reading.lang);
  if (table === undefined) return [];
  const { topics } = taxonomy.weights;
  const seen = new Map<number, WordReason | null>();
  visitWords(taxonomy, reading, (key, value, field, first, last) => {
    const row = table.rows.get(key);
    if (row === undefined) return;
    const before = seen.get(row);
    if (before !== undefined) {
      before?.spans.push(spanOf(key, field, first, last));
      return;
    }
    let largest = 0;
    for (let column = 0; column < topics.length; column++) {
      if (isMuted(taxonomy, topics[column] ?? '', key)) continue;
      const share = value * (table.weights[row * topics.length + column] ?? 0);
      odds[column]! += share;
      largest = Math.max(largest, share);
    }
    if (largest < leastReason || !isTelling(key)) {
      seen.set(row, null);
      return;
    }
    const shares = topics.map((id, column) =>
      isMuted(taxonomy, id, key) ? 0 : value * (table.weights[row * topics.length + column] ?? 0),
    );
    seen.set(row, { shares, spans: [spanOf(key, field, first, last)] });
  });
  return [...seen.values()].filter((reason) => reason !== null);
}

function spanOf(term: string, { field, source, words }: FieldReading, first: number, last: number): Evidence {
  const start = words.starts[first] ?? 0;
  const end = words.ends[last] ?? 0;
  return { field, start, end, text: source.slice(start, end), term };
}

/** A pair of words is muted with either of them. */
function isMuted(taxonomy: Taxonomy, topic: string, key: string): boolean {
  const muted = taxonomy.muted.get(topic);
  return muted !== undefined && muted.size > 0 && (muted.has(key) || key.split(' ').some((word) => muted.has(word)));
}

/** Short words of Latin script (for, in, his) lean one way or the other without saying anything to a reader. */
function isTelling(key: string): boolean {
  return !/^(?:[a-z]{1,3}|\d+)(?: (?:[a-z]{1,3}|\d+))?$/.test(key);
}
