/**
 * What the number of watches costs a whole triage (words, entities, topics, watches) with the shipped config and real articles.
 *
 *   node bench/watches-triage.ts ARTICLES.jsonl
 *
 * The articles are JSON lines as `attache triage` reads them. To the shipped watches come others of the shapes analysts write, with countries, topics and
 * people of the config and words drawn from the articles themselves by how often they occur (the hundred commonest left out), each with one more word that stands nowhere, so that the
 * matches an article stay equal and the presearcher is what decides. The last column is the cost against 100 watches; at most 2 is asked for.
 */
import { readFileSync } from 'node:fs';
import { loadConfig } from '../src/config/load-config.ts';
import { readWords } from '../src/text/words.ts';
import { readShippedWeights } from '../src/topics/topic-weights.ts';
import { compileKnowledge } from '../src/triage/compile-knowledge.ts';
import { judgeArticle } from '../src/triage/judge-article.ts';
import { judgedTextOf, readTriageLine } from '../src/triage/offline-triage.ts';
import type { WatchConfig } from '../src/watches/query.ts';

const ARTICLES = 3_000;
const ROUNDS = 3;
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node bench/watches-triage.ts ARTICLES.jsonl');
const random = seeded(5);
const config = await loadConfig('config', process.env);
const now = new Date();
const lines = readFileSync(file, 'utf8').trim().split('\n').slice(0, ARTICLES);
const articles = lines.map((line) => judgedTextOf(readTriageLine(line), new Map(), now.getTime()));
const words = frequentWords();
const countries = [
  'US',
  'RU',
  'UA',
  'CN',
  'GB',
  'PL',
  'FR',
  'DE',
  'IL',
  'IR',
  'KP',
  'KR',
  'JP',
  'TW',
  'BY',
  'NE',
  'ML',
  'SY',
  'TR',
  'IN',
];
const topics = config.topics.topics.map(({ id }) => id);
const people = config.entities.people.map(({ id }) => id);

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
}

/** Words in the order of the articles, each as often as it stands there. */
function frequentWords(): string[] {
  const all = articles
    .flatMap(({ title, text }) => readWords(`${title} ${text}`).folded)
    .filter((word) => word.length > 3);
  const counts = new Map<string, number>();
  for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
  const common = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 100)
      .map(([word]) => word),
  );
  return all.filter((word) => !common.has(word));
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}

function makeWatch(_: unknown, n: number): WatchConfig {
  const never = `qx${Math.floor(random() * 50_000)}z`;
  const shapes = [
    () => `country:${pick(countries)} AND country:${pick(countries)} AND topic:${pick(topics)} AND ${never}`,
    () => `topic:${pick(topics)} AND ("${pick(words)} ${never}" OR "${pick(words)} ${never}")`,
    () => `${pick(words)} ${pick(words)} ${never} -${pick(words)}`,
    () => `"${pick(words)} ${never}"~8 AND (country:${pick(countries)} OR person:${pick(people)})`,
    () => `3 of (${pick(words)}, ${pick(words)}, ${never}, ${never}y) AND topic:${pick(topics)}`,
  ];
  return { id: `w${n}`, title: '', query: shapes[n % shapes.length]!(), notify: [] };
}

let base = 0;
console.log('watches   compile    us of CPU an article   matches/article   against 100');
const others = Array.from({ length: 100_000 }, makeWatch);
for (const count of [10, 100, 1_000, 10_000, 100_000]) {
  const watches = [...config.watches, ...others].slice(0, count);
  const started = performance.now();
  const { knowledge } = compileKnowledge({ ...config, watches }, { weights: readShippedWeights(), now });
  const compileMs = performance.now() - started;
  let matches = 0;
  let bestUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    matches = 0;
    const before = process.threadCpuUsage();
    for (const article of articles) matches += judgeArticle(knowledge, article).matches.length;
    const { user, system } = process.threadCpuUsage(before);
    bestUs = Math.min(bestUs, (user + system) / articles.length);
  }
  if (count === 100) base = bestUs;
  const ratio = base > 0 ? (bestUs / base).toFixed(2) : '';
  console.log(
    String(count).padStart(7),
    `${compileMs.toFixed(0)} ms`.padStart(10),
    bestUs.toFixed(0).padStart(22),
    (matches / articles.length).toFixed(3).padStart(17),
    ratio.padStart(13),
  );
}
