/**
 * Articles read, their entities found and their topics scored, a second of CPU time on one core; and what loading costs.
 *
 *   node bench/topics/speed.ts FILE.jsonl[.gz]…
 */
import { basename } from 'node:path';
import { readRows } from '../../scripts/topics/read-config.ts';
import { type LabelledArticle, shippedTagger } from './shipped-tagger.ts';

const loadStart = performance.now();
const tagger = shippedTagger();
console.log(`loaded in ${(performance.now() - loadStart).toFixed(0)} ms`);
for (const file of process.argv.slice(2)) {
  const articles = readRows<LabelledArticle>(file);
  let best = 0;
  for (let round = 0; round < 4; round++) {
    const before = process.cpuUsage();
    for (const article of articles) tagger.tag(article);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, articles.length / ((user + system) / 1e6));
  }
  const characters =
    articles.reduce((sum, { title = '', text = '' }) => sum + title.length + text.length, 0) / articles.length;
  console.log(`${basename(file)}: ${best.toFixed(0)} articles/s and core (${characters.toFixed(0)} characters each)`);
}
