import type { Article } from '../src/articles/article.ts';
import type { ArchivedArticle } from '../src/articles/article-store.ts';
import type { StoryInput } from '../src/stories/story.ts';
import { articleOf, readTriageLine, TriageLineError } from '../src/triage/offline-triage.ts';
import { storyInputOf } from '../src/triage/story-input.ts';
import { tryWatches } from '../src/triage/try-watches.ts';
import { type Carrier, carriersOf } from '../src/watches/carriers.ts';
import { matchWatches } from '../src/watches/match-watches.ts';
import type { Trial } from './load-trial.ts';

/** Articles to try: JSON lines as `attache triage` reads them, or the archive's records. */
export type Batch = { readonly lines: readonly string[] } | { readonly records: readonly ArchivedArticle[] };

/** An article that some watch matched. */
export interface TriedArticle {
  readonly id: string;
  readonly at: number;
  readonly title: string;
  readonly source: string;
  readonly url: string | null;
  /** Null where the archive does not know it. */
  readonly story: string | null;
  /** What joining a story needs. */
  readonly input: StoryInput;
  readonly watches: readonly { readonly id: string; readonly carriers: readonly Carrier[] }[];
}

export interface BatchResult {
  readonly articles: number;
  /** Of the articles' times, ms; infinite where there was none. */
  readonly first: number;
  readonly last: number;
  readonly matched: readonly TriedArticle[];
  /** Lines that could not be read: their place in the batch. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** Tries a batch of articles. Pure but for the clock, which dates lines that have no date. */
export function tryBatch(trial: Trial, batch: Batch, nowMs: number): BatchResult {
  const matched: TriedArticle[] = [];
  const errors: { line: number; message: string }[] = [];
  let articles = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const [line, item] of ('lines' in batch ? batch.lines : batch.records).entries()) {
    try {
      const { article, story } = articleIn(item, trial, nowMs);
      const at = Date.parse(article.at);
      articles++;
      first = Math.min(first, at);
      last = Math.max(last, at);
      const tried = tryArticle(trial, article, story, at);
      if (tried) matched.push(tried);
    } catch (error) {
      if (!(error instanceof TriageLineError)) throw error;
      errors.push({ line, message: error.message });
    }
  }
  return { articles, first, last, matched, errors };
}

/** A record's source is taken from the config, where it still has it: its tags and kind may have changed. */
function articleIn(
  item: string | ArchivedArticle,
  { sources }: Trial,
  nowMs: number,
): { article: Article; story: string | null } {
  if (typeof item === 'string') {
    const line = readTriageLine(item);
    const clockMs = line.publishedAt === undefined ? nowMs : Date.parse(line.publishedAt);
    return { article: articleOf(line, sources, clockMs).article, story: null };
  }
  const { article, storyId } = item;
  return { article: { ...article, source: sources.get(article.source.id) ?? article.source }, story: storyId };
}

function tryArticle(trial: Trial, article: Article, story: string | null, at: number): TriedArticle | null {
  const { watches } = trial.knowledge;
  const judged = tryWatches(trial.knowledge, watches, article);
  if (judged === null) return null;
  const matches = matchWatches(watches, judged);
  if (matches.length === 0) return null;
  const found = new Set(matches.map(({ watch }) => watch));
  const carried = watches.watches
    .filter(({ id }) => found.has(id))
    .map((watch) => ({ id: watch.id, carriers: carriersOf(watches, watch, judged) }));
  const { id, title, url, source } = article;
  const input = storyInputOf(article, judged);
  return { id, at, title, source: source.name, url, story, input, watches: carried };
}
