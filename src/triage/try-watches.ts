import { type Reading, readArticle } from '../text/reading.ts';
import { factsOf } from '../watches/article-facts.ts';
import { anyMayMatch } from '../watches/may-match.ts';
import { type JudgedText, type Judgement, judgeReading, type Knowledge } from './judge-article.ts';
import type { PossibleTags } from './possible-tags.ts';

/**
 * Judges an article only where some watch may match it: for the archive, of which most articles match nothing.
 *
 * @param possible of the knowledge's own watches
 * @returns null where no watch can match, else what `judgeArticle` finds
 */
export function tryWatches(knowledge: Knowledge, possible: PossibleTags, article: JudgedText): Judgement | null {
  const reading = readArticle(article, article.lang, knowledge.matcher);
  const facts = factsOf(knowledge.watches, { article, reading, entities: [], topics: [] });
  if (!anyMayMatch(knowledge.watches, facts, tagsOf(reading, possible))) return null;
  return judgeReading(knowledge, article, reading);
}

function* tagsOf({ fields }: Reading, { byTerm, always }: PossibleTags): Generator<number> {
  yield* always;
  for (const { hits } of fields) for (const { term } of hits) yield* byTerm.get(term) ?? [];
}
