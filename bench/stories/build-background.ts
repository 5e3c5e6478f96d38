/**
 * Learns the background word statistics that stories are judged with, and writes src/stories/background.data.json.
 *
 *   node bench/stories/build-background.ts STOPWORDS.json FILE.jsonl[.gz]…
 *
 * Each file holds articles as JSON lines ({title?, text? | description?, lang}). Only shares of articles that hold a (hashed) term are kept, never a
 * text. STOPWORDS.json is {language: [word…]}, as the package stopwords-iso (MIT) has it, for languages of which there are too few articles.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { COUNTED_LANGUAGES, functionWordKey, STEP } from '../../src/stories/background.ts';
import { hashText } from '../../src/stories/hash-text.ts';
import { termsOf } from '../../src/stories/read-terms.ts';
import { readJsonLines } from './read-json-lines.ts';

const LANGUAGES = 'pt es fr ru de sl ar it uk tr nl cs be fa he sv ro bg hu sk hr fi da no el id'.split(' ');
const LEAST_DOCUMENTS = 3;

interface Row {
  readonly title?: string;
  readonly text?: string;
  readonly description?: string;
  readonly lang?: string;
}

const [stopwordsFile, ...files] = process.argv.slice(2);
if (stopwordsFile === undefined || files.length === 0) {
  console.error('usage: node bench/stories/build-background.ts STOPWORDS.json FILE.jsonl[.gz]…');
  process.exit(2);
}
const documentsWith = new Map<number, number>();
let documents = 0;
for (const file of files) {
  for (const row of readJsonLines<Row>(file)) {
    const lang = (row.lang ?? 'en').slice(0, 2);
    const text = `${row.title ?? ''} . ${(row.text ?? row.description ?? '').slice(0, 1500)}`;
    documents++;
    for (const key of new Set(termsOf(text, lang).map(hashText)))
      documentsWith.set(key, (documentsWith.get(key) ?? 0) + 1);
  }
}
const levels = new Map<number, number>();
for (const [key, count] of documentsWith)
  if (count >= LEAST_DOCUMENTS) levels.set(key, Math.min(255, Math.round(Math.log(documents / (count + 0.5)) / STEP)));
const stopwords = JSON.parse(readFileSync(stopwordsFile, 'utf8')) as Record<string, string[]>;
for (const lang of LANGUAGES.filter((one) => !COUNTED_LANGUAGES.has(one)))
  for (const word of stopwords[lang] ?? [])
    for (const term of termsOf(word, lang)) levels.set(functionWordKey(term), 0);

const sorted = [...levels].sort(([one], [other]) => one - other);
const keys = Buffer.alloc(sorted.length * 4);
for (const [index, [key]] of sorted.entries()) keys.writeUInt32LE(key, index * 4);
const out = {
  documents,
  keys: keys.toString('base64'),
  levels: Buffer.from(sorted.map(([, level]) => level)).toString('base64'),
};
writeFileSync(new URL('../../src/stories/background.data.json', import.meta.url), `${JSON.stringify(out)}\n`);
console.log(`${documents} articles, ${documentsWith.size} terms, ${sorted.length} kept`);
