/**
 * Learns the topics' weights from labelled JSON lines and ships them as data.
 *
 *   npm run topics:train -- --corpus DIR                          the shipped weights again: the files of scripts/topics/training.json
 *   npm run topics:train -- FILE.jsonl[.gz][:weight]…             your own
 *   …  [--config config] [--manifest FILE] [--out FILE] [--leave-out]
 *
 * Rows: {id, title?, text?, lang, date?, labels: {defense, diplomacy, conflict: 1 | 0 | null}, sub?, sure?}. A file's weight says how much
 * its rows count (1 by default). Prints what the model reaches on days it has not seen, file by file, with the threshold that gives the
 * best F1; then fits on everything and writes src/topics/topic-weights.data.json (or --out; `--out -` writes nothing). The same input
 * gives the same bytes.
 * Give scripts/topics/seed.jsonl:3 too, or what it teaches of other languages is forgotten.
 * --leave-out: for each file instead what the model reaches that has not seen any of it.
 */
import { writeFileSync } from 'node:fs';
import type { TopicWeights } from '../src/topics/topic-weights.ts';
import { expectedCalibrationError, probabilityOf, scoresAt } from './topics/calibration.ts';
import { wordForWord } from './topics/feature-space.ts';
import { fitSubtopics } from './topics/fit-subtopics.ts';
import { fitTopic, type HeldOut, leaveSourcesOut } from './topics/fit-topics.ts';
import type { Model } from './topics/logistic-regression.ts';
import { readManifest, readTrainingFile, type TrainingFile, type UnlabelledText } from './topics/training-files.ts';
import { readTrainingSet, type TrainingSet } from './topics/training-set.ts';

const TOPICS = ['defense', 'diplomacy', 'conflict'];
/** Weights that move the log-odds of an ordinary article by less are not worth their bytes. */
const LEAST_WEIGHT = 0.12;
const LEAST_SHARED = 0.01;

function report(set: TrainingSet, topic: string, heldOut: readonly HeldOut[]): void {
  const judged = heldOut.map(({ row, odds, target }) => ({
    source: row.source,
    probability: probabilityOf(odds),
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

function shipped(set: TrainingSet, models: readonly Model[]): TopicWeights {
  const words: Record<string, Record<string, number[]>> = {};
  const features: Record<string, number[]> = {};
  const learned = models.map((model) => wordForWord(set, model.weights));
  for (const [index, key] of set.keys.entries()) {
    const weights = learned.map((column) => rounded((column[index] ?? 0) * (set.scales[index] ?? 1)));
    const largest = Math.max(...weights.map(Math.abs));
    const [kind, lang = '', ...rest] = key.split(' ');
    if (kind === 'vector') continue;
    if (kind === 'shared') {
      if (largest >= LEAST_SHARED) features[[lang, ...rest].join(' ')] = weights;
    } else if (largest >= LEAST_WEIGHT) {
      words[lang] ??= {};
      words[lang][rest.join(' ')] = weights;
    }
  }
  const bias = models.map((model) => rounded(model.bias));
  return {
    version: 1,
    topics: TOPICS,
    bias,
    words,
    features: withBaseRates(set, features),
    subtopic: fitSubtopics(set),
  };
}

/**
 * Lines written to teach a language's words say nothing of how often a topic comes up: where a language has no others, as often as in
 * English.
 */
function withBaseRates(set: TrainingSet, features: Readonly<Record<string, number[]>>): Record<string, number[]> {
  const known = new Set(set.rows.filter(({ written }) => !written).map(({ row }) => row.lang));
  const english = features['lang en'] ?? TOPICS.map(() => 0);
  return Object.fromEntries(
    Object.entries(features).map(([key, rates]) => [
      key,
      key.startsWith('lang ') && !known.has(key.slice(5)) ? english : rates,
    ]),
  );
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

const options = process.argv.slice(2);
const VALUED = ['--config', '--out', '--corpus', '--manifest'];
const optionOf = (name: string) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);

/** What was asked for; undefined where nothing was. */
function filesOf(): { files: readonly TrainingFile[]; texts: readonly UnlabelledText[] } | undefined {
  const corpus = optionOf('--corpus');
  const files = options.filter((option, at) => !option.startsWith('--') && !VALUED.includes(options[at - 1] ?? ''));
  if (corpus === undefined && files.length === 0) return undefined;
  const named = files.map((argument) => {
    const [, file = argument, weight = '1'] = /^(.*?)(?::([\d.]+))?$/.exec(argument) ?? [];
    return readTrainingFile(file, Number(weight));
  });
  if (corpus === undefined) return { files: named, texts: [] };
  const { files: listed, texts } = readManifest(optionOf('--manifest') ?? 'scripts/topics/training.json', corpus);
  return { files: [...listed, ...named], texts };
}

const asked = filesOf();
if (asked === undefined) {
  console.error(
    'usage: npm run topics:train -- --corpus DIR | FILE.jsonl[.gz][:weight]… [--config DIR] [--manifest FILE] [--out FILE] [--leave-out]',
  );
  process.exit(2);
}
const set = readTrainingSet(asked.files, optionOf('--config') ?? 'config', asked.texts);
if (options.includes('--leave-out')) {
  for (const topic of TOPICS) report(set, topic, leaveSourcesOut(set, topic));
} else {
  const models = TOPICS.map((topic) => {
    const { model, heldOut } = fitTopic(set, topic);
    report(set, topic, heldOut);
    return model;
  });
  const out = optionOf('--out') ?? 'src/topics/topic-weights.data.json';
  const text = JSON.stringify(shipped(set, models));
  if (out !== '-') writeFileSync(out, `${text.replaceAll('],"', '],\n"')}\n`);
  console.log(
    `${set.rows.length} rows, ${set.keys.length} features, ${(text.length / 1e6).toFixed(2)} MB of weights${out === '-' ? '' : ` in ${out}`}`,
  );
}
