import type { Article } from '../articles/article.ts';
import type { EntityTag } from '../entities/entity-tag.ts';
import { findEntities, type Gazetteer } from '../entities/gazetteer.ts';
import type { PhraseMatcher } from '../text/phrase-matcher.ts';
import { type Reading, readArticle } from '../text/reading.ts';
import { overThreshold, scoreTopics, type Taxonomy } from '../topics/taxonomy.ts';
import type { TopicTag } from '../topics/topic-tag.ts';
import { matchWatches, type WatchMatch, type WatchSet } from '../watches/watch-set.ts';

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
  /** Topics at or over their threshold, the most probable first. */
  readonly topics: readonly TopicTag[];
  /** All topics with a score, for `--all` and explain. */
  readonly allTopics: readonly TopicTag[];
  readonly entities: readonly EntityTag[];
  readonly matches: readonly WatchMatch[];
}

/** Reads an article once and judges it: entities, topics, watches, in the order in which each needs the one before. Pure. */
export function judgeArticle(knowledge: Knowledge, article: JudgedText): Judgement {
  const reading = readArticle(article, article.lang, knowledge.matcher);
  const entities = findEntities(knowledge.gazetteer, reading);
  const allTopics = scoreTopics(knowledge.taxonomy, reading, entities);
  const topics = overThreshold(knowledge.taxonomy, allTopics);
  const matches = matchWatches(knowledge.watches, { article, reading, topics, entities });
  return { article, reading, topics, allTopics, entities, matches };
}
