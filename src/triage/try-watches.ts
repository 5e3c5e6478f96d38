import { findEntities } from '../entities/find-entities.ts';
import { readArticle } from '../text/reading.ts';
import { overThreshold, scoreTopics } from '../topics/score-topics.ts';
import type { Judged } from '../watches/article-facts.ts';
import type { WatchSet } from '../watches/compile-watches.ts';
import { undecidedWatches } from '../watches/undecided-watches.ts';
import type { JudgedText, Knowledge } from './judge-article.ts';

const ENTITIES_AND_TOPICS = ['country', 'org', 'person', 'role', 'topic'];
const TOPICS = ['topic'];

/**
 * Judges an article only as far as some watch hangs on it: for the archive, of which most articles match nothing.
 *
 * @returns null where no watch of `set` can match, else what `judgeArticle` finds
 */
export function tryWatches(knowledge: Knowledge, set: WatchSet, article: JudgedText): Judged | null {
  const reading = readArticle(article, article.lang, knowledge.matcher);
  const read: Judged = { article, reading, entities: [], topics: [] };
  if (undecidedWatches(set, read, ENTITIES_AND_TOPICS).length === 0) return null;
  const entities = findEntities(knowledge.gazetteer, reading, article.at);
  const named: Judged = { ...read, entities };
  if (undecidedWatches(set, named, TOPICS).length === 0) return null;
  const topics = overThreshold(knowledge.taxonomy, scoreTopics(knowledge.taxonomy, reading, entities));
  return { ...named, topics };
}
