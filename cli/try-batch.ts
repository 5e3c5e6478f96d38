import type { Article } from '../src/articles/article.ts';
import type { ArchivedArticle } from '../src/articles/article-store.ts';
import type { StoryInput } from '../src/stories/story.ts';
import type { JudgedText } from '../src/triage/judge-article.ts';
import { articleOf, judgedTextOf, readTriageLine, TriageLineError } from '../src/triage/offline-triage.ts';
import { storyInputOf } from '../src/triage/story-input.ts';
import { tryWatches } from '../src/triage/try-watches.ts';
import { type Carrier, carriersOf } from '../src/watches/carriers.ts';
import type { Trial } from './load-trial.ts';
import { visibleText } from './visible-text.ts';

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
  readonly lines: number;
  readonly articles: number;
  /** Of the articles' times, ms; infinite where there was none. */
  readonly first: number;
  readonly last: number;
  readonly matched: readonly TriedArticle[];
  /** Lines that could not be read: their place in the batch, from 1. */
  readonly errors: readonly LineError[];
}

export interface LineError {
  readonly line: number;
  readonly message: string;
}

/** Lines that could not be read go to stderr, the first few, and make the exit code 1. */
export function tellErrors(errors: readonly LineError[]): void {
  for (const { line, message } of errors.slice(0, 10))
    process.stderr.write(`attache: line ${line}: ${visibleText(message)}\n`);
  if (errors.length > 10) process.stderr.write(`attache: ${errors.length - 10} more lines could not be read\n`);
  if (errors.length > 0) process.exitCode = 1;
}

/** Tries a batch of articles. Pure but for the clock, which dates lines that have no date. */
export function tryBatch(trial: Trial, batch: Batch, nowMs: number): BatchResult {
  const matched: TriedArticle[] = [];
  const errors: LineError[] = [];
  let articles = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let lines = 0;
  for (const item of itemsOf(trial, batch, nowMs)) {
    lines++;
    if (item === null) continue;
    if (item instanceof TriageLineError) {
      errors.push({ line: lines, message: item.message });
      continue;
    }
    const at = Date.parse(item.judged.at);
    articles++;
    first = Math.min(first, at);
    last = Math.max(last, at);
    const tried = tryArticle(trial, item, at);
    if (tried) matched.push(tried);
  }
  return { lines, articles, first, last, matched, errors };
}

/** The items of a batch in order; null for an empty line, the error of one that cannot be read. */
export function* itemsOf(trial: Trial, batch: Batch, nowMs: number): Generator<BatchItem | TriageLineError | null> {
  for (const item of 'lines' in batch ? batch.lines : batch.records) {
    try {
      yield typeof item === 'string' && item.trim() === '' ? null : itemOf(item, trial, nowMs);
    } catch (error) {
      if (!(error instanceof TriageLineError)) throw error;
      yield error;
    }
  }
}

/** What is judged of an item, and the whole article for those few that match. */
export interface BatchItem {
  readonly judged: JudgedText;
  readonly story: string | null;
  article(): Article;
}

/** A record's source is taken from the config, where it still has it: its tags and kind may have changed. */
function itemOf(item: string | ArchivedArticle, { sources }: Trial, nowMs: number): BatchItem {
  if (typeof item === 'string') {
    const line = readTriageLine(item);
    const clockMs = line.publishedAt === undefined ? nowMs : Date.parse(line.publishedAt);
    const judged = judgedTextOf(line, sources, clockMs);
    return { judged, story: null, article: () => articleOf(line, judged, clockMs).article };
  }
  const article = { ...item.article, source: sources.get(item.article.source.id) ?? item.article.source };
  return { judged: article, story: item.storyId, article: () => article };
}

function tryArticle({ knowledge, possible }: Trial, item: BatchItem, at: number): TriedArticle | null {
  const set = knowledge.watches;
  const judged = tryWatches(knowledge, possible, item.judged);
  if (judged === null || judged.matches.length === 0) return null;
  const found = new Set(judged.matches.map(({ watch }) => watch));
  const matched = set.watches.filter(({ id }) => found.has(id));
  const watches = matched.map((watch) => ({ id: watch.id, carriers: carriersOf(set, watch, judged) }));
  const article = item.article();
  const { id, title, url, source } = article;
  return { id, at, title, source: source.name, url, story: item.story, input: storyInputOf(article, judged), watches };
}
