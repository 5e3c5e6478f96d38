import type { Lexicon } from '../text/lexicon.ts';
import { readWords, type Words } from '../text/words.ts';
import type { BackgroundStatistics } from './background.ts';
import { type EventTerm, runsEnding } from './find-events.ts';
import { hashText } from './hash-text.ts';
import { knownTerms } from './known-terms.ts';
import { visitTerms } from './read-terms.ts';
import type { StoryInput } from './story.ts';

/** The term stands in the title. */
export const IN_TITLE = 1;
/** Written with a capital: likely a name. */
export const NAME = 2;
export const NUMBER = 4;
/** A country, an organisation or a person, whatever the language calls it. */
export const ENTITY = 8;
/** What happened and where, whatever the language calls it; a place is a NAME too. */
export const EVENT = 16;

/** A term of an article before its weight is known. */
export interface CountedTerm {
  /** 32-bit hash of the stem. */
  readonly key: number;
  readonly frequency: number;
  readonly flags: number;
  /** The share of background articles that hold it, 0 to 1. */
  readonly share: number;
}

/** More of the body adds background, not the event: news says what happened first (the inverted pyramid). */
const BODY_CHARACTERS = 700;
/** At most so many terms of an article are counted and weighed. */
const MAX_TERMS = 120;
/** What an entity's id is worth before it has been counted: one article in forty names a given country, one in 250 an organisation or a person. */
const COUNTRY_SHARE = 0.025;
const ACTOR_SHARE = 0.004;
const COUNTRY = /^[A-Z]{2}$/;

interface Draft {
  readonly key: number;
  readonly share: number;
  frequency: number;
  capitals: number;
  flags: number;
}

/** A text's words, with their numbers where they are in a lexicon. */
interface StoryText {
  readonly words: Words;
  readonly numbers?: Uint32Array;
}

/** What stories are judged by. */
export interface StoryWords {
  readonly title: StoryText;
  readonly body: StoryText;
  readonly lexicon: Lexicon | null;
}

/** Reads the words of an article's title and body, where they have not been read before. */
export function readStoryWords(input: StoryInput): StoryWords {
  const body = bodyOf(input);
  const read = input.reading?.fields ?? [];
  const textOf = (source: string): StoryText =>
    read.find((field) => field.source === source) ?? { words: readWords(source) };
  return { title: textOf(input.title), body: textOf(body), lexicon: input.reading?.lexicon ?? null };
}

/** The terms of an article's title, summary and the head of its text, rarest and most frequent first. Pure. */
export function countTerms(
  input: StoryInput,
  background: BackgroundStatistics,
  { title, body, lexicon }: StoryWords = readStoryWords(input),
): CountedTerm[] {
  // By the key as a signed number, which a Map finds without a detour.
  const drafts = new Map<number, Draft>();
  const find = knownTerms(background, input.lang, lexicon);
  const count = (key: number, share: number, flags: number, place: number): Draft => {
    let draft = drafts.get(key | 0);
    if (draft === undefined) {
      draft = { key, share, frequency: 0, capitals: 0, flags };
      drafts.set(key | 0, draft);
    }
    draft.frequency++;
    draft.flags |= place;
    return draft;
  };
  const happened = (event: EventTerm, place: number): Draft =>
    count(event.key, event.share, event.isPlace ? EVENT | NAME : EVENT, place);
  const add = ({ words, numbers }: StoryText, place: number): void => {
    const stems: string[] = [];
    visitTerms(words, (written, kind, at) => {
      const term = find(written, kind, numbers?.[at] ?? -1);
      const draft = count(term.key, term.share, term.isNumber ? NUMBER : 0, place);
      if (kind === 'name') draft.capitals++;
      stems.push(term.stem);
      const { event, runs } = term.events;
      if (event !== undefined) happened(event, place);
      if (runs.length === 0) return;
      for (const other of runsEnding(runs, stems)) if (other !== event) happened(other, place);
    });
  };
  add(title, IN_TITLE);
  add(headOf(body), 0);
  for (const entity of new Set(input.entities)) {
    const key = hashText(`@${entity}`);
    const share = COUNTRY.test(entity) ? COUNTRY_SHARE : ACTOR_SHARE;
    drafts.set(key | 0, { key, share, frequency: 1, capitals: 0, flags: ENTITY });
  }
  return rarestFirst([...drafts.values()]);
}

function headOf(body: StoryText): StoryText {
  const { source } = body.words;
  return source.length <= BODY_CHARACTERS ? body : { words: readWords(source.slice(0, BODY_CHARACTERS)) };
}

function rarestFirst(drafts: readonly Draft[]): CountedTerm[] {
  return drafts
    .map(({ key, frequency, capitals, flags, share }) => ({
      rank: -Math.log(share) * (1 + Math.log(frequency)),
      term: { key, frequency, flags: flags | (capitals === frequency ? NAME : 0), share },
    }))
    .sort((one, other) => other.rank - one.rank || one.term.key - other.term.key)
    .slice(0, MAX_TERMS)
    .map(({ term }) => term);
}

/** Summary and text as one; feeds often give the summary again as the text's beginning. */
export function bodyOf({ summary, text }: Pick<StoryInput, 'summary' | 'text'>): string {
  if (text === '') return summary;
  return summary === '' || text.startsWith(summary.slice(0, 60)) ? text : `${summary} ${text}`;
}
