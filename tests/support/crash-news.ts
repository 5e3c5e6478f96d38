import { createHash } from 'node:crypto';
import type { TestItem } from './feed-host.ts';

/** One thing that happens in a round: a feed shows something else. */
export interface NewsStep {
  readonly feed: string;
  readonly items: readonly TestItem[];
}

export interface NewsRound {
  readonly number: number;
  readonly steps: readonly NewsStep[];
  /** What has to be in the archive at the end: each article's last title by its guid. */
  readonly titles: ReadonlyMap<string, string>;
}

export const NEWS_FEEDS = ['wire', 'reprint', 'witness'] as const;
/** Two watches of one subscriber that each article of the round's story matches. */
export const NEWS_WATCHES = [
  { id: 'ships', query: 'title:frigate', notify: ['desk'] },
  { id: 'harbours', query: 'frigate AND harbour', notify: ['desk'] },
] as const;

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** A word that no other round has, so that rounds are events of their own. */
function wordOf(round: number, index: number): string {
  const hash = createHash('sha256').update(`${round}.${index}`).digest();
  const syllables = [0, 2, 4, 6].map((at) => CONSONANTS[hash[at]! % 14]! + VOWELS[hash[at + 1]! % 5]!);
  return `${syllables.join('')}x`;
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** Four words to a sentence, between the small words by which English is known. */
function sentences(round: number, indexes: readonly number[]): string {
  const words = indexes.map((index) => wordOf(round, index));
  const parts: string[] = [];
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [who, what, where, when] = words.slice(at, at + 4) as [string, string, string, string];
    parts.push(`This is the ${capital(who)} of the ${what}, and it was in the ${where} with their ${when}.`);
  }
  return parts.join(' ');
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/**
 * A small, whole piece of news: a story begins (beside an article that nobody watches), is copied by another outlet, reported on its own by a third, and
 * retitled by the first. Each round has the same outcome but for its words.
 */
export function newsRound(round: number): NewsRound {
  const [a, b, c, enters, is, leaves] = range(0, 6).map((index) => capital(wordOf(round, index)));
  const publishedAt = new Date(Date.now() - 60_000).toISOString();
  const item = (guid: string, outlet: string, title: string, text: string): TestItem => ({
    guid: `r${round}-${guid}`,
    title,
    text,
    publishedAt,
    link: `https://${outlet}.example/r${round}/${guid}`,
  });
  // Rounds share as few words as the watches ask for: what is alike in many rounds would join them, as it joins news.
  const title = `Frigate ${a} ${enters} ${b} ${c}`;
  const text = `${sentences(round, range(10, 48))} Harbour of ${b}.`;
  const other = item('other', 'wire', sentences(round, range(200, 4)), sentences(round, range(210, 28)));
  const first = item('first', 'wire', title, text);
  const copy = item('copy', 'reprint', title, text);
  const own = `${sentences(round, range(10, 48).reverse())} Harbour of ${b}.`; // the same facts in other words: no run of words is shared
  const report = item('report', 'witness', `Frigate ${a} ${is} ${b} ${c}`, own);
  const retitled = { ...first, title: `Frigate ${a} ${leaves} ${b} ${c}` };
  return {
    number: round,
    steps: [
      { feed: 'wire', items: [first, other] },
      { feed: 'reprint', items: [copy] },
      { feed: 'witness', items: [report] },
      { feed: 'wire', items: [retitled, other] },
    ],
    titles: new Map([retitled, other, copy, report].map((one) => [one.guid, one.title])),
  };
}
