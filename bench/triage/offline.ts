/**
 * Articles that `attache triage` judges a second of CPU time, and what its start costs.
 *
 *   node bench/triage/offline.ts ARTICLES.jsonl [CHECKOUT…]        (default: this one)
 *
 * The program runs as a user would run it, on the file's first line and on all of it, in turn for each checkout; the difference of their CPU times is that of judging. Three
 * rounds after a warm-up, the median counts. Whole processes are counted, the garbage collector's and the compiler's threads too, and beside them the main thread alone.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Usage {
  readonly processMs: number;
  readonly mainThreadMs: number;
}

const ROUNDS = 3;
const own = join(import.meta.dirname, '..', '..');
const [file, ...others] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node bench/triage/offline.ts ARTICLES.jsonl [CHECKOUT…]');

function run(root: string, articles: string): Promise<Usage> {
  const report = join(import.meta.dirname, 'report-usage.ts');
  const args = [
    '--import',
    report,
    join(root, 'cli', 'attache.mjs'),
    'triage',
    '--config',
    join(root, 'config'),
    articles,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  let usage = '';
  child.stdio[3]!.on('data', (chunk: Buffer) => {
    usage += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(usage)) : reject(new Error(`${root}: exit ${code}`)),
    );
  });
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((one, other) => one - other)[figures.length >> 1]!;

const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
const folder = mkdtempSync(join(tmpdir(), 'attache-bench-'));
const first = join(folder, 'first.jsonl');
writeFileSync(first, `${lines[0]}\n`);
try {
  const roots = others.length === 0 ? [own] : others;
  const rounds: { root: string; start: Usage; whole: Usage }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const root of roots) {
      const [start, whole] = [await run(root, first), await run(root, file)];
      if (round > 0) rounds.push({ root, start, whole });
    }
  }
  for (const root of roots) {
    const ofRoot = rounds.filter((one) => one.root === root);
    const startMs = median(ofRoot.map(({ start }) => start.processMs));
    const perSecond = (kind: keyof Usage): string => {
      const judgingMs = median(ofRoot.map(({ start, whole }) => whole[kind] - start[kind]));
      return (((lines.length - 1) / judgingMs) * 1000).toFixed(0);
    };
    console.log(
      `${root}: start ${startMs.toFixed(0)} ms, then ${perSecond('processMs')} articles a CPU second (main thread alone: ${perSecond('mainThreadMs')})`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
