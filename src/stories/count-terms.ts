import { type BackgroundStatistics, backgroundShare } from './background.ts';
import { eventsAt } from './find-events.ts';
import { hashText } from './hash-text.ts';
import { readTerms } from './read-terms.ts';
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
const NUMERAL = /^\p{N}/u;

interface Draft {
  frequency: number;
  capitals: number;
  flags: number;
  share: number;
}

/** The terms of an article's title, summary and the head of its text, rarest and most frequent first. Pure. */
export function countTerms(input: StoryInput, background: BackgroundStatistics): CountedTerm[] {
  const drafts = new Map<number, Draft>();
  const events = background.events.get(input.lang);
  const draftOf = (key: number, flags: number, share: () => number): Draft => {
    const draft = drafts.get(key) ?? { frequency: 0, capitals: 0, flags, share: share() };
    drafts.set(key, draft);
    return draft;
  };
  const add = (text: string, place: number): void => {
    const read: string[] = [];
    for (const { term, stem, isName } of readTerms(text, input.lang)) {
      const key = hashText(term);
      const draft = draftOf(key, NUMERAL.test(term) ? NUMBER : 0, () =>
        backgroundShare(background, term, key, input.lang),
      );
      draft.frequency++;
      if (isName) draft.capitals++;
      draft.flags |= place;
      if (events === undefined) continue;
      read.push(stem);
      for (const event of eventsAt(events, read)) {
        const happened = draftOf(event.key, event.isPlace ? EVENT | NAME : EVENT, () => event.share);
        happened.frequency++;
        happened.flags |= place;
      }
    }
  };
  add(input.title, IN_TITLE);
  add(bodyOf(input).slice(0, BODY_CHARACTERS), 0);
  for (const entity of new Set(input.entities)) {
    const share = COUNTRY.test(entity) ? COUNTRY_SHARE : ACTOR_SHARE;
    drafts.set(hashText(`@${entity}`), { frequency: 1, capitals: 0, flags: ENTITY, share });
  }
  return [...drafts]
    .map(([key, { frequency, capitals, flags, share }]) => ({
      key,
      frequency,
      flags: flags | (capitals === frequency ? NAME : 0),
      share,
    }))
    .sort((one, other) => rank(other) - rank(one) || one.key - other.key)
    .slice(0, MAX_TERMS);
}

/** Summary and text as one; feeds often give the summary again as the text's beginning. */
export function bodyOf({ summary, text }: Pick<StoryInput, 'summary' | 'text'>): string {
  if (text === '') return summary;
  return summary === '' || text.startsWith(summary.slice(0, 60)) ? text : `${summary} ${text}`;
}

const rank = (term: CountedTerm): number => -Math.log(term.share) * (1 + Math.log(term.frequency));
