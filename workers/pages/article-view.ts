import type { ArchivedArticle } from '../../src/articles/article-store.ts';
import type { ArticleView, ClauseLine } from '../../src/http/pages/article-page.ts';
import type { Span } from '../../src/http/pages/highlight.ts';
import type { Evidence } from '../../src/text/evidence.ts';
import { explainJudgement } from '../../src/triage/explain-article.ts';
import { type Judgement, judgeArticle } from '../../src/triage/judge-article.ts';
import { type ClauseVerdict, lacking } from '../../src/watches/explain-watch.ts';
import { nearestFirst } from '../../src/watches/nearest-watches.ts';
import { describeLack } from '../../src/watches/test-watches.ts';
import type { RunningConfig } from '../running-config.ts';

/** Of more watches only those that match are asked for each clause. */
const MOST_ASKED = 500;
const WATCHES_SHOWN = 40;
const PARTS_SHOWN = 40;

/** An archived article judged by the configuration as it is now, with what that hangs on: what `attache explain` tells. Pure. */
export function articleView(current: RunningConfig, record: ArchivedArticle, nowMs: number): ArticleView {
  const { knowledge } = current;
  // Its feed's tags and kind may have changed since.
  const article = {
    ...record.article,
    source: current.feeds.get(record.article.source.id)?.source ?? record.article.source,
  };
  const judgement = judgeArticle(knowledge, article);
  const all = knowledge.watches.watches.length;
  const matching = all > MOST_ASKED ? new Set(judgement.matches.map(({ watch }) => watch)) : undefined;
  const explained = explainJudgement(knowledge, judgement, { article, way: record }, matching);
  const watches = nearestFirst(explained.watches)
    .slice(0, WATCHES_SHOWN)
    .map(({ id, title, verdict }) => ({
      id,
      title,
      missing: verdict.missing,
      lacks: lacking(verdict).slice(0, 4).map(describeLack).join('; '),
      tree: clauseLine(verdict),
    }));
  const { title, summary, text, lang, url, source, author, publishedAt, seenAt } = article;
  const { storyId, verdict, similarity, configHash } = record;
  return {
    nowMs,
    ...{ title, summary, text, lang, url, source, author, publishedAt, seenAt },
    way: { storyId, verdict, similarity, configHash },
    spans: spansOf(current, judgement),
    topics: explained.topics,
    entities: explained.entities.map(({ id, type, country, texts }) => ({
      id: country ? `${id}@${country}` : id,
      type,
      texts,
    })),
    watches,
    notAsked: all - watches.length,
  };
}

function spansOf(current: RunningConfig, { matches, topics, entities }: Judgement): ArticleView['spans'] {
  const spans: Record<'title' | 'summary' | 'text', Span[]> = { title: [], summary: [], text: [] };
  const add = (evidence: readonly Evidence[], by: Span['by'], label: string): void => {
    for (const { field, start, end } of evidence) spans[field].push({ start, end, by, label });
  };
  for (const { watch, evidence } of matches) add(evidence, 'watch', current.judge.watches.get(watch)?.title ?? watch);
  for (const { id, evidence } of topics) add(evidence, 'tag', id);
  for (const { id, evidence } of entities) add(evidence, 'tag', id);
  return spans;
}

function clauseLine(verdict: ClauseVerdict): ClauseLine {
  const { holds, evidence, note, parts, op, text } = verdict;
  const found = evidence
    .slice(0, 6)
    .map((span) => `“${span.text}” in the ${span.field}`)
    .join(', ');
  return {
    holds,
    text:
      parts.length > 0 && op !== 'not'
        ? (JOINED[op] ?? `at least ${/\d+/.exec(text)?.[0] ?? ''} of`)
        : text.replace(/\s+/g, ' '),
    why: holds ? found : (note ?? ''),
    parts: parts.slice(0, PARTS_SHOWN).map(clauseLine),
  };
}

const JOINED: Readonly<Record<string, string>> = { and: 'all of', or: 'any of' };
