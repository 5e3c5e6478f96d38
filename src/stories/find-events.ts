import { stem } from '../text/stem.ts';
import { fold, readWords } from '../text/words.ts';
import { hashText } from './hash-text.ts';
import { termsOf, visitTerms } from './read-terms.ts';

/** What a word says happened, whatever its language. */
export interface EventTerm {
  readonly key: number;
  /** The share of background articles that hold one of its English terms, 0 to 1: at most the sum of theirs. */
  readonly share: number;
  /** Where it was, not what it was. */
  readonly isPlace: boolean;
}

/** Several words that mean an event together: the stems before the last, and the event. */
interface EventRun {
  readonly before: readonly string[];
  readonly event: EventTerm;
}

/** The event words of one language. */
export interface EventWords {
  /** Events by a word's stem. */
  readonly words: ReadonlyMap<string, EventTerm>;
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
/** How the names of places begin. */
const PLACE = '@';
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
  let lines: Measured[] | null = null;
  return {
    get(lang) {
      if (languages.has(lang)) return languages.get(lang);
      lines ??= readEventLines(text).map((line) => ({ line, event: eventOf(line, shareOf) }));
      const words = lines.some(({ line }) => line.columns.has(lang)) ? wordsOf(lines, lang) : undefined;
      languages.set(lang, words);
      return words;
    },
  };
}

interface Measured {
  readonly line: EventLine;
  readonly event: EventTerm;
}

/** The event of a line. How common it is, is measured when it is first met: most never are in a short life, and the start would wait for all. */
function eventOf(line: EventLine, shareOf: (term: string, lang: string) => number): EventTerm {
  let share: number | null = null;
  return {
    key: hashText(`#${line.name}`),
    isPlace: line.name.startsWith(PLACE),
    get share() {
      share ??= measure(line, shareOf);
      return share;
    },
  };
}

/** A run of words is at most as common as its rarest. */
function measure(line: EventLine, shareOf: (term: string, lang: string) => number): number {
  const runs = writtenIn(line, MEASURED).map((written) => termsOf(written, MEASURED));
  const distinct = new Map(runs.map((run) => [run.join(' '), run]));
  const shares = [...distinct.values()].map((run) => Math.min(...run.map((term) => shareOf(term, MEASURED))));
  return Math.min(
    MOST_COMMON,
    shares.reduce((all, share) => all + share, 0),
  );
}

const writtenIn = ({ columns }: EventLine, lang: string): string[] => [
  ...(columns.get(lang) ?? []),
  ...(columns.get(EVERY_LANGUAGE) ?? []),
];

/** Each of a line's terms in one language as the stems that articles are read as: one, or several for a run. */
export const stemRunsOf = (line: EventLine, lang: string): string[][] =>
  writtenIn(line, lang).map((written) => stemsOf(written, lang));

/** A single word needs none of the care that a text does: most of the table is single words. */
const SINGLE_WORD = /^[\p{Script=Latin}\p{Script=Cyrillic}]{2,}$/u;
const stemsOf = (written: string, lang: string): string[] =>
  SINGLE_WORD.test(written) ? [stem(fold(written), lang)] : stemsOfText(written, lang);

function stemsOfText(text: string, lang: string): string[] {
  const stems: string[] = [];
  visitTerms(readWords(text), (word, kind) => stems.push(kind === 'whole' ? word : stem(word, lang)));
  return stems;
}

function wordsOf(lines: readonly Measured[], lang: string): EventWords {
  const words = new Map<string, EventTerm>();
  const runs = new Map<string, EventRun[]>();
  for (const { line, event } of lines) {
    for (const run of stemRunsOf(line, lang)) {
      const last = run.pop();
      if (last === undefined) continue;
      if (run.length === 0) words.set(last, event);
      else runs.set(last, [...(runs.get(last) ?? []), { before: run, event }]);
    }
  }
  return { words, runs };
}

/** What a stem may mean: an event by itself, and others as the end of a run. */
export interface StemEvents {
  readonly event: EventTerm | undefined;
  readonly runs: readonly EventRun[];
}

const NO_RUNS: readonly EventRun[] = [];

/** What a stem may mean in a language that has event words, or none. */
export const eventsOfStem = (events: EventWords | undefined, whole: string): StemEvents => ({
  event: events?.words.get(whole),
  runs: events?.runs.get(whole) ?? NO_RUNS,
});

/** The events that the last of `stems` ends as a run. */
export function runsEnding(runs: readonly EventRun[], stems: readonly string[]): EventTerm[] {
  const ended = runs.filter(({ before }) => {
    const start = stems.length - 1 - before.length;
    return before.every((one, at) => stems[start + at] === one);
  });
  return [...new Set(ended.map(({ event }) => event))];
}
