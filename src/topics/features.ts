import type { EntityTag } from '../entities/entity-tag.ts';
import type { Evidence } from '../text/evidence.ts';
import { evidenceOf, type FieldReading, type Reading } from '../text/reading.ts';
import { stem } from '../text/stem.ts';
import type { Taxonomy } from './taxonomy.ts';

/** Something the model weighs in every language alike: its key, how much of it there is, and where it stands. */
export interface Feature {
  readonly key: string;
  readonly value: number;
  readonly spans: readonly Evidence[];
}

/** What a group's terms amount to in one article. */
export interface GroupCount {
  /** Different terms without a weight of their own that stand anywhere. */
  readonly terms: number;
  readonly inTitle: boolean;
  /** Sum of the weights their authors gave. */
  readonly given: number;
  readonly spans: readonly Evidence[];
}

/** Only the beginning of a long text says what it is about (the inverted pyramid of news). */
const READ_WORDS = 220;
const TITLE_VALUE = 1.6;
/** Two states named together say more than each alone; a list of ten says nothing. */
const MOST_PAIRED = 4;

/** Counts the taxonomy's terms by group. */
export function countGroups(taxonomy: Taxonomy, reading: Reading): Map<string, GroupCount> {
  const groups = new Map<
    string,
    { terms: Set<number>; weighted: Set<number>; inTitle: boolean; given: number; spans: Evidence[] }
  >();
  for (const { field, hits } of reading.fields) {
    for (const hit of hits) {
      for (const { group, written, weight } of taxonomy.terms.get(hit.term) ?? []) {
        const count = groups.get(group) ?? {
          terms: new Set(),
          weighted: new Set(),
          inTitle: false,
          given: 0,
          spans: [],
        };
        if (weight === null) {
          count.terms.add(hit.term);
          count.inTitle ||= field === 'title';
        } else if (!count.weighted.has(hit.term)) {
          count.weighted.add(hit.term);
          count.given += weight;
        }
        if (weight === null || weight > 0) count.spans.push(evidenceOf(reading, field, hit, written));
        groups.set(group, count);
      }
    }
  }
  return new Map(
    [...groups].map(([group, { terms, inTitle, given, spans }]) => [
      group,
      { terms: terms.size, inTitle, given, spans },
    ]),
  );
}

/** The features that hold in every language: groups of terms, entities. */
export function sharedFeatures(
  taxonomy: Taxonomy,
  reading: Reading,
  entities: readonly EntityTag[],
  groups: ReadonlyMap<string, GroupCount>,
): Feature[] {
  const form = formOf(reading);
  const features: Feature[] = [];
  const add = (key: string, value: number, spans: readonly Evidence[]) => features.push({ key, value, spans });
  /** What an item's length adds to, a headline or a note may say alone. */
  const addForForm = (key: string, value: number, spans: readonly Evidence[]) => {
    add(key, value, spans);
    if (form !== 'item') add(`${form} ${key}`, value, spans);
  };
  for (const [group, { terms, inTitle, spans }] of groups) {
    if (terms === 0) continue;
    const amount = Math.min(2, Math.log2(1 + terms));
    addForForm(`group ${group}`, amount, spans);
    add(`group ${group} ${reading.lang}`, amount, spans);
    if (inTitle)
      addForForm(
        `title ${group}`,
        1,
        spans.filter((span) => span.field === 'title'),
      );
  }
  // How often a topic comes up differs between the feeds of two languages, and between headlines, notes without one and whole items.
  add(`lang ${reading.lang}`, 1, []);
  add(`form ${form}`, 1, []);
  const countries = entities.filter((entity) => entity.type === 'country');
  addForForm(
    `countries ${Math.min(3, countries.length)}`,
    1,
    countries.flatMap((country) => country.evidence),
  );
  for (const [at, one] of countries.slice(0, MOST_PAIRED).entries()) {
    for (const other of countries.slice(at + 1, MOST_PAIRED)) {
      add(`countries ${[one.id, other.id].sort().join('-')}`, 1, [...one.evidence, ...other.evidence]);
    }
  }
  for (const { id, type, country, evidence } of entities) {
    if (type === 'country') add(`country ${id}`, 1, evidence);
    else if (type === 'role') addForForm(`role ${id}${country === null ? '' : '@'}`, 1, evidence);
    else if (type === 'person') add(`person ${id}`, 1, evidence);
    else add(`organisation ${id}`, 1, evidence);
    if (type === 'organisation') addForForm(`kind ${taxonomy.kinds.get(id) ?? 'other'}`, 1, evidence);
  }
  return features;
}

/** What of an article is there to judge. A bare headline says in a few words what an item says in many. */
function formOf({ fields }: Reading): 'headline' | 'note' | 'item' {
  const stands = (isTitle: boolean) =>
    fields.some(({ field, words }) => (field === 'title') === isTitle && words.count > 0);
  if (!stands(true)) return 'note';
  return stands(false) ? 'item' : 'headline';
}

/**
 * Visits the words at an article's beginning, in reading order. Their value is the same in long and short articles: a word in the title weighs more than one below.
 * `at` is a word index.
 */
export function visitWords(reading: Reading, visit: (value: number, field: FieldReading, at: number) => void): void {
  const total = reading.fields.reduce((sum, { words }) => sum + words.count, 0);
  const scale = 1 / Math.sqrt(Math.max(8, 2 * Math.min(READ_WORDS, total)));
  let left = READ_WORDS;
  for (const field of reading.fields) {
    const value = field.field === 'title' ? TITLE_VALUE * scale : scale;
    for (let at = 0; at < field.words.count && left > 0; at++, left--) visit(value, field, at);
  }
}

/** Visits the stemmed words and pairs of neighbours at an article's beginning, in reading order, as they are learned. */
export function visitStems(reading: Reading, visit: (key: string, value: number) => void): void {
  let previous = '';
  visitWords(reading, (value, { words }, at) => {
    const word = stem(words.folded[at] ?? '', reading.lang);
    visit(word, value);
    if (at > 0 && previous !== '') visit(`${previous} ${word}`, value);
    previous = word;
  });
}
