import { EVENT_WORDS } from './event-words.ts';
import { hashText } from './hash-text.ts';
import { termsOf } from './read-terms.ts';

/** What a word says happened, whatever its language. */
export interface EventTerm {
  readonly key: number;
  /** The share of background articles that hold one of its words, 0 to 1: at most the sum of theirs. */
  readonly share: number;
}

/** Event terms by language, then by a word's term. */
export type EventTable = ReadonlyMap<string, ReadonlyMap<string, readonly EventTerm[]>>;

const MOST_COMMON = 0.25;

/** Reads the table of event words. `shareOf` is the share of background articles that hold a term. */
export function readEvents(shareOf: (term: string, lang: string) => number): EventTable {
  const table = new Map<string, Map<string, EventTerm[]>>();
  for (const line of EVENT_WORDS.trim().split('\n')) {
    const [name = '', rest = ''] = line.split(': ');
    const words = rest.split(' | ').flatMap((column) => {
      const [lang = '', ...written] = column.split(' ');
      return [...new Set(written.flatMap((word) => termsOf(word, lang)))].map((term) => ({ lang, term }));
    });
    const sum = words.filter(({ lang }) => lang === 'en').reduce((all, { term, lang }) => all + shareOf(term, lang), 0);
    const event = { key: hashText(`#${name}`), share: Math.min(MOST_COMMON, sum) };
    for (const { lang, term } of words) {
      const terms = table.get(lang) ?? new Map<string, EventTerm[]>();
      table.set(lang, terms);
      terms.set(term, [...(terms.get(term) ?? []), event]);
    }
  }
  return table;
}
