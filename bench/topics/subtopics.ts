/**
 * How well subtopics are given: precision, recall and F1 of each against labelled JSON lines whose rows have `sub` (a subtopic's last part),
 * over all the files, then pooled. A subtopic of two parents (conflict/coup, defense/coup) counts once.
 *
 *   node bench/topics/subtopics.ts FILE.jsonl[.gz]… [--errors SUBTOPIC]
 *
 * Subtopics follow one rule with three learned numbers and terms of the config: files the weights were learned from flatter little here.
 */
import { readRows } from '../../scripts/topics/read-config.ts';
import { overThreshold } from '../../src/topics/score-topics.ts';
import { parentOf } from '../../src/topics/taxonomy.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

interface Row extends LabelledArticle {
  readonly sub?: readonly string[];
}

const options = process.argv.slice(2);
const shown = options.includes('--errors') ? options[options.indexOf('--errors') + 1] : undefined;
const files = options.filter((option, at) => !option.startsWith('--') && options[at - 1] !== '--errors');
const tagger = shippedTagger();
const nameOf = (id: string) => id.slice((parentOf(id) ?? '').length + 1);
const known = new Set(tagger.taxonomy.topics.filter(({ id }) => parentOf(id) !== null).map(({ id }) => nameOf(id)));
const counts = new Map([...known].map((name) => [name, { right: 0, wrong: 0, missed: 0 }]));

for (const row of files.flatMap((file) => readRows<Row>(file))) {
  if (row.sub === undefined) continue;
  const given = new Set(
    overThreshold(tagger.taxonomy, tagger.tag(row).topics)
      .filter(({ id }) => parentOf(id) !== null)
      .map(({ id }) => nameOf(id)),
  );
  for (const [name, count] of counts) {
    const gold = row.sub.includes(name);
    if (gold && given.has(name)) count.right++;
    else if (given.has(name)) count.wrong++;
    else if (gold) count.missed++;
    if (name === shown && gold !== given.has(name)) console.log(gold ? 'missed' : 'wrong ', row.title, '|', row.text);
  }
}
const all = { right: 0, wrong: 0, missed: 0 };
for (const [name, count] of [...counts].sort(([, a], [, b]) => b.right + b.missed - a.right - a.missed)) {
  print(name, count);
  if (count.right + count.missed === 0) continue;
  all.right += count.right;
  all.wrong += count.wrong;
  all.missed += count.missed;
}
print('all that are labelled', all);

function print(name: string, { right, wrong, missed }: { right: number; wrong: number; missed: number }): void {
  const precision = right / (right + wrong || 1);
  const recall = right / (right + missed || 1);
  const f1 = (2 * precision * recall) / (precision + recall || 1);
  console.log(
    `${name.padEnd(24)} P ${precision.toFixed(3)} R ${recall.toFixed(3)} F1 ${f1.toFixed(3)} (${right + missed} labelled, ${right + wrong} given)`,
  );
}
