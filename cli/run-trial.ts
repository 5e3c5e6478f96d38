import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { ArchivedArticle } from '../src/articles/article-store.ts';
import { createMemoryIndex } from '../src/stories/memory-index.ts';
import type { BacktestMatch } from '../src/watches/backtest.ts';
import type { Trial, TrialChoice } from './load-trial.ts';
import { tryOnThreads } from './trial-pool.ts';
import { type Batch, type BatchResult, type TriedArticle, tryBatch } from './try-batch.ts';

/** The archive as far as trying watches needs it. Times in ms since 1970, `untilMs` exclusive; oldest first. */
export interface ArchiveReader {
  read(range: { readonly sinceMs: number; readonly untilMs: number }): AsyncIterable<ArchivedArticle>;
}

/** What watches would have caught. */
export interface TrialResult {
  readonly articles: number;
  /** Of the articles' times, ms, both inclusive. */
  readonly range: { readonly first: number; readonly last: number } | null;
  readonly matches: readonly BacktestMatch[];
  /** Lines that could not be read, from 1. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

const BATCH = 500;
/** Threads take a second to load the config: a file of fewer batches is through by then. */
const BATCHES_WORTH_THREADS = 8;
const MOST_THREADS = 8;

/** The articles of a JSON lines file, as `attache triage` reads them. */
export async function* fileBatches(path: string): AsyncGenerator<Batch> {
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line);
    if (lines.length < BATCH) continue;
    yield { lines };
    lines = [];
  }
  if (lines.length > 0) yield { lines };
}

/** The articles of the archive in a range. */
export async function* archiveBatches(
  reader: ArchiveReader,
  range: { sinceMs: number; untilMs: number },
): AsyncGenerator<Batch> {
  let records: ArchivedArticle[] = [];
  for await (const record of reader.read(range)) {
    records.push(record);
    if (records.length < BATCH) continue;
    yield { records };
    records = [];
  }
  if (records.length > 0) yield { records };
}

/**
 * Tries the watches of a trial on batches of articles, on all processors where there are many. Articles without a story are joined to stories among
 * those that matched.
 */
export async function runTrial(
  trial: Trial,
  choice: TrialChoice,
  batches: AsyncIterable<Batch>,
  nowMs: number,
): Promise<TrialResult> {
  const index = createMemoryIndex({ windowSec: trial.config.settings.retention.storyWindow });
  const matches: BacktestMatch[] = [];
  const errors: { line: number; message: string }[] = [];
  let articles = 0;
  let lines = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const result of tryAll(trial, choice, batches, nowMs)) {
    for (const error of result.errors) errors.push({ ...error, line: lines + error.line + 1 });
    lines += result.articles + result.errors.length;
    articles += result.articles;
    first = Math.min(first, result.first);
    last = Math.max(last, result.last);
    for (const tried of result.matched) {
      const story = tried.story ?? (await index.join(tried.input)).after.id;
      matches.push(...matchesOf(tried, story));
    }
  }
  return { articles, range: articles === 0 ? null : { first, last }, matches, errors };
}

function matchesOf({ at, title, source, url, watches }: TriedArticle, story: string): BacktestMatch[] {
  return watches.map(({ id, carriers }) => ({ watch: id, story, at, title, source, url, carriers }));
}

async function* tryAll(
  trial: Trial,
  choice: TrialChoice,
  batches: AsyncIterable<Batch>,
  nowMs: number,
): AsyncGenerator<BatchResult> {
  const threads = Math.min(MOST_THREADS, availableParallelism());
  const reader = batches[Symbol.asyncIterator]();
  const begun: Batch[] = [];
  while (begun.length < BATCHES_WORTH_THREADS) {
    const next = await reader.next();
    if (next.done) break;
    begun.push(next.value);
  }
  const rest = { [Symbol.asyncIterator]: () => reader };
  if (threads > 1 && begun.length === BATCHES_WORTH_THREADS) {
    yield* tryOnThreads(choice, chain(begun, rest), { threads, nowMs });
    return;
  }
  for await (const batch of chain(begun, rest)) yield tryBatch(trial, batch, nowMs);
}

async function* chain(begun: readonly Batch[], rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield* begun;
  yield* rest;
}
