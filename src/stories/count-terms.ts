import { stem } from '../text/stem.ts';
import { readWords, type Words } from '../text/words.ts';
import { type BackgroundStatistics, backgroundShare } from './background.ts';
import { hashText } from './hash-text.ts';
import type { StoryInput } from './story.ts';

/** The term stands in the title. */
export const IN_TITLE = 1;
/** Written with a capital: likely a name. */
export const NAME = 2;
export const NUMBER = 4;
/** A country, an organisation or a person, whatever the language calls it. */
export const ENTITY = 8;

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
/** Without a stemmer of one's own, cutting words short does for inflection; names keep enough to differ. */
const STEM_LETTERS = 7;
/** What an entity's id is worth before it has been counted: one article in forty names a given country, one in 250 an organisation or a person. */
const COUNTRY_SHARE = 0.025;
const ACTOR_SHARE = 0.004;
const COUNTRY = /^[A-Z]{2}$/;

interface Draft {
  frequency: number;
  capitals: number;
  title: boolean;
  number: boolean;
  entity: boolean;
  share: number;
}

/** The terms of an article's title, summary and the head of its text, rarest and most frequent first. Pure. */
export function countTerms(input: StoryInput, background: BackgroundStatistics): CountedTerm[] {
  const drafts = new Map<number, Draft>();
  const add = (text: string, title: boolean): void => {
    for (const { term, isName } of readTerms(text, input.lang)) {
      const key = hashText(term);
      let draft = drafts.get(key);
      if (draft === undefined) {
        const share = backgroundShare(background, term, key, input.lang);
        draft = { frequency: 0, capitals: 0, title: false, number: /^\p{N}/u.test(term), entity: false, share };
        drafts.set(key, draft);
      }
      draft.frequency++;
      if (isName) draft.capitals++;
      if (title) draft.title = true;
    }
  };
  add(input.title, true);
  add(bodyOf(input).slice(0, BODY_CHARACTERS), false);
  for (const entity of new Set(input.entities)) {
    const share = COUNTRY.test(entity) ? COUNTRY_SHARE : ACTOR_SHARE;
    const draft = { frequency: 1, capitals: 0, title: false, number: false, entity: true, share };
    drafts.set(hashText(`@${entity}`), draft);
  }
  return [...drafts]
    .map(([key, draft]) => ({ key, frequency: draft.frequency, flags: flagsOf(draft), share: draft.share }))
    .sort((one, other) => rank(other) - rank(one) || one.key - other.key)
    .slice(0, MAX_TERMS);
}

/** Summary and text as one; feeds often give the summary again as the text's beginning. */
export function bodyOf({ summary, text }: Pick<StoryInput, 'summary' | 'text'>): string {
  if (text === '') return summary;
  return summary === '' || text.startsWith(summary.slice(0, 60)) ? text : `${summary} ${text}`;
}

const rank = (term: CountedTerm): number => -Math.log(term.share) * (1 + Math.log(term.frequency));

function flagsOf(draft: Draft): number {
  const isName = draft.capitals === draft.frequency;
  return (draft.title ? IN_TITLE : 0) | (isName ? NAME : 0) | (draft.number ? NUMBER : 0) | (draft.entity ? ENTITY : 0);
}

/** Stems of words, numbers whole (`16,000` is one), pairs of characters where a script has no spaces. */
function* readTerms(text: string, lang: string): Generator<{ readonly term: string; readonly isName: boolean }> {
  const words = readWords(text);
  for (let index = 0; index < words.count; index++) {
    const folded = words.folded[index]!;
    const start = words.starts[index]!;
    if (IDEOGRAPH.test(folded)) {
      const next = words.folded[index + 1];
      const touches = next !== undefined && words.starts[index + 1] === words.ends[index] && IDEOGRAPH.test(next);
      if (touches) yield { term: folded + next, isName: false };
    } else if (DIGITS.test(folded)) {
      let number = folded;
      while (continuesNumber(words, index)) number += words.folded[++index]!;
      yield { term: number, isName: false };
    } else if (folded.length > 1) {
      yield { term: termOf(folded, lang), isName: CAPITAL.test(text.slice(start, start + 2)) };
    }
  }
}

const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const DIGITS = /^\p{Nd}+$/u;
const CAPITAL = /^\p{Lu}/u;

const continuesNumber = (words: Words, index: number): boolean => {
  const end = words.ends[index]!;
  const next = words.folded[index + 1];
  return (
    next !== undefined && words.starts[index + 1] === end + 1 && DIGITS.test(next) && /[.,]/.test(words.source[end]!)
  );
};

function termOf(folded: string, lang: string): string {
  const stemmed = lang === 'en' ? stem(folded, 'en') : folded;
  return spelling(romanise(stemmed)).slice(0, STEM_LETTERS);
}

/**
 * One spelling for what languages write differently, so that names and cognates meet: Tokyo, Tokio, Tóquio; Lavrov, Ławrow; Shoigu, Szojgu; olympic,
 * olímpico. Coarse on purpose; what falls together by chance is rare and counted together.
 */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/ph/gu, 'f'],
  [/sz|sch/gu, 'sh'],
  [/cz|tch/gu, 'ch'],
  [/zh/gu, 'z'],
  [/kh|ch/gu, 'h'],
  [/qu|ck|c(?![eiy])/gu, 'k'],
  [/w/gu, 'v'],
  [/[yj]/gu, 'i'],
  [/(.)\1/gu, '$1'],
];

function spelling(word: string): string {
  let plain = word;
  if (/^[a-z]+$/u.test(word)) for (const [written, one] of SPELLINGS) plain = plain.replace(written, one);
  return plain;
}

/** Cyrillic to Latin letters, near to how English and Polish papers write names (after BGN/PCGN), so that names meet across scripts. */
const LATIN_OF: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm' },
  ...{ н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sh' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia', і: 'i', ї: 'i', є: 'e', ў: 'u' },
};
const CYRILLIC = /\p{Script=Cyrillic}/u;

function romanise(word: string): string {
  if (!CYRILLIC.test(word)) return word;
  let latin = '';
  for (const letter of word) latin += LATIN_OF[letter] ?? letter;
  return latin;
}

/** The term as `countTerms` keys it; for building the background statistics. */
export function* termsOf(text: string, lang: string): Generator<string> {
  for (const { term } of readTerms(text, lang)) yield term;
}
