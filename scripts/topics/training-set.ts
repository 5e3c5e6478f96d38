import { findEntities } from '../../src/entities/find-entities.ts';
import { compileGazetteer } from '../../src/entities/gazetteer.ts';
import type { Evidence } from '../../src/text/evidence.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';
import { stem } from '../../src/text/stem.ts';
import { readWords } from '../../src/text/words.ts';
import { countGroups, type GroupCount, sharedFeatures, visitStems } from '../../src/topics/features.ts';
import { compileTaxonomy, type Taxonomy } from '../../src/topics/taxonomy.ts';
import { FeatureIndex, type FeatureSpace, featureSpaceOf, placeIn } from './feature-space.ts';
import { readEntityConfig, readTaxonomyConfig } from './read-config.ts';
import type { TrainingFile, UnlabelledText } from './training-files.ts';
import { learnWordVectors, passagesOf, type WordVectors } from './word-vectors.ts';

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
  /** A headline of an item that is a row of its own: learned from, never judged. */
  readonly isHeadlineOfItem: boolean;
  readonly indexes: Int32Array;
  readonly values: Float32Array;
  readonly groups: ReadonlyMap<string, GroupCount>;
  /** Rows of neighbouring days stay together: a story's words come back on the next day, and must not be known beforehand. */
  readonly fold: number;
}

export interface TrainingSet extends FeatureSpace {
  readonly rows: readonly TrainingRow[];
  readonly taxonomy: Taxonomy;
}

export const FOLDS = 4;
const FOLD_DAYS = 3;
const UNSURE_WEIGHT = 0.7;
/** Directions of meaning along which words share what is learned, so that a frigate profits from what destroyers taught. */
const VECTORS = { dimensions: 100, leastPassages: 4 };
/** Of fewer passages no meaning is learned. */
const LEAST_PASSAGES = 5000;

/** Turns every row into numbers, with the config's taxonomy and entities. `texts` are read for the words' meaning, besides the rows' own. */
export function readTrainingSet(
  files: readonly TrainingFile[],
  configDirectory: string,
  texts: readonly UnlabelledText[] = [],
): TrainingSet {
  const builder = new MatcherBuilder();
  const gazetteer = compileGazetteer(readEntityConfig(configDirectory), builder);
  const taxonomy = compileTaxonomy(readTaxonomyConfig(configDirectory), builder, { kinds: gazetteer.kinds });
  const matcher = builder.build();
  const index = new FeatureIndex();
  const raw = files.flatMap(({ name, weight, written, headlines, rows }) =>
    withHeadlines(rows, headlines).map(({ row, isHeadlineOfItem }) => {
      const reading = readArticle({ title: row.title ?? '', summary: '', text: row.text ?? '' }, row.lang, matcher);
      const groups = countGroups(taxonomy, reading);
      const entities = findEntities(gazetteer, reading);
      const values = new Map<number, number>();
      for (const { key, value } of sharedFeatures(taxonomy, reading, entities, groups))
        values.set(index.of(`shared ${key}`), value);
      const countries = entities.filter(({ type }) => type === 'country').flatMap(({ evidence }) => evidence);
      visitStems(reading, (key, value, { field, words }, first, last) => {
        const number = index.of(`word ${row.lang} ${key}`);
        if (values.has(number)) return;
        values.set(number, value);
        if (first === last && stands(countries, field, words.starts[first] ?? 0, words.ends[last] ?? 0))
          index.countName(number);
      });
      index.count(values.keys());
      return {
        row,
        source: name,
        written,
        isHeadlineOfItem,
        weight: weight * (row.sure === 0 ? UNSURE_WEIGHT : 1) * (isHeadlineOfItem ? headlines : 1),
        indexes: Int32Array.from(values.keys()),
        values: Float32Array.from(values.values()),
        groups,
      };
    }),
  );
  const own = files.flatMap(({ rows }) =>
    rows.map(({ title = '', text = '', lang }) => ({ lang, text: `${title}\n${text}` })),
  );
  const vectors = vectorsOf([...own, ...texts]);
  const articles = new Map<string, number>();
  for (const { row } of raw) articles.set(row.lang, (articles.get(row.lang) ?? 0) + 1);
  const space = featureSpaceOf(index, articles, vectors);
  const rows = raw.map((one) => ({ ...one, ...placeIn(space, { ...one, lang: one.row.lang }), fold: foldOf(one.row) }));
  return { ...space, rows, taxonomy };
}

function stands(spans: readonly Evidence[], field: string, start: number, end: number): boolean {
  return spans.some((span) => span.field === field && span.start <= start && end <= span.end);
}

/** The rows, and after them, where they count, the headlines of those that have a text. */
function withHeadlines(
  rows: readonly LabelledRow[],
  share: number,
): { readonly row: LabelledRow; readonly isHeadlineOfItem: boolean }[] {
  const headlines = share === 0 ? [] : rows.filter(({ title = '', text = '' }) => title !== '' && text !== '');
  return [
    ...rows.map((row) => ({ row, isHeadlineOfItem: false })),
    ...headlines.map(({ sub: _, ...row }) => ({ row: { ...row, text: '' }, isHeadlineOfItem: true })),
  ];
}

/** The vectors of each language with enough to read; a text that comes twice is read once. */
function vectorsOf(texts: readonly UnlabelledText[]): Map<string, WordVectors> {
  const byLanguage = Map.groupBy(texts, ({ lang }) => lang);
  const vectors = new Map<string, WordVectors>();
  for (const [lang, own] of byLanguage) {
    const distinct = new Set(own.map(({ text }) => text));
    const passages = passagesOf([...distinct].map((text) => readWords(text).folded.map((word) => stem(word, lang))));
    if (passages.length >= LEAST_PASSAGES) vectors.set(lang, learnWordVectors(passages, VECTORS));
  }
  return vectors;
}

function foldOf(row: LabelledRow): number {
  const day = Math.floor(Date.parse(row.date ?? '') / 86_400_000);
  if (!Number.isNaN(day)) return Math.floor(day / FOLD_DAYS) % FOLDS;
  let hash = 7;
  for (const character of row.id) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % FOLDS;
}
