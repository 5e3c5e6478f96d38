/**
 * A backtest of 100,000 archived articles with the shipped watches, on all processors. At most 20 s are asked for.
 *
 *   node bench/watches-backtest.ts ARTICLES.jsonl [COUNT]
 *
 * The articles are JSON lines as `attache triage` reads them; they are repeated until there are COUNT. The archive's own reading and
 * unpacking from Redis is not in the figure (about 15 µs an article).
 */
import { readFileSync } from 'node:fs';
import { loadTrial } from '../cli/load-trial.ts';
import { runTrial } from '../cli/run-trial.ts';
import type { Batch } from '../cli/try-batch.ts';
import { articleOf, judgedTextOf, readTriageLine } from '../src/triage/offline-triage.ts';

const [file, count = '100000'] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node bench/watches-backtest.ts ARTICLES.jsonl [COUNT]');
const now = new Date();
const choice = { config: 'config' };
const trial = await loadTrial(choice, process.env, now);
const articles = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((written) => {
    const line = readTriageLine(written);
    const clockMs = line.publishedAt === undefined ? now.getTime() : Date.parse(line.publishedAt);
    return articleOf(line, judgedTextOf(line, trial.sources, clockMs), clockMs).article;
  });

async function* batches(): AsyncGenerator<Batch> {
  for (let from = 0; from < Number(count); from += 500) {
    const length = Math.min(500, Number(count) - from);
    yield {
      records: Array.from({ length }, (_, n) => {
        const article = articles[(from + n) % articles.length]!;
        return {
          article,
          storyId: article.id,
          verdict: 'new',
          of: null,
          similarity: null,
          watches: [],
          configHash: '',
        };
      }),
    };
  }
}

const started = performance.now();
const before = process.cpuUsage();
const result = await runTrial(trial, choice, batches(), now.getTime());
const seconds = (performance.now() - started) / 1e3;
const { user, system } = process.cpuUsage(before);
console.log(
  `${result.articles} articles, ${result.matches.length} matches: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
);
