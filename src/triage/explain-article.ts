import type { ArchivedArticle } from '../articles/article-store.ts';
import { scoreTopics } from '../topics/score-topics.ts';
import { type ClauseVerdict, explainWatch } from '../watches/explain-watch.ts';
import { type JudgedText, type Judgement, judgeArticle, type Knowledge } from './judge-article.ts';

/** Why and why not, for one article. */
export interface Explanation {
  readonly article: JudgedText & { readonly url?: string | null; readonly seenAt?: string };
  /** What the archive knows of its way; null for an article from a file. */
  readonly way:
    | (Pick<ArchivedArticle, 'storyId' | 'verdict' | 'of' | 'similarity' | 'watches' | 'configHash'> & {
        /** Of `of`, where it is still kept. */
        readonly ofArticle?: { readonly id: string; readonly title: string; readonly source: string } | null;
      })
    | null;
  readonly topics: readonly {
    readonly id: string;
    readonly score: number;
    readonly given: boolean;
    readonly threshold: number | null;
    readonly terms: readonly string[];
    /** What speaks for it and against it, in log-odds, the weightiest first; of a top topic alone. */
    readonly weights: readonly { readonly term: string; readonly weight: number }[];
  }[];
  readonly entities: readonly {
    readonly id: string;
    readonly type: string;
    readonly country?: string | null;
    readonly texts: readonly string[];
  }[];
  /** Matches first, then the nearest misses. */
  readonly watches: readonly { readonly id: string; readonly title: string; readonly verdict: ClauseVerdict }[];
}

/** Why and why not, by the configuration as it is now. Pure. `watchIds`: these watches alone, where asking all would take long. */
export function explainArticle(
  knowledge: Knowledge,
  found: Pick<Explanation, 'article' | 'way'>,
  watchIds?: ReadonlySet<string>,
): Explanation {
  return explainJudgement(knowledge, judgeArticle(knowledge, found.article), found, watchIds);
}

/** The same where the article has been judged already. */
export function explainJudgement(
  knowledge: Knowledge,
  judgement: Judgement,
  { article, way }: Pick<Explanation, 'article' | 'way'>,
  watchIds?: ReadonlySet<string>,
): Explanation {
  const given = new Set(judgement.topics.map(({ id }) => id));
  const topicsBelow = judgement.allTopics.filter(({ id }) => !given.has(id));
  const weights = topicWeights(knowledge, judgement);
  const asked = knowledge.watches.watches.filter(({ id }) => watchIds?.has(id) ?? true);
  const watches = asked.map(({ id, title }) => ({
    id,
    title,
    verdict: explainWatch(knowledge.watches, id, { ...judgement, topicsBelow }),
  }));
  return {
    article,
    way,
    topics: judgement.allTopics
      .map(({ id, score, evidence }) => ({
        id,
        score,
        given: given.has(id),
        threshold: knowledge.taxonomy.thresholds.get(id) ?? null,
        terms: [...new Set(evidence.map(({ term }) => term))],
        weights: weights.get(id) ?? [],
      }))
      .sort((a, b) => b.score - a.score),
    entities: judgement.entities.map(({ evidence, ...entity }) => ({
      ...entity,
      texts: [...new Set(evidence.map(({ text }) => text))],
    })),
    watches: watches.sort((a, b) => a.verdict.missing - b.verdict.missing),
  };
}

function topicWeights(
  { taxonomy }: Knowledge,
  { reading, entities }: Judgement,
): Map<string, { term: string; weight: number }[]> {
  const sums = new Map<string, Map<string, number>>();
  scoreTopics(taxonomy, reading, entities, (topic, term, weight) => {
    const ofTopic = sums.get(topic) ?? new Map<string, number>();
    sums.set(topic, ofTopic.set(term, (ofTopic.get(term) ?? 0) + weight));
  });
  const sorted = [...sums].map(([topic, ofTopic]) => {
    const list = [...ofTopic].map(([term, weight]) => ({ term, weight: Math.round(weight * 100) / 100 }));
    return [topic, list.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))] as const;
  });
  return new Map(sorted);
}
