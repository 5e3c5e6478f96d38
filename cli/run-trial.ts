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

const MOST_THREADS = 7;
/**
 * Threads are started when trying has taken so many times as long as loading the config did. Each has to load it once more, and to run itself warm. Who buys when the rent has
 * come to the price never pays twice what was best (Karlin et al. 1988, "Competitive snoopy caching").
 */
const LOADS_WORTH_THREADS = 2;

/**
 * Tries the watches of a trial on batches of articles, on all processors where there are many. Articles without a story are joined to stories among
 * those that matched.
 *
 * @param threadsAfterMs how long it is tried in this thread alone; 0: not at all
 */
export async function runTrial(
  trial: Trial,
  choice: TrialChoice,
  batches: AsyncIterable<Batch>,
  nowMs: number,
  threadsAfterMs = trial.loadMs * LOADS_WORTH_THREADS,
): Promise<TrialResult> {
  const index = createMemoryIndex({ windowSec: trial.config.settings.retention.storyWindow });
  const matches: BacktestMatch[] = [];
  const errors: LineError[] = [];
  let articles = 0;
  let lines = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const result of tryAll(trial, choice, batches, { nowMs, threadsAfterMs })) {
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
  { nowMs, threadsAfterMs }: { readonly nowMs: number; readonly threadsAfterMs: number },
): AsyncGenerator<BatchResult> {
  const threads = Math.min(MOST_THREADS, availableParallelism() - 1);
  const reader = batches[Symbol.asyncIterator]();
  for (let spentMs = 0; threads === 0 || spentMs < threadsAfterMs; ) {
    const next = await reader.next();
    if (next.done) return;
    const startedMs = performance.now();
    const result = tryBatch(trial, next.value, nowMs);
    spentMs += performance.now() - startedMs;
    yield result;
  }
  yield* tryOnThreads({ trial, choice }, { [Symbol.asyncIterator]: () => reader }, { threads, nowMs });
}
