import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import { stem } from '../text/stem.ts';
import { parseTerm } from '../text/term-syntax.ts';
import { readWords } from '../text/words.ts';
import type { ConfigTerm, TaxonomyConfig, TopicConfig } from './topic-schema.ts';
import type { TopicWeights } from './topic-weights.ts';
import { compileWordTables, type WordTable } from './word-weights.ts';

/** A term's part in one group: a topic's or a context's. */
export interface GroupTerm {
  readonly group: string;
  /** As its author wrote it. */
  readonly written: string;
  /** Log-odds its author gave it; null where the group's learned weight speaks. */
  readonly weight: number | null;
}

export interface Taxonomy {
  /** In config order, parents and subtopics. */
  readonly topics: readonly TopicConfig[];
  /** Ids of the contexts, which are never given. */
  readonly contexts: readonly string[];
  readonly thresholds: ReadonlyMap<string, number>;
  readonly terms: ReadonlyMap<number, readonly GroupTerm[]>;
  readonly weights: TopicWeights;
  /** The learned weights of features that hold in every language, one for each learned topic. */
  readonly featureRows: ReadonlyMap<string, readonly number[]>;
  readonly wordTables: ReadonlyMap<string, WordTable>;
  /** Kinds of organisations by id, from the gazetteer. */
  readonly kinds: ReadonlyMap<string, string>;
}

/** Nothing learned: terms alone speak. */
const UNTRAINED: TopicWeights = {
  version: 1,
  topics: ['defense', 'diplomacy', 'conflict'],
  bias: [-2.5, -2.5, -2.5],
  words: {},
  features: {},
  subtopic: [-0.5, 0.7, 1],
};

/**
 * Adds every term to the matcher under construction. `weights` is the learned part (`readShippedWeights`), `kinds` the gazetteer's.
 * The config has passed `topicFileSchema`; it throws nothing.
 */
export function compileTaxonomy(
  config: TaxonomyConfig,
  builder: MatcherBuilder,
  learned: { readonly weights?: TopicWeights; readonly kinds?: ReadonlyMap<string, string> } = {},
): Taxonomy {
  const weights = learned.weights ?? UNTRAINED;
  const terms = new Map<number, GroupTerm[]>();
  for (const { id, terms: byLanguage } of [...config.topics, ...config.contexts]) {
    for (const [lang, list] of Object.entries(byLanguage)) for (const term of list) add(terms, builder, id, lang, term);
  }
  const muted = new Map(config.topics.map(({ id, mute = [] }) => [id, new Set(mute.map(stemmed))]));
  return {
    topics: config.topics,
    contexts: config.contexts.map(({ id }) => id),
    thresholds: new Map(config.topics.map(({ id, threshold }) => [id, threshold])),
    terms,
    weights,
    featureRows: new Map(Object.entries(weights.features)),
    wordTables: compileWordTables(weights, muted),
    kinds: learned.kinds ?? new Map(),
  };
}

function add(
  terms: Map<number, GroupTerm[]>,
  builder: MatcherBuilder,
  group: string,
  lang: string,
  term: ConfigTerm,
): void {
  const written = typeof term === 'string' ? term : term.term;
  const number = builder.add(parseTerm(written, lang === 'any' ? undefined : lang));
  const known = terms.get(number) ?? [];
  if (!known.some((other) => other.group === group))
    known.push({ group, written, weight: typeof term === 'string' ? null : term.weight });
  terms.set(number, known);
}

/** Muted words are compared in English stems and as written: other languages' words are muted form by form. */
function stemmed(word: string): string {
  return readWords(word)
    .folded.map((part) => stem(part, 'en'))
    .join(' ');
}

/** The topic a subtopic belongs to; null for a top topic. */
export function parentOf(id: string): string | null {
  const slash = id.indexOf('/');
  return slash < 0 ? null : id.slice(0, slash);
}
