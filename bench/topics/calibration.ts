/**
 * Whether a score of 0.8 means 80 of 100: the expected calibration error in ten bins, the bins themselves, and precision, recall and F1 at
 * the shipped thresholds, for each topic over all the files together and each alone.
 *
 *   node bench/topics/calibration.ts FILE.jsonl[.gz]…
 *
 * Only files the weights were not learned from tell the truth; for the others `npm run topics:train` prints held-out figures.
 */
import { basename } from 'node:path';
import { expectedCalibrationError, scoresAt } from '../../scripts/topics/calibration.ts';
import { readRows } from '../../scripts/topics/read-config.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

const tagger = shippedTagger();
const files = process.argv.slice(2);
const judged = files.flatMap((file) =>
  readRows<LabelledArticle>(file).flatMap((article) => {
    const scores = new Map(tagger.tag(article).topics.map(({ id, score }) => [id, score]));
    return Object.entries(article.labels ?? {}).flatMap(([topic, target]) =>
      target === null ? [] : [{ file: basename(file), topic, probability: scores.get(topic) ?? 0, target }],
    );
  }),
);
for (const topic of new Set(judged.map((one) => one.topic))) {
  for (const file of [...files.map((file) => basename(file)), 'all']) {
    const own = judged.filter((one) => one.topic === topic && (file === 'all' || one.file === file));
    if (own.length === 0) continue;
    const { precision, recall, f1, positives } = scoresAt(own, tagger.taxonomy.thresholds.get(topic) ?? 0.5);
    console.log(
      `${topic.padEnd(10)} ${file.padEnd(40)} P ${precision.toFixed(3)} R ${recall.toFixed(3)} F1 ${f1.toFixed(3)} (${positives} positives), calibration error ${expectedCalibrationError(own).toFixed(3)}`,
    );
  }
  const bins = [...Array(10).keys()].map((bin) =>
    judged.filter((one) => one.topic === topic && Math.min(9, Math.floor(one.probability * 10)) === bin),
  );
  console.log(
    `  ${bins.map((bin, at) => `${at / 10}+ ${bin.length}: ${(bin.filter((one) => one.target === 1).length / (bin.length || 1)).toFixed(2)}`).join('  ')}`,
  );
}
