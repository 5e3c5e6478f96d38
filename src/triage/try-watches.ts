import { findEntities } from '../entities/find-entities.ts';
import { type Reading, readArticle } from '../text/reading.ts';
import { overThreshold, scoreTopics } from '../topics/score-topics.ts';
import { parentOf, type Taxonomy } from '../topics/taxonomy.ts';
import type { Judged } from '../watches/article-facts.ts';
import type { WatchSet } from '../watches/compile-watches.ts';
import { tagName } from '../watches/compiled-clause.ts';
import { undecidedWatches } from '../watches/undecided-watches.ts';
import { type JudgedText, judgeArticle, type Knowledge } from './judge-article.ts';

/** Of more watches some is always undecided, and asking each costs more than judging. */
const MOST_ASKED = 500;
const ENTITY = /^(country|org|person|role):/;
const TOPIC = /^topic:/;

/**
 * Judges an article only as far as some watch hangs on it: for the archive, of which most articles match nothing.
 *
 * @returns null where no watch of `set` can match, else what `judgeArticle` finds
 */
export function tryWatches(knowledge: Knowledge, set: WatchSet, article: JudgedText): Judged | null {
  const { taxonomy } = knowledge;
  if (set.watches.length > MOST_ASKED) return judgeArticle(knowledge, article);
  const reading = readArticle(article, article.lang, knowledge.matcher);
  const read: Judged = { article, reading, entities: [], topics: [] };
  const absent = absentSubtopics(taxonomy, reading);
  const mayBeTopic = (tag: string): boolean => TOPIC.test(tag) && !absent.has(tag);
  if (undecidedWatches(set, read, (tag) => ENTITY.test(tag) || mayBeTopic(tag)).length === 0) return null;
  const entities = findEntities(knowledge.gazetteer, reading, article.at);
  const named: Judged = { ...read, entities };
  if (undecidedWatches(set, named, mayBeTopic).length === 0) return null;
  return { ...named, topics: overThreshold(taxonomy, scoreTopics(taxonomy, reading, entities)) };
}

/** Tags of subtopics of which no term stands in the article: they are given by their terms alone. */
function absentSubtopics(taxonomy: Taxonomy, reading: Reading): Set<string> {
  const absent = new Set(
    taxonomy.topics.filter(({ id }) => parentOf(id) !== null).map(({ id }) => tagName('topic', id)),
  );
  for (const { hits } of reading.fields) {
    for (const { term } of hits)
      for (const { group } of taxonomy.terms.get(term) ?? []) absent.delete(tagName('topic', group));
  }
  return absent;
}
