/**
 * How well unseen articles are tagged by the shipped weights: precision, recall, F1 and calibration error of each topic, by file and language.
 *
 *   node bench/topics/held-out.ts FILE.jsonl[.gz]…             files the weights were not learned from
 *   node bench/topics/held-out.ts --stream STREAM [FILE…]      the same, and the labels that training never sees
 *                                                              (scripts/topics/labels/august-2023.test.jsonl) of that stream
 *
 * bench/topics/headlines.jsonl are headlines written for this project in seven languages: they say whether its words are known, not what
 * a real feed of that language would reach.
 */
import { basename } from 'node:path';
import { expectedCalibrationError, scoresAt } from '../../scripts/topics/calibration.ts';
import { joinLabels, type Label, type StreamItem } from '../../scripts/topics/labelled-stream.ts';
import { readRows } from '../../scripts/topics/read-config.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

const TEST_LABELS = 'scripts/topics/labels/august-2023.test.jsonl';
const options = process.argv.slice(2);
const stream = options.includes('--stream') ? options[options.indexOf('--stream') + 1] : undefined;
const files = options.filter((option, at) => !option.startsWith('--') && options[at - 1] !== '--stream');
const sets: { readonly name: string; readonly rows: readonly LabelledArticle[] }[] = files.map((file) => ({
  name: basename(file),
  rows: readRows<LabelledArticle>(file),
}));
if (stream !== undefined)
  sets.push({
    name: basename(TEST_LABELS),
    rows: joinLabels(readRows<Label>(TEST_LABELS), readRows<StreamItem>(stream)),
  });

const tagger = shippedTagger();
for (const { name, rows } of sets) {
  const judged = rows.flatMap((row) => {
    const scores = new Map(tagger.tag(row).topics.map(({ id, score }) => [id, score]));
    return Object.entries(row.labels ?? {}).flatMap(([topic, target]) =>
      target === null ? [] : [{ lang: row.lang, topic, probability: scores.get(topic) ?? 0, target }],
    );
  });
  for (const lang of [...new Set(judged.map((one) => one.lang)), 'all']) {
    const figures = [...new Set(judged.map((one) => one.topic))].map((topic) => {
      const own = judged.filter((one) => one.topic === topic && (lang === 'all' || one.lang === lang));
      const { precision, recall, f1, positives } = scoresAt(own, tagger.taxonomy.thresholds.get(topic) ?? 0.5);
      return `${topic} P ${precision.toFixed(3)} R ${recall.toFixed(3)} F1 ${f1.toFixed(3)} (${positives} of ${own.length}, calibration error ${expectedCalibrationError(own).toFixed(3)})`;
    });
    console.log(`${name} ${lang}: ${figures.join(', ')}`);
  }
}
