import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { feedArticles } from '../../src/articles/feed-articles.ts';
import { FeedParseError } from '../../src/feeds/feed-parse-error.ts';
import { createParsePool, type ParsePool } from '../../src/feeds/parse-pool.ts';
import { mangled } from '../../tests/fuzz/mangle.ts';
import { brokenPart } from '../../tests/fuzz/whole-article.ts';
import { ROOT } from '../../tests/support/checkout.ts';
import { say } from './say.ts';

const RUNS = 4_000;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 1_500;
const TIMEOUT_MS = 20_000;
const SOURCE = { id: 'outlet', name: 'Outlet', kind: null, country: null, tags: [] };
const URL = 'https://outlet.example/feed';

interface Tally {
  articles: number;
  read: number;
  slowestMs: number;
  readonly errors: Map<string, number>;
  readonly broken: string[];
}

/**
 * Damages feeds, those of the tests or all files under `dir`, and reads each as the worker does: in a thread with a limit of time and memory. Answers how many
 * gave something other than whole articles or an error of the closed set, or used up their time or memory.
 */
export async function fuzzFeeds(dir = join(ROOT, 'tests/feeds/golden')): Promise<number> {
  const files = globSync(join(dir, '**/*'))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= MAX_FILE_BYTES)
    .sort();
  const step = Math.max(1, files.length / MAX_FILES);
  const chosen = Array.from({ length: Math.min(files.length, MAX_FILES) }, (_, n) => files[Math.floor(n * step)]!);
  const documents = chosen.map((path) => readFileSync(path));
  const seed = Number(process.env.FC_SEED ?? 20_230_816);
  say(`${RUNS} damaged documents from ${documents.length} of ${files.length} files, seed ${seed}`);
  const pool = createParsePool({ size: 2, timeoutMs: TIMEOUT_MS, heapMb: 256 });
  const tally: Tally = { articles: 0, read: 0, slowestMs: 0, errors: new Map(), broken: [] };
  try {
    await fc.assert(
      fc.asyncProperty(mangled(documents), (bytes) => readOne(pool, bytes, tally)),
      { numRuns: RUNS, seed, endOnFailure: true },
    );
  } finally {
    await pool.close();
  }
  const errors = [...tally.errors].map(([code, count]) => `${count} ${code}`).join(', ');
  say(
    `${tally.read} read with ${tally.articles} articles; errors: ${errors || 'none'}; slowest ${Math.round(tally.slowestMs)} ms`,
  );
  for (const one of tally.broken.slice(0, 20)) say(`BROKEN ${one}`);
  return tally.broken.length;
}

async function readOne(pool: ParsePool, bytes: Uint8Array, tally: Tally): Promise<void> {
  const startedMs = performance.now();
  const seenAtMs = Date.now();
  try {
    const feed = await pool.parse(bytes, { url: URL });
    tally.read++;
    for (const one of feedArticles(feed, { source: SOURCE, url: URL, seenAtMs })) {
      tally.articles++;
      const wrong = brokenPart(one, seenAtMs);
      if (wrong !== null) tally.broken.push(wrong);
    }
  } catch (error) {
    const code = error instanceof FeedParseError ? error.code : 'unexpected';
    tally.errors.set(code, (tally.errors.get(code) ?? 0) + 1);
    if (code === 'unexpected') tally.broken.push(String(error));
    if (code === 'timeout' || code === 'out-of-memory') tally.broken.push(`${code} on ${bytes.length} bytes`);
  }
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedMs);
}
