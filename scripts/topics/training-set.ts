import { findEntities } from '../../src/entities/find-entities.ts';
import { compileGazetteer } from '../../src/entities/gazetteer.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { countGroups, type GroupCount, sharedFeatures, visitStems } from '../../src/topics/features.ts';
import { compileTaxonomy, type Taxonomy } from '../../src/topics/taxonomy.ts';
import { readEntityConfig, readTaxonomyConfig } from './read-config.ts';
import type { TrainingFile } from './training-files.ts';

/** One line of a labelled file. A label is 1, 0, or null where the source cannot tell. */
export interface LabelledRow {
  readonly id: string;
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
  readonly date?: string;
  readonly labels: Readonly<Record<string, 0 | 1 | null>>;
  /** Subtopics by their last part (`exercises`). */
  readonly sub?: readonly string[];
  /** 0 where the labeller was not sure. */
  readonly sure?: 0 | 1;
}

export interface TrainingRow {
  readonly row: LabelledRow;
  /** The file it came from. */
  readonly source: string;
  readonly weight: number;
  /** Written to teach words: topics come up in it more often than in any feed. */
  readonly written: boolean;
  readonly indexes: Int32Array;
  readonly values: Float32Array;
  readonly groups: ReadonlyMap<string, GroupCount>;
  /** Rows of neighbouring days stay together: a story's words come back on the next day, and must not be known beforehand. */
  readonly fold: number;
}

export interface TrainingSet {
  readonly rows: readonly TrainingRow[];
  /** `word en army`, `shared group defense`, by index. */
  readonly keys: readonly string[];
  /** What a feature's value is multiplied by while learning: rare words speak louder. */
  readonly scales: Float64Array;
  readonly taxonomy: Taxonomy;
}

export const FOLDS = 4;
const FOLD_DAYS = 3;
const LEAST_ARTICLES = 3;
const UNSURE_WEIGHT = 0.7;
const PAIR_SCALE = 0.7;
/** Names of countries and people are tied to the news of their day: they may say less. */
const NAME_SCALE = 0.4;
const MOST_RARITY = 7;
/** Groups of terms hold in every language and year, words only where they were seen: the model leans on groups first. */
const GROUP_SCALE = 1.6;
/** How often a topic comes up in headlines or notes is the source's affair: it is learned freely, so that no word has to say it. */
const FORM_SCALE = 2;

/** Turns every row into numbers, with the config's taxonomy and entities. */
export function readTrainingSet(files: readonly TrainingFile[], configDirectory: string): TrainingSet {
  const builder = new MatcherBuilder();
  const gazetteer = compileGazetteer(readEntityConfig(configDirectory), builder);
  const taxonomy = compileTaxonomy(readTaxonomyConfig(configDirectory), builder, { kinds: gazetteer.kinds });
  const matcher = builder.build();
  const index = new Index();
  const raw = files.flatMap(({ name, weight, written, rows }) =>
    rows.map((row) => {
      const reading = readArticle({ title: row.title ?? '', summary: '', text: row.text ?? '' }, row.lang, matcher);
      const groups = countGroups(taxonomy, reading);
      const values = new Map<number, number>();
      for (const { key, value } of sharedFeatures(taxonomy, reading, findEntities(gazetteer, reading), groups))
        values.set(index.of(`shared ${key}`), value);
      visitStems(reading, (key, value) => {
        const number = index.of(`word ${row.lang} ${key}`);
        if (!values.has(number)) values.set(number, value);
      });
      index.count(values.keys());
      return {
        row,
        source: name,
        written,
        weight: weight * (row.sure === 0 ? UNSURE_WEIGHT : 1),
        indexes: Int32Array.from(values.keys()),
        values: Float32Array.from(values.values()),
        groups,
      };
    }),
  );
  return { ...compact(raw, index), taxonomy };
}

class Index {
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

  /** Counts one article. */
  count(numbers: Iterable<number>): void {
    for (const number of numbers) this.counts[number]!++;
  }
}

/** Drops features that too few articles have, and scales the rest. */
function compact(raw: readonly Omit<TrainingRow, 'fold'>[], index: Index): Omit<TrainingSet, 'taxonomy'> {
  const renumbered = new Int32Array(index.keys.length).fill(-1);
  const keys: string[] = [];
  const scales: number[] = [];
  for (const [number, key] of index.keys.entries()) {
    const count = index.counts[number] ?? 0;
    if (count < LEAST_ARTICLES) continue;
    renumbered[number] = keys.push(key) - 1;
    scales.push(scaleOf(key, count, raw.length));
  }
  const rows = raw.map((row): TrainingRow => {
    const kept = [...row.indexes.keys()].filter((at) => (renumbered[row.indexes[at] ?? 0] ?? -1) >= 0);
    const indexes = Int32Array.from(kept, (at) => renumbered[row.indexes[at] ?? 0] ?? 0);
    const values = Float32Array.from(
      kept,
      (at, position) => (row.values[at] ?? 0) * (scales[indexes[position] ?? 0] ?? 1),
    );
    return { ...row, indexes, values, fold: foldOf(row.row) };
  });
  return { rows, keys, scales: Float64Array.from(scales) };
}

function scaleOf(key: string, count: number, rows: number): number {
  if (key.startsWith('shared form ')) return FORM_SCALE;
  if (key.startsWith('shared '))
    return /^shared (?:country|countries|person|organisation) /.test(key) ? NAME_SCALE : GROUP_SCALE;
  const rarity = Math.min(MOST_RARITY, Math.log(rows / count));
  return key.split(' ').length > 3 ? rarity * PAIR_SCALE : rarity;
}

function foldOf(row: LabelledRow): number {
  const day = Math.floor(Date.parse(row.date ?? '') / 86_400_000);
  if (!Number.isNaN(day)) return Math.floor(day / FOLD_DAYS) % FOLDS;
  let hash = 7;
  for (const character of row.id) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % FOLDS;
}
