import { readFileSync } from 'node:fs';
import table from './background.data.json' with { type: 'json' };
import { type EventTable, readEvents } from './find-events.ts';
import { hashText } from './hash-text.ts';

/** How many of some 60,000 news articles hold a term: what makes a word rare from the first article on. */
export interface BackgroundStatistics {
  /** −ln of the share of articles, in steps of `STEP`, by term key. */
  readonly levels: ReadonlyMap<number, number>;
  readonly documents: number;
  readonly events: EventTable;
}

/** One level of the table is this much of −ln(share). */
export const STEP = 0.05;
/** Languages whose own articles were counted; of others the table knows the function words alone. */
export const COUNTED_LANGUAGES: ReadonlySet<string> = new Set(['en', 'pl', 'zh']);
/** Function words of a language that was not counted: as common as `with` is in English. */
const FUNCTION_WORD_SHARE = 0.05;
/** In such a language a word that English, Polish and Chinese do not know is as rare as content words are in these. */
const USUAL_SHARE = 0.002;
/** In such a language words this short are nearly always function words. */
const SHORT_WORD = 3;
const SHORT_WORD_SHARE = 0.03;

/** Decodes the shipped table: a sorted list of keys (little-endian 32 bits), and a byte for each. */
export function readBackground(): BackgroundStatistics {
  const keys = Buffer.from(table.keys, 'base64');
  const bytes = Buffer.from(table.levels, 'base64');
  const levels = new Map<number, number>();
  for (let index = 0; index < bytes.length; index++) levels.set(keys.readUInt32LE(index * 4), bytes[index]!);
  const shares = { levels, documents: table.documents };
  const eventWords = readFileSync(new URL('./event-words.data.txt', import.meta.url), 'utf8');
  const shareOf = (term: string, lang: string): number => backgroundShare(shares, term, hashText(term), lang);
  return { ...shares, events: readEvents(eventWords, shareOf) };
}

/** The key under which the table holds a function word of the languages that were not counted. */
export const functionWordKey = (term: string): number => hashText(`~${term}`);

/** The share of background articles that hold a term, 0 to 1; a term never met counts as met once, or, where its language was not counted, as usual. */
export function backgroundShare(
  background: Omit<BackgroundStatistics, 'events'>,
  term: string,
  key: number,
  lang: string,
): number {
  const level = background.levels.get(key);
  const isCounted = COUNTED_LANGUAGES.has(lang);
  const unmet = isCounted ? 1.5 / background.documents : USUAL_SHARE;
  const share = level === undefined ? unmet : Math.exp(-level * STEP);
  if (isCounted) return share;
  if (background.levels.has(functionWordKey(term))) return Math.max(share, FUNCTION_WORD_SHARE);
  return term.length <= SHORT_WORD && /^\p{L}/u.test(term) && !/\p{Script=Han}/u.test(term)
    ? Math.max(share, SHORT_WORD_SHARE)
    : share;
}
