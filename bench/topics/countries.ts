/**
 * How well countries are found: precision, recall and F1 against labelled JSON lines with `countries` (ISO codes), for each file.
 *
 *   node bench/topics/countries.ts FILE.jsonl[.gz]… [--errors]
 */
import { basename } from 'node:path';
import { readEntityConfig, readRows } from '../../scripts/topics/read-config.ts';
import { findEntities } from '../../src/entities/find-entities.ts';
import { compileGazetteer } from '../../src/entities/gazetteer.ts';
import { MatcherBuilder } from '../../src/text/phrase-matcher.ts';
import { readArticle } from '../../src/text/reading.ts';

interface Row {
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
  readonly countries?: readonly string[];
}

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const showErrors = process.argv.includes('--errors');
const builder = new MatcherBuilder();
const gazetteer = compileGazetteer(readEntityConfig('config'), builder);
const matcher = builder.build();

for (const file of files) {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const row of readRows<Row>(file)) {
    if (row.countries === undefined) continue;
    const reading = readArticle({ title: row.title ?? '', summary: '', text: row.text ?? '' }, row.lang, matcher);
    const tags = findEntities(gazetteer, reading).filter((tag) => tag.type === 'country');
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
