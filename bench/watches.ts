/**
 * What the number of watches costs: 2,000 articles of about 2 KB read and tried against 10 to 100,000 watches.
 *
 *   node bench/watches.ts [--common]
 *
 * Every set holds the same ten watches that match now and then, so that the matches an article stay equal; the others are of the shapes
 * analysts write (two countries and a person; a topic with phrases; three words; near; a minimum of several) and almost never match, though
 * the presearcher must find that out. Seven of ten words of a watch are names (an article holds five of 200,000), the others words of the
 * news' Zipf-like vocabulary; with --common all are, which is harsher: the hits an article grow tenfold. 20,000 more terms stand for the
 * entities and topics that share the matcher. The last column is the cost against 100 watches; at most 2 is asked for.
 */
import type { EntityTag } from '../src/entities/entity-tag.ts';
import { MatcherBuilder } from '../src/text/phrase-matcher.ts';
import { readArticle } from '../src/text/reading.ts';
import type { TopicTag } from '../src/topics/topic-tag.ts';
import type { Judged } from '../src/watches/article-facts.ts';
import { compileWatches, type WatchSet } from '../src/watches/compile-watches.ts';
import { matchWatches } from '../src/watches/match-watches.ts';
import type { WatchConfig } from '../src/watches/query.ts';

const random = seeded(11);
const vocabulary = Array.from({ length: 60_000 }, makeWord);
const names = Array.from({ length: 200_000 }, () => `${makeWord()}${makeWord()}`);
const countries = Array.from({ length: 200 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)));
const topics = ['defense', 'diplomacy', 'conflict', ...Array.from({ length: 27 }, (_, n) => `defense/t${n}`)];
const roles = ['defence-minister', 'foreign-minister', 'head-of-state'];

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
}

function makeWord(): string {
  const syllable = () => 'bcdfgklmnprst'[Math.floor(random() * 13)]! + 'aeiou'[Math.floor(random() * 5)]!;
  return Array.from({ length: 2 + Math.floor(random() * 3) }, syllable).join('') + 'rnst'[Math.floor(random() * 4)];
}

/** Zipf-like: rank 1 is the most frequent. */
const drawWord = (): string => vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? vocabulary[0]!;
/** A word as a watch would name it: not one of the commonest. */
const newsWord = (): string => vocabulary[500 + Math.floor(random() * 59_500)]!;
const drawName = (): string => names[Math.floor(random() * names.length)]!;
const common = process.argv.includes('--common');
const namedWord = (): string => (common || random() < 0.3 ? newsWord() : drawName());
/** Some countries are in the news ten times as often as others. */
const drawCountry = (): string => countries[Math.floor(countries.length ** random()) - 1] ?? countries[0]!;
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const words = (count: number, draw: () => string): string => Array.from({ length: count }, draw).join(' ');

function makeArticle() {
  const tag = (id: string): TopicTag => ({ id, score: 0.9, evidence: [] });
  const entities: EntityTag[] = [...new Set([drawCountry(), drawCountry(), drawCountry()])].map((id) => ({
    id,
    type: 'country',
    evidence: [],
  }));
  entities.push({ id: pick(roles), type: 'role', country: drawCountry(), evidence: [] });
  for (let n = 0; n < 2; n++) entities.push({ id: `p${Math.floor(random() * 3_000)}`, type: 'person', evidence: [] });
  return {
    title: words(10, drawWord),
    text: `${words(285, drawWord)} ${words(5, drawName)}`,
    topics: [tag(pick(topics)), tag(pick(topics))],
    entities,
  };
}

function makeQuery(n: number): string {
  if (n < 10) return `country:${countries[n]} AND topic:defense`;
  const topic = pick(topics);
  switch (n % 6) {
    case 0:
    case 1:
      return `country:${drawCountry()} AND country:${drawCountry()} AND topic:${topic} AND person:p${Math.floor(random() * 3_000)}`;
    case 2:
      return `topic:${topic} AND ("${namedWord()} ${namedWord()}" OR "${namedWord()} ${namedWord()}")`;
    case 3:
      return `${namedWord()} ${namedWord()} ${namedWord()} -${namedWord()}`;
    case 4:
      return `"${namedWord()} ${namedWord()}"~8 AND (country:${drawCountry()} OR role:${pick(roles)}@${drawCountry()})`;
    default:
      return `3 of (${namedWord()}, ${namedWord()}, ${namedWord()}, ${namedWord()}) AND topic:${topic}`;
  }
}

/** Best of `rounds` runs, in microseconds of this thread's CPU an article: other work on the machine counts less than by the clock. */
function best(rounds: number, run: () => void): number {
  let bestUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    bestUs = Math.min(bestUs, (user + system) / texts.length);
  }
  return bestUs;
}

const texts = Array.from({ length: 2_000 }, makeArticle);
const vocabularyOfQueries = { topics, orgs: [], persons: [], roles, sources: [], terms: {} };
const queries = Array.from({ length: 100_000 }, (_, n) => makeQuery(n));
const others = Array.from({ length: 20_000 }, () => words(1 + Math.floor(random() * 2), namedWord));
let base: { read: number; match: number } | null = null;
console.log('watches   compile    read us  watches us     both us  matches/article   both/100');
for (const count of [10, 100, 1_000, 10_000, 100_000]) {
  const started = performance.now();
  const { set, matcher } = compileSet(queries.slice(0, count));
  const compileMs = performance.now() - started;
  const read = (text: (typeof texts)[number]) =>
    readArticle({ title: text.title, summary: '', text: text.text }, 'en', matcher);
  const source = { id: 's', name: 'S', kind: null, country: null, tags: [] };
  const judged = texts.map((written): Judged => {
    const { title, text, topics, entities } = written;
    const article = { lang: 'en', source, publishedAt: null, at: '2023-08-16T00:00:00Z', title, summary: '', text };
    return { article, reading: read(written), topics, entities };
  });
  let matches = 0;
  const readUs = best(5, () => {
    for (const text of texts) read(text);
  });
  const matchUs = best(5, () => {
    matches = 0;
    for (const one of judged) matches += matchWatches(set, one).length;
  });
  if (count === 100) base = { read: readUs, match: matchUs };
  const ratio = base ? ((readUs + matchUs) / (base.read + base.match)).toFixed(2) : '';
  const cells = [
    compileMs.toFixed(0) + ' ms',
    readUs.toFixed(1),
    matchUs.toFixed(1),
    (readUs + matchUs).toFixed(1),
    (matches / texts.length).toFixed(2),
    ratio,
  ];
  console.log(String(count).padStart(7), ...cells.map((cell, n) => cell.padStart([9, 11, 11, 11, 16, 10][n]!)));
}

function compileSet(list: readonly string[]): { set: WatchSet; matcher: ReturnType<MatcherBuilder['build']> } {
  const builder = new MatcherBuilder();
  for (const text of others) builder.add({ text, form: 'inflected' });
  const watches = list.map((query, n): WatchConfig => ({ id: `w${n}`, title: '', query, notify: [] }));
  const set = compileWatches(watches, vocabularyOfQueries, builder);
  return { set, matcher: builder.build() };
}
