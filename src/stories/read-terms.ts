import { stem } from '../text/stem.ts';
import { readWords, type Words } from '../text/words.ts';

/** How a term was found: a word is counted by its stem (`termOf`), numbers and pairs of characters as they stand. */
export type TermKind = 'word' | 'name' | 'whole';

/** Visits the words of a text, its numbers whole (`16,000` is one), pairs of characters where a script has no spaces. Pure. */
export function visitTerms(words: Words, visit: (written: string, kind: TermKind) => void): void {
  const { folded, starts, ends, source } = words;
  for (let index = 0; index < words.count; index++) {
    const written = folded[index]!;
    if (isIdeograph(written)) {
      const next = folded[index + 1];
      const touches = next !== undefined && starts[index + 1] === ends[index] && isIdeograph(next);
      if (touches) visit(written + next, 'whole');
    } else if (isNumber(written)) {
      let number = written;
      while (continuesNumber(words, index)) number += folded[++index]!;
      visit(number, 'whole');
    } else if (written.length > 1) {
      visit(written, isCapital(source, starts[index]!) ? 'name' : 'word');
    }
  }
}

/** Nearly all characters of news are told by their code; the others by what Unicode says of them. */
const FIRST_IDEOGRAPH = 0x0e00;
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const isIdeograph = (word: string): boolean => word.charCodeAt(0) >= FIRST_IDEOGRAPH && IDEOGRAPH.test(word);

const DIGITS = /^\p{Nd}+$/u;
const isNumber = (word: string): boolean => !isLatin(word.charCodeAt(0)) && DIGITS.test(word);
const isLatin = (code: number): boolean => code >= 0x61 && code <= 0x7a;

const CAPITAL = /^\p{Lu}/u;
function isCapital(source: string, start: number): boolean {
  const code = source.charCodeAt(start);
  if (code < 0x80) return code >= 0x41 && code <= 0x5a;
  return CAPITAL.test(source.slice(start, start + 2));
}

const continuesNumber = (words: Words, index: number): boolean => {
  const end = words.ends[index]!;
  const next = words.folded[index + 1];
  return (
    next !== undefined && words.starts[index + 1] === end + 1 && DIGITS.test(next) && /[.,]/.test(words.source[end]!)
  );
};

/** What stemming leaves of inflection, cutting words short takes; names keep enough to differ. */
const STEM_LETTERS = 7;

/** The term of a folded word: its stem, spelt one way, cut short. */
export function termOf(folded: string, lang: string): string {
  return spelling(romanise(stem(folded, lang))).slice(0, STEM_LETTERS);
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

/** The terms of a text, one after the other. */
export function termsOf(text: string, lang: string): string[] {
  const terms: string[] = [];
  visitTerms(readWords(text), (written, kind) => terms.push(kind === 'whole' ? written : termOf(written, lang)));
  return terms;
}
