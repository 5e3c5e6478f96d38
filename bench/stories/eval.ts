/**
 * All experiments about stories in one table.
 *
 *   npm run eval -- [--fit] [--left-out] DIR|FILE…
 *
 * A directory is searched for *.jsonl and *.jsonl.gz. What a file is shows in its first row: articles with a `cluster` are a labelled set, items with a `feed` a
 * recorded stream (joined with bench/stories/labels/), rows with `a` and `b` or `versions` are pairs; others are passed over. For each labelled set: how the
 * shipped model does, and plain TF-IDF with the best threshold for that set. `--left-out`: weights fitted on the other sets too. `--fit`: prints
 * the weights fitted on all sets.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JOIN_MODEL, type LanguageCase, type Weights } from '../../src/stories/join-model.ts';
import type { Knowledge } from '../../src/triage/judge-article.ts';
import { loadKnowledge } from '../../workers/load-knowledge.ts';
import { ALL_DAYS, fitModel, isFitted } from './fit-model.ts';
import { casesOf, type StreamCases } from './join-cases.ts';
import {
  type LabelledStream,
  labelStream,
  nameOf,
  readLabelledRows,
  type StreamRow,
  toStream,
} from './labelled-stream.ts';
import { playBaseline } from './plain-baseline.ts';
import { playStream } from './play-stream.ts';
import { readJsonLines } from './read-json-lines.ts';
import { type PairRow, scorePairFile } from './score-pairs.ts';
import type { StoryScore } from './score-pairwise.ts';

const LABELS = new URL('labels/', import.meta.url).pathname;
const CONFIG = new URL('../../config', import.meta.url).pathname;

interface Sources {
  readonly streams: LabelledStream[];
  readonly pairs: { readonly name: string; readonly rows: readonly PairRow[] }[];
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.jsonl(?:\.gz)?$/u.test(file))
    .sort()
    .map((file) => join(path, file));
}

function readSources(files: readonly string[], knowledge: Knowledge): Sources {
  const sources: Sources = { streams: [], pairs: [] };
  for (const file of files) {
    const [first = {}] = readJsonLines<object>(file, 1);
    if ('versions' in first || ('a' in first && 'b' in first))
      sources.pairs.push({ name: nameOf(file), rows: readJsonLines<PairRow>(file) });
    else if ('cluster' in first) sources.streams.push(toStream(nameOf(file), readLabelledRows(file), knowledge));
    else if ('feed' in first) {
      const items = readJsonLines<StreamRow>(file);
      const days = readdirSync(LABELS)
        .sort()
        .map((labels) => ({ name: nameOf(labels), rows: labelStream(items, join(LABELS, labels)) }));
      for (const { name, rows } of days) sources.streams.push(toStream(name, rows, knowledge));
      const all = days.flatMap(({ rows }) => rows);
      sources.streams.push(toStream(ALL_DAYS, all, knowledge));
    }
  }
  return sources;
}

const figures = ({ f1, bcubed }: StoryScore): string => `${f1.toFixed(3)} / ${bcubed.toFixed(3)}`;
const print = (...cells: readonly string[]): void => {
  const [name = '', ...others] = cells;
  console.log(`${name.padEnd(32)}${others.map((cell) => cell.padEnd(22)).join('')}`.trimEnd());
};

function printWeights(weights: Readonly<Record<LanguageCase, Weights>>): void {
  for (const language of ['same', 'across'] as const) {
    const entries = Object.entries(weights[language]).map(([name, weight]) => `${name}: ${weight.toFixed(2)}`);
    console.log(`${language}: { ${entries.join(', ')} },`);
  }
}

async function evaluate(paths: readonly string[], { fit, leftOut }: { fit: boolean; leftOut: boolean }): Promise<void> {
  const { knowledge } = await loadKnowledge(CONFIG, process.env, new Date());
  const { streams, pairs } = readSources(paths.flatMap(filesIn), knowledge);
  const taught = new Map<string, StreamCases>();
  if (fit || leftOut) for (const stream of streams) if (isFitted(stream.name)) taught.set(stream.name, casesOf(stream));
  if (fit) printWeights(fitModel(taught));
  print(
    'pairwise F1 / B³',
    'shipped',
    'P, R, merges',
    'P, R across languages',
    ...(leftOut ? ['left out of the fit'] : []),
    'plain TF-IDF, at',
  );
  for (const stream of streams) {
    const score = await playStream(stream);
    const { precision, recall, merges, across } = score;
    const cells = [
      figures(score),
      `${precision.toFixed(2)}, ${recall.toFixed(2)}, ${merges}`,
      across === null ? '' : `${across.precision.toFixed(2)}, ${across.recall.toFixed(2)}`,
    ];
    if (leftOut && taught.has(stream.name)) {
      const others = new Map([...taught].filter(([name]) => name !== stream.name));
      cells.push(figures(await playStream(stream, { ...JOIN_MODEL, weights: fitModel(others) })));
    } else if (leftOut) cells.push(stream.name === ALL_DAYS ? 'its days are fitted' : 'never fitted');
    const plain = playBaseline(stream);
    print(stream.name, ...cells, `${figures(plain)}, ${plain.threshold}`);
  }
  for (const { name, rows } of pairs) print(name, await scorePairFile(rows));
}

const args = process.argv.slice(2);
const paths = args.filter((one) => !one.startsWith('--'));
if (paths.length === 0) {
  console.error('usage: npm run eval -- [--fit] [--left-out] DIR|FILE…');
  process.exit(2);
}
await evaluate(paths, { fit: args.includes('--fit'), leftOut: args.includes('--left-out') });
