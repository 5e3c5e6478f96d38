/**
 * Learns the topics' weights from labelled JSON lines and ships them as data.
 *
 *   npm run topics:train -- FILE.jsonl[.gz][:weight]… [--config config] [--out FILE] [--leave-out]
 *
 * Rows: {id, title?, text?, lang, date?, labels: {defense, diplomacy, conflict: 1 | 0 | null}, sub?, sure?}. A file's weight says how much
 * its rows count (1 by default). Prints what the model reaches on days it has not seen, file by file, with the threshold that gives the
 * best F1; then fits on everything and writes src/topics/topic-weights.data.json (or --out; `--out -` writes nothing).
 * Give scripts/topics/seed.jsonl:3 too, or what it teaches of other languages is forgotten.
 * --leave-out: for each file instead what the model reaches that has not seen any of it.
 */
import { writeFileSync } from 'node:fs';
import { parentOf } from '../src/topics/taxonomy.ts';
import type { TopicWeights } from '../src/topics/topic-weights.ts';
import { expectedCalibrationError, fitPlatt, probabilityOf, scoresAt } from './topics/calibration.ts';
import { type Example, fitLogistic, logOdds, type Model } from './topics/logistic-regression.ts';
import { FOLDS, readTrainingSet, type TrainingRow, type TrainingSet } from './topics/training-set.ts';

const TOPICS = ['defense', 'diplomacy', 'conflict'];
const PENALTY = 2;
const PRIOR_TERM = 1.2;
const PRIOR_TITLE = 0.6;
const PRIOR_CONTEXT = -0.5;
/** Weights that move the log-odds of an ordinary article by less are not worth their bytes. */
const LEAST_WEIGHT = 0.12;
const LEAST_SHARED = 0.01;

interface HeldOut {
  readonly row: TrainingRow;
  readonly odds: number;
  readonly target: number;
}

function examplesOf(rows: readonly TrainingRow[], topic: string, prior: Float64Array): Example[] {
  const known = { weights: prior, bias: 0 };
  return rows.flatMap(({ row, indexes, values, weight }) => {
    const target = row.labels[topic];
    return target === null || target === undefined
      ? []
      : [{ indexes, values, target, weight, offset: logOdds(known, indexes, values) }];
  });
}

/**
 * What a feature says before anything is learned: terms speak for their own topic, contexts against all. Learning corrects it where there
 * is enough to learn from; for a language or subject without labelled articles it stands.
 */
function priorOf(key: string, topic: string): number {
  const [, what, group = '', variant] = key.split(' ');
  if (!key.startsWith('shared ') || variant !== undefined) return 0;
  const own = group === topic || parentOf(group) === topic;
  if (what === 'group') return own ? PRIOR_TERM : CONTEXTS.has(group) ? PRIOR_CONTEXT : 0;
  return what === 'title' && own ? PRIOR_TITLE : 0;
}

function learn(set: TrainingSet, rows: readonly TrainingRow[], topic: string): Model {
  const prior = Float64Array.from(set.keys, (key) => priorOf(key, topic));
  const { weights, bias } = fitLogistic(
    examplesOf(rows, topic, prior),
    new Float64Array(set.keys.length).fill(PENALTY),
    50,
  );
  return { weights: weights.map((weight, index) => weight + (prior[index] ?? 0)), bias };
}

/** The log-odds of each row by a model that saw none of its part. */
function holdOut(
  set: TrainingSet,
  topic: string,
  parts: readonly string[],
  partOf: (row: TrainingRow) => string,
): HeldOut[] {
  return parts.flatMap((part) => {
    const model = learn(
      set,
      set.rows.filter((row) => partOf(row) !== part),
      topic,
    );
    return set.rows
      .filter((row) => partOf(row) === part)
      .flatMap((row) => {
        const target = row.row.labels[topic];
        return target === null || target === undefined
          ? []
          : [{ row, odds: logOdds(model, row.indexes, row.values), target }];
      });
  });
}

function report(set: TrainingSet, topic: string, heldOut: readonly HeldOut[], slope: number, offset: number): void {
  const judged = heldOut.map(({ row, odds, target }) => ({
    source: row.source,
    lang: row.row.lang,
    probability: probabilityOf(slope * odds + offset),
    target,
  }));
  for (const source of [...new Set(judged.map((one) => one.source)), 'all']) {
    const own = judged.filter((one) => source === 'all' || one.source === source);
    const at = scoresAt(own, set.taxonomy.thresholds.get(topic) ?? 0.5);
    const best = [...Array(15).keys()]
      .map((step) => 0.2 + step * 0.04)
      .map((threshold) => ({ threshold, f1: scoresAt(own, threshold).f1 }));
    const { threshold, f1 } = best.reduce((a, b) => (b.f1 > a.f1 ? b : a));
    const figures =
      at.positives === 0
        ? `false positives ${at.falsePositiveRate.toFixed(3)}`
        : `P ${at.precision.toFixed(3)} R ${at.recall.toFixed(3)} F1 ${at.f1.toFixed(3)}, best ${f1.toFixed(3)} at ${threshold.toFixed(2)}`;
    console.log(
      `${topic.padEnd(10)} ${source.padEnd(40)} ${figures}, calibration error ${expectedCalibrationError(own).toFixed(3)}`,
    );
  }
}

/** P(subtopic | parent), one rule for all: from how many of its terms stand in the article, and whether one is in the title. */
function fitSubtopics(set: TrainingSet): [number, number, number] {
  const subtopics = set.taxonomy.topics.flatMap(({ id }) => (parentOf(id) === null ? [] : [id]));
  const examples = set.rows.flatMap(({ row, groups }) =>
    row.sub === undefined
      ? []
      : subtopics.flatMap((id): Example[] => {
          const count = groups.get(id);
          const parent = parentOf(id) ?? '';
          if (count === undefined || row.labels[parent] !== 1) return [];
          const target = row.sub?.includes(id.slice(parent.length + 1)) === true ? 1 : 0;
          return [
            {
              indexes: Int32Array.of(0, 1),
              values: Float32Array.of(Math.min(3, count.terms), count.inTitle ? 1 : 0),
              target,
              weight: 1,
            },
          ];
        }),
  );
  const { weights, bias } = fitLogistic(examples, Float64Array.of(0.5, 0.5));
  return [rounded(bias), rounded(weights[0] ?? 0), rounded(weights[1] ?? 0)];
}

function shipped(set: TrainingSet, models: readonly Model[], subtopic: [number, number, number]): TopicWeights {
  const words: Record<string, Record<string, number[]>> = {};
  const features: Record<string, number[]> = {};
  for (const [index, key] of set.keys.entries()) {
    const weights = models.map((model) => rounded((model.weights[index] ?? 0) * (set.scales[index] ?? 1)));
    const largest = Math.max(...weights.map(Math.abs));
    const [kind, lang = '', ...rest] = key.split(' ');
    if (kind === 'shared') {
      if (largest >= LEAST_SHARED) features[[lang, ...rest].join(' ')] = weights;
    } else if (largest >= LEAST_WEIGHT) {
      words[lang] ??= {};
      words[lang][rest.join(' ')] = weights;
    }
  }
  return { version: 1, topics: TOPICS, bias: models.map((model) => rounded(model.bias)), words, features, subtopic };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function calibrated(model: Model, slope: number, offset: number): Model {
  return { weights: model.weights.map((weight) => weight * slope), bias: model.bias * slope + offset };
}

const options = process.argv.slice(2);
const optionOf = (name: string) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
const files = options.filter(
  (option, at) => !option.startsWith('--') && !['--config', '--out'].includes(options[at - 1] ?? ''),
);
if (files.length === 0) {
  console.error('usage: npm run topics:train -- FILE.jsonl[.gz][:weight]… [--config DIR] [--out FILE] [--leave-out]');
  process.exit(2);
}
const set = readTrainingSet(files, optionOf('--config') ?? 'config');
const CONTEXTS = new Set(set.taxonomy.contexts);
if (options.includes('--leave-out')) {
  const sources = [...new Set(set.rows.map((row) => row.source))];
  for (const topic of TOPICS)
    report(
      set,
      topic,
      holdOut(set, topic, sources, (row) => row.source),
      1,
      0,
    );
} else {
  const models = TOPICS.map((topic) => {
    const heldOut = holdOut(set, topic, [...Array(FOLDS).keys()].map(String), (row) => String(row.fold));
    const { slope, offset } = fitPlatt(heldOut.map(({ row, odds, target }) => ({ odds, target, weight: row.weight })));
    report(set, topic, heldOut, slope, offset);
    return calibrated(learn(set, set.rows, topic), slope, offset);
  });
  const out = optionOf('--out') ?? 'src/topics/topic-weights.data.json';
  const text = JSON.stringify(shipped(set, models, fitSubtopics(set)));
  if (out !== '-') writeFileSync(out, `${text.replaceAll('],"', '],\n"')}\n`);
  console.log(
    `${set.rows.length} rows, ${set.keys.length} features, ${(text.length / 1e6).toFixed(2)} MB of weights${out === '-' ? '' : ` in ${out}`}`,
  );
}
