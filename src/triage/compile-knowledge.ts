import { detectLanguage } from '../articles/language.ts';
import type { EntityConfig } from '../entities/entity-schema.ts';
import { compileGazetteer } from '../entities/gazetteer.ts';
import { MatcherBuilder } from '../text/phrase-matcher.ts';
import { compileTaxonomy } from '../topics/taxonomy.ts';
import type { TaxonomyConfig } from '../topics/topic-schema.ts';
import type { TopicWeights } from '../topics/topic-weights.ts';
import { checkQuery, type QueryProblem } from '../watches/check-query.ts';
import { compileWatches } from '../watches/compile-watches.ts';
import type { GroupPlace } from '../watches/group-members.ts';
import { parseQuery } from '../watches/parse-query.ts';
import type { QueryVocabulary, WatchConfig } from '../watches/query.ts';
import { caret, QuerySyntaxError } from '../watches/query-error.ts';
import { testWatches } from '../watches/test-watches.ts';
import { type JudgedText, judgeArticle, type Knowledge } from './judge-article.ts';

/** What a configuration says of judging; the loaded config fits. */
export interface KnowledgeConfig {
  readonly feeds: readonly {
    readonly id: string;
    readonly tags: readonly string[];
    readonly kind?: string | null | undefined;
  }[];
  readonly topics: TaxonomyConfig;
  readonly entities: EntityConfig;
  readonly watches: readonly WatchConfig[];
  /** Groups of terms, for `$NAME` in queries. */
  readonly terms: Readonly<Record<string, readonly string[]>>;
}

/** Something wrong with one watch. `path` and `offset` say where within it: `['query']`, 12. */
export interface WatchProblem {
  readonly severity: 'error' | 'warning';
  readonly index: number;
  readonly path: readonly PropertyKey[];
  readonly offset: number;
  readonly message: string;
  /** Set where it is a group that is wrong, for this watch and perhaps for others: then its place is there, and it is told once. */
  readonly group?: GroupPlace;
}

/**
 * Compiles topics, entities and watches around one phrase matcher, and runs the watches' own tests. Watches with an error in their query are left out of the
 * result, so that the tests of the others still tell something; whoever may not run with errors looks at `problems`.
 */
export function compileKnowledge(
  config: KnowledgeConfig,
  learned: {
    /** The learned part of the topics; without it the terms of the config decide alone. */
    readonly weights?: TopicWeights;
    /** When the headlines of the watches' tests count as published: who holds an office changes. */
    readonly now: Date;
  },
): {
  readonly knowledge: Knowledge;
  readonly problems: readonly WatchProblem[];
} {
  const builder = new MatcherBuilder();
  const gazetteer = compileGazetteer(config.entities, builder);
  const taxonomy = compileTaxonomy(config.topics, builder, { ...learned, kinds: gazetteer.kinds });
  const vocabulary = vocabularyOf(config);
  const problems = config.watches.flatMap((watch, index) => checkWatch(watch, index, vocabulary));
  const broken = new Set(problems.filter((one) => one.severity === 'error').map((one) => one.index));
  const usable = config.watches.filter((_, index) => !broken.has(index));
  const watches = compileWatches(usable, vocabulary, builder);
  const knowledge: Knowledge = { matcher: builder.build(), taxonomy, gazetteer, watches };
  const failures = testWatches(watches, usable, (headline) =>
    judgeArticle(knowledge, headlineAlone(headline, learned.now)),
  );
  const indexOf = new Map(config.watches.map((watch, index) => [watch.id, index]));
  return {
    knowledge,
    problems: [
      ...onceEach(problems),
      ...failures.map(
        (failure): WatchProblem => ({
          severity: 'error',
          index: indexOf.get(failure.watch) ?? 0,
          path: ['tests', failure.kind, failure.index],
          offset: 0,
          message: failure.message,
        }),
      ),
    ],
  };
}

/** The same mistake of the same group but once. */
function onceEach(problems: readonly WatchProblem[]): WatchProblem[] {
  const told = new Set<string>();
  return problems.filter(({ group, message }) => {
    if (group === undefined) return true;
    const mistake = JSON.stringify([group.name, group.member, message]);
    if (told.has(mistake)) return false;
    told.add(mistake);
    return true;
  });
}

function vocabularyOf(config: KnowledgeConfig): QueryVocabulary {
  const { organisations, people, roles } = config.entities;
  return {
    topics: config.topics.topics.map((one) => one.id),
    orgs: organisations.map((one) => one.id),
    persons: people.map((one) => one.id),
    roles: roles.map((one) => one.id),
    sources: config.feeds.flatMap((feed) => [feed.id, ...feed.tags]),
    feeds: config.feeds,
    terms: config.terms,
  };
}

function checkWatch(watch: WatchConfig, index: number, vocabulary: QueryVocabulary): WatchProblem[] {
  const at = (severity: QueryProblem['severity'], one: QueryProblem | QuerySyntaxError): WatchProblem => ({
    severity,
    index,
    path: ['query'],
    offset: one.offset,
    message: `${one.message}\n${caret(watch.query, one)}`,
  });
  try {
    return checkQuery(parseQuery(watch.query), vocabulary).map((one) =>
      one.group === undefined
        ? at(one.severity, one)
        : { ...at(one.severity, one), message: one.message, group: one.group },
    );
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return [at('error', error)];
  }
}

/** A test's headline: the title of an article without text, of no source in particular, in the language it is written in. */
function headlineAlone(headline: string, now: Date): JudgedText {
  return {
    title: headline,
    summary: '',
    text: '',
    lang: detectLanguage(headline),
    source: { id: '', name: '', kind: null, country: null, tags: [] },
    publishedAt: null,
    at: now.toISOString(),
  };
}
