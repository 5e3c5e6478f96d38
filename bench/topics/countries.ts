/**
 * How well countries are found: precision, recall and F1 against labelled JSON lines with `countries` (ISO codes), for each file.
 *
 *   node bench/topics/countries.ts FILE.jsonl[.gz]… [--errors]
 */
import { basename } from 'node:path';
import { readRows } from '../../scripts/topics/read-config.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const showErrors = process.argv.includes('--errors');
const tagger = shippedTagger();

for (const file of files) {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const row of readRows<LabelledArticle>(file)) {
    if (row.countries === undefined) continue;
    const tags = tagger.tag(row).entities.filter((tag) => tag.type === 'country');
    const gold = new Set(row.countries);
    const extra = tags.filter((tag) => !gold.has(tag.id));
    const lost = [...gold].filter((code) => !tags.some((tag) => tag.id === code));
    right += gold.size - lost.length;
    wrong += extra.length;
    missed += lost.length;
    if (showErrors && extra.length + lost.length > 0) {
      const reasons = extra.map((tag) => `+${tag.id}(${tag.evidence.map((evidence) => evidence.text).join('/')})`);
      console.log(reasons.join(' '), lost.map((code) => `-${code}`).join(' '), '|', row.title, '|', row.text);
    }
  }
  const precision = right / (right + wrong || 1);
  const recall = right / (right + missed || 1);
  const f1 = (2 * precision * recall) / (precision + recall || 1);
  console.log(
    `${basename(file).padEnd(32)} countries P ${precision.toFixed(3)} R ${recall.toFixed(3)} F1 ${f1.toFixed(3)} (${right + missed} named)`,
  );
}
