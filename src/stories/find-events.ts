import { hashText } from './hash-text.ts';
import { type ReadTerm, readTerms } from './read-terms.ts';

/** What a word says happened, whatever its language. */
export interface EventTerm {
  readonly key: number;
  /** The share of background articles that hold one of its English terms, 0 to 1: at most the sum of theirs. */
  readonly share: number;
}

/** Several words that mean an event together: the stems before the last, and the event. */
interface EventRun {
  readonly before: readonly string[];
  readonly event: EventTerm;
}

/** The event words of one language. */
export interface EventWords {
  /** Events by a word's stem. */
  readonly words: ReadonlyMap<string, readonly EventTerm[]>;
  /** Runs of words by the stem of their last one. */
  readonly runs: ReadonlyMap<string, readonly EventRun[]>;
}

/** Event words by language; a language is read when it is first asked for. */
export interface EventTable {
  get(lang: string): EventWords | undefined;
}

/** A line of the table: a concept with its written terms by language. */
export interface EventLine {
  readonly name: string;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const MOST_COMMON = 0.25;
/** The column whose terms every language has. */
const EVERY_LANGUAGE = '*';
/** The language whose articles tell how common a concept is. */
const MEASURED = 'en';

/** Splits the table's text into its lines; empty ones and those with a # are none. */
export function readEventLines(text: string): EventLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', rest = ''] = line.split(': ');
      const columns = rest.split(' | ').map((column): [string, string[]] => {
        const [lang = '', ...written] = column.split(' ');
        return [lang, written];
      });
      return { name, columns: new Map(columns) };
    });
}

/** Reads the table of event words. `shareOf` is the share of background articles that hold a term, 0 to 1. */
export function readEvents(text: string, shareOf: (term: string, lang: string) => number): EventTable {
  const languages = new Map<string, EventWords | undefined>();
  let measured: { readonly line: EventLine; readonly event: EventTerm }[] | null = null;
  const get = (lang: string): EventWords | undefined => {
    if (languages.has(lang)) return languages.get(lang);
    measured ??= readEventLines(text).map((line) => ({ line, event: measure(line, shareOf) }));
    const words = measured.some(({ line }) => line.columns.has(lang)) ? wordsOf(measured, lang) : undefined;
    languages.set(lang, words);
    return words;
  };
  return { get };
}

/** The event's key, and how common it is; a run of words is at most as common as its rarest. */
function measure(line: EventLine, shareOf: (term: string, lang: string) => number): EventTerm {
  const runs = writtenRuns(line, MEASURED).map((run) => run.map(({ term }) => term));
  const distinct = new Map(runs.map((run) => [run.join(' '), run]));
  const shares = [...distinct.values()].map((run) => Math.min(...run.map((term) => shareOf(term, MEASURED))));
  const sum = shares.reduce((all, share) => all + share, 0);
  return { key: hashText(`#${line.name}`), share: Math.min(MOST_COMMON, sum) };
}

/** Each of a line's terms in one language as the stems that articles are read as: one, or several for a run. */
export const stemRunsOf = (line: EventLine, lang: string): string[][] =>
  writtenRuns(line, lang).map((run) => run.map(({ stem }) => stem));

function writtenRuns({ columns }: EventLine, lang: string): ReadTerm[][] {
  const written = [...(columns.get(lang) ?? []), ...(columns.get(EVERY_LANGUAGE) ?? [])];
  return written.map((one) => [...readTerms(one, lang)]).filter((run) => run.length > 0);
}

function wordsOf(lines: readonly { readonly line: EventLine; readonly event: EventTerm }[], lang: string): EventWords {
  const words = new Map<string, EventTerm[]>();
  const runs = new Map<string, EventRun[]>();
  for (const { line, event } of lines) {
    for (const run of stemRunsOf(line, lang)) {
      const last = run[run.length - 1]!;
      if (run.length > 1) runs.set(last, [...(runs.get(last) ?? []), { before: run.slice(0, -1), event }]);
      else if (!words.get(last)?.includes(event)) words.set(last, [...(words.get(last) ?? []), event]);
    }
  }
  return { words, runs };
}

const NONE: readonly EventTerm[] = [];

/** The events that the last of `stems` names, by itself or as the end of a run. */
export function eventsAt({ words, runs }: EventWords, stems: readonly string[]): readonly EventTerm[] {
  const last = stems[stems.length - 1]!;
  const single = words.get(last) ?? NONE;
  const ending = runs.get(last);
  if (ending === undefined) return single;
  const start = stems.length - 1;
  const found = ending.filter(({ before }) => before.every((stem, at) => stems[start - before.length + at] === stem));
  return found.length === 0 ? single : [...new Set([...single, ...found.map(({ event }) => event)])];
}
