import { EdgeTable } from '../text/edge-table.ts';
import type { Evidence } from '../text/evidence.ts';
import type { FieldReading, Reading } from '../text/reading.ts';
import { stem } from '../text/stem.ts';
import { visitWords } from './features.ts';
import type { Taxonomy } from './taxonomy.ts';
import type { TopicWeights } from './topic-weights.ts';

/** The learned words and pairs of words of one language: a row for each. Words are numbers, so that a pair is looked up without being written. */
export interface WordTable {
  readonly lang: string;
  /** The number of each word, by its stem; also of those that are learned in pairs only. */
  readonly numbers: ReadonlyMap<string, number>;
  /** The numbers of the words met so far, as they stood. */
  readonly met: Map<string, number>;
  /** By a word's number: its row, or -1. */
  readonly rows: Int32Array;
  /** (number, next word's number) → row. */
  readonly pairs: EdgeTable;
  /** By row: the word or the pair. */
  readonly keys: readonly string[];
  /** Row by row, a column for each learned topic; 0 where the word is muted. */
  readonly weights: Float64Array;
}

/** A word or pair of words that moved a topic, and where it stands. */
export interface WordReason {
  readonly shares: readonly number[];
  readonly spans: Evidence[];
}

const UNKNOWN = -1;
/** Per language; news in one language uses some 50,000 common forms. Beyond it the memory starts again. */
const KEPT_WORDS = 60_000;

/** `muted` are the stems and pairs muted for a topic, by topic. */
export function compileWordTables(
  { words, topics }: TopicWeights,
  muted: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, WordTable> {
  const mutedOf = topics.map((topic) => muted.get(topic) ?? new Set<string>());
  return new Map(Object.entries(words).map(([lang, table]) => [lang, compileTable(lang, table, mutedOf)]));
}

function compileTable(
  lang: string,
  table: Readonly<Record<string, readonly number[]>>,
  muted: readonly ReadonlySet<string>[],
): WordTable {
  const keys = Object.keys(table);
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  };
  const single: number[] = [];
  const pairs = new Map<number, Map<number, number>>();
  for (const [row, key] of keys.entries()) {
    const space = key.indexOf(' ');
    if (space < 0) single[numberOf(key)] = row;
    else {
      const [first, second] = [numberOf(key.slice(0, space)), numberOf(key.slice(space + 1))];
      const following = pairs.get(first) ?? new Map<number, number>();
      pairs.set(first, following.set(second, row));
    }
  }
  return {
    lang,
    numbers,
    met: new Map(),
    rows: Int32Array.from({ length: numbers.size }, (_, number) => single[number] ?? UNKNOWN),
    pairs: new EdgeTable(pairs, () => true),
    keys,
    weights: Float64Array.from(
      keys.flatMap((key) => muted.map((stems, column) => (isMuted(stems, key) ? 0 : (table[key]![column] ?? 0)))),
    ),
  };
}

/** A pair of words is muted with either of them. */
function isMuted(muted: ReadonlySet<string>, key: string): boolean {
  return muted.size > 0 && (muted.has(key) || key.split(' ').some((word) => muted.has(word)));
}

/**
 * Adds what the article's words say to `odds`, one for each learned topic, and returns those that moved one by `leastReason` or more.
 * A word counts once, where it stands first.
 */
export function weighWords(taxonomy: Taxonomy, reading: Reading, odds: number[], leastReason: number): WordReason[] {
  const table = taxonomy.wordTables.get(reading.lang);
  if (table === undefined) return [];
  const seen = new Map<number, WordReason | null>();
  const weigh = (row: number, value: number, field: FieldReading, first: number, last: number): void => {
    const before = seen.get(row);
    if (before === undefined) seen.set(row, weighRow(table, row, value, odds, leastReason));
    seen.get(row)?.spans.push(spanOf(table.keys[row]!, field, first, last));
  };
  let previous = UNKNOWN;
  visitWords(reading, (value, field, at) => {
    const number = numberOf(table, field.words.folded[at]!);
    if (number !== UNKNOWN) {
      const row = table.rows[number]!;
      if (row !== UNKNOWN) weigh(row, value, field, at, at);
      const pair = at > 0 && previous !== UNKNOWN ? table.pairs.find(previous, number) : UNKNOWN;
      if (pair !== UNKNOWN) weigh(table.pairs.child(pair), value, field, at - 1, at);
    }
    previous = number;
  });
  return [...seen.values()].filter((reason) => reason !== null);
}

function numberOf({ lang, numbers, met }: WordTable, word: string): number {
  const known = met.get(word);
  if (known !== undefined) return known;
  const number = numbers.get(stem(word, lang)) ?? UNKNOWN;
  if (met.size >= KEPT_WORDS) met.clear();
  met.set(word, number);
  return number;
}

/** Adds what a row says to the odds; null where it is no reason worth showing. */
function weighRow(
  { keys, weights }: WordTable,
  row: number,
  value: number,
  odds: number[],
  leastReason: number,
): WordReason | null {
  const first = row * odds.length;
  let largest = 0;
  for (let column = 0; column < odds.length; column++) {
    const share = value * weights[first + column]!;
    odds[column]! += share;
    largest = Math.max(largest, share);
  }
  if (largest < leastReason || !isTelling(keys[row]!)) return null;
  return { shares: odds.map((_, column) => value * weights[first + column]!), spans: [] };
}

function spanOf(term: string, { field, source, words }: FieldReading, first: number, last: number): Evidence {
  const start = words.starts[first] ?? 0;
  const end = words.ends[last] ?? 0;
  return { field, start, end, text: source.slice(start, end), term };
}

/** Short words of Latin script (for, in, his) lean one way or the other without saying anything to a reader. */
function isTelling(key: string): boolean {
  return !/^(?:[a-z]{1,3}|\d+)(?: (?:[a-z]{1,3}|\d+))?$/.test(key);
}
