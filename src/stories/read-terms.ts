import { stem } from '../text/stem.ts';
import { readWords, type Words } from '../text/words.ts';

/** What stemming leaves of inflection, cutting words short takes; names keep enough to differ. */
const STEM_LETTERS = 7;

/** A term of a text. */
export interface ReadTerm {
  /** The stem in a spelling that languages share, cut: what articles are compared by. */
  readonly term: string;
  /** The stem whole, as its own language writes it. */
  readonly stem: string;
  readonly isName: boolean;
}

/** Stems of words, numbers whole (`16,000` is one), pairs of characters where a script has no spaces. Pure. */
export function* readTerms(text: string, lang: string): Generator<ReadTerm> {
  const words = readWords(text);
  for (let index = 0; index < words.count; index++) {
    const folded = words.folded[index]!;
    const start = words.starts[index]!;
    if (IDEOGRAPH.test(folded)) {
      const next = words.folded[index + 1];
      const touches = next !== undefined && words.starts[index + 1] === words.ends[index] && IDEOGRAPH.test(next);
      if (touches) yield asItStands(folded + next);
    } else if (DIGITS.test(folded)) {
      let number = folded;
      while (continuesNumber(words, index)) number += words.folded[++index]!;
      yield asItStands(number);
    } else if (folded.length > 1) {
      const whole = stem(folded, lang);
      yield { term: termOf(whole), stem: whole, isName: CAPITAL.test(text.slice(start, start + 2)) };
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

const asItStands = (term: string): ReadTerm => ({ term, stem: term, isName: false });

const termOf = (whole: string): string => spelling(romanise(whole)).slice(0, STEM_LETTERS);

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

/** The terms of a text, one after the other. */
export function* termsOf(text: string, lang: string): Generator<string> {
  for (const { term } of readTerms(text, lang)) yield term;
}
