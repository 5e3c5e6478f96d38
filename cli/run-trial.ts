import { availableParallelism } from 'node:os';
import { createMemoryIndex } from '../src/stories/memory-index.ts';
import type { BacktestMatch } from '../src/watches/backtest.ts';
import type { Trial, TrialChoice } from './load-trial.ts';
import { tryOnThreads } from './trial-pool.ts';
import { type Batch, type BatchResult, type LineError, type TriedArticle, tryBatch } from './try-batch.ts';

/** What watches would have caught. */
export interface TrialResult {
  readonly articles: number;
  /** Of the articles' times, ms, both inclusive. */
  readonly range: { readonly first: number; readonly last: number } | null;
  readonly matches: readonly BacktestMatch[];
  /** Lines that could not be read, from 1. */
  readonly errors: readonly LineError[];
}

/** Threads take a second to load the config: a file of fewer batches is through by then. */
const BATCHES_WORTH_THREADS = 8;
const MOST_THREADS = 8;

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
  const errors: LineError[] = [];
  let articles = 0;
  let lines = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const result of tryAll(trial, choice, batches, nowMs)) {
    for (const error of result.errors) errors.push({ ...error, line: lines + error.line });
    lines += result.lines;
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

function matchesOf({ id: article, at, title, source, url, watches }: TriedArticle, story: string): BacktestMatch[] {
  return watches.map(({ id, carriers }) => ({ watch: id, article, story, at, title, source, url, carriers }));
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
