/**
 * How often each topic is given, by file and language: on files that are about something else (an Olympic summer, sport, business) nearly
 * every one is a false positive.
 *
 *   node bench/topics/fire-rate.ts FILE.jsonl[.gz]… [--show TOPIC]
 */
import { basename } from 'node:path';
import { readRows } from '../../scripts/topics/read-config.ts';
import { overThreshold } from '../../src/topics/score-topics.ts';
import { parentOf } from '../../src/topics/taxonomy.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

const options = process.argv.slice(2);
const shown = options.includes('--show') ? options[options.indexOf('--show') + 1] : undefined;
const tagger = shippedTagger();
const topics = tagger.taxonomy.topics.map(({ id }) => id).filter((id) => parentOf(id) === null);
for (const file of options.filter((option, at) => !option.startsWith('--') && options[at - 1] !== '--show')) {
  const byLanguage = new Map<string, { articles: number; given: Map<string, number> }>();
  for (const row of readRows<LabelledArticle>(file)) {
    const count = byLanguage.get(row.lang) ?? { articles: 0, given: new Map<string, number>() };
    count.articles++;
    for (const { id } of overThreshold(tagger.taxonomy, tagger.tag(row).topics)) {
      count.given.set(id, (count.given.get(id) ?? 0) + 1);
      if (id === shown) console.log(row.lang, row.title, '|', row.text);
    }
    byLanguage.set(row.lang, count);
  }
  for (const [lang, { articles, given }] of [...byLanguage].sort(([, a], [, b]) => b.articles - a.articles)) {
    const rates = topics.map((id) => `${id} ${(((given.get(id) ?? 0) / articles) * 100).toFixed(1)}%`);
    console.log(`${basename(file)} ${lang} (${articles}): ${rates.join(', ')}`);
  }
}
