import type { Article } from '../articles/article.ts';
import type { EntityTag } from '../entities/entity-tag.ts';
import { findEntities } from '../entities/find-entities.ts';
import type { Gazetteer } from '../entities/gazetteer.ts';
import type { PhraseMatcher } from '../text/phrase-matcher.ts';
import { type Reading, readArticle } from '../text/reading.ts';
import { overThreshold, scoreTopics } from '../topics/score-topics.ts';
import type { Taxonomy } from '../topics/taxonomy.ts';
import type { TopicTag } from '../topics/topic-tag.ts';
import type { WatchSet } from '../watches/compile-watches.ts';
import { matchWatches, type WatchMatch } from '../watches/match-watches.ts';

/** Everything that judges an article, compiled from one configuration. */
export interface Knowledge {
  readonly matcher: PhraseMatcher;
  readonly taxonomy: Taxonomy;
  readonly gazetteer: Gazetteer;
  readonly watches: WatchSet;
}

/** What an article itself says of judging: all but its ids. */
export type JudgedText = Pick<Article, 'title' | 'summary' | 'text' | 'lang' | 'source' | 'publishedAt' | 'at'>;

/** What is known of an article before it joins a story. */
export interface Judgement {
  readonly article: JudgedText;
  readonly reading: Reading;
  /** Topics at or over their threshold. */
  readonly topics: readonly TopicTag[];
  /** All topics with a score, for `--all` and explain. */
  readonly allTopics: readonly TopicTag[];
  readonly entities: readonly EntityTag[];
  readonly matches: readonly WatchMatch[];
}

/** Reads an article once and judges it: entities, topics, watches, each on what came before. Pure. */
export function judgeArticle(knowledge: Knowledge, article: JudgedText): Judgement {
  return judgeReading(knowledge, article, readArticle(article, article.lang, knowledge.matcher));
}

/** As `judgeArticle`, of an article that has been read with the knowledge's matcher. */
export function judgeReading(knowledge: Knowledge, article: JudgedText, reading: Reading): Judgement {
  const entities = findEntities(knowledge.gazetteer, reading, article.at);
  const allTopics = scoreTopics(knowledge.taxonomy, reading, entities);
  const topics = overThreshold(knowledge.taxonomy, allTopics);
  const matches = matchWatches(knowledge.watches, { article, reading, topics, entities });
  return { article, reading, topics, allTopics, entities, matches };
}
