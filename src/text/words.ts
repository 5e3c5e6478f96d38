/** A text as its words: folded forms to compare with, offsets to show. */
export interface Words {
  readonly source: string;
  readonly count: number;
  /** The words as `fold` leaves them, dots of an acronym and the possessive ’s dropped. */
  readonly folded: readonly string[];
  /** UTF-16 offsets of each word in `source`. */
  readonly starts: Uint32Array;
  /** UTF-16 offsets, end exclusive. */
  readonly ends: Uint32Array;
}

const SEPARATOR = 0;
const LETTER = 1;
/** Scripts written without spaces, or (Hangul) with particles glued on: each character is a word of its own. */
const IDEOGRAPH = 2;
const HIGH_SURROGATE = 3;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const CLASS_OF = classifyCodeUnits();

/** Letters that Unicode does not decompose although readers type them without their stroke or ligature. */
const SINGLE_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ё: 'е',
  ґ: 'г',
  // Arabic: endings that are written either way, and the tatweel, which only stretches a line.
  ة: 'ه',
  ى: 'ي',
  ٱ: 'ا',
  ـ: '',
};
const SINGLE_LETTER = new RegExp(`[${Object.keys(SINGLE_LETTERS).join('')}]`, 'gu');

/**
 * Diacritics of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs. Marks of other scripts (Devanagari's vowels, the voicing
 * of kana) are letters to their readers and stay.
 */
const DIACRITICS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
/** й and ї are letters, not accented ones; without this и and й, і and ї would be the same. */
const CYRILLIC_LETTERS = /(и\u0306|і\u0308)|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;

/**
 * Case and accents folded: Unicode compatibility decomposition (UAX #15, NFKD), diacritics stripped, recomposed. Cyrillic й and ї stay
 * letters, ё is е; ß is ss, ł is l; Arabic hamza carriers are alif, ة is ه. Chinese, Japanese and Korean come out as they went in.
 */
export function fold(text: string): string {
  const decomposed = text.toLowerCase().normalize('NFKD');
  const bare = /[иі]/u.test(decomposed)
    ? decomposed.replace(CYRILLIC_LETTERS, (_, letter: string | undefined) => letter ?? '')
    : decomposed.replace(DIACRITICS, '');
  return bare.replace(SINGLE_LETTER, (letter) => SINGLE_LETTERS[letter] ?? letter).normalize('NFC');
}

/**
 * The words of a text, left to right.
 * - A word is a run of letters, digits and marks; hyphens, slashes and dots end it (`F-16` is f, 16).
 * - Han, kana and Hangul give one word a character, so that terms match where no space stands.
 * - Capital letters with dots between are one word without the dots: `U.S.` is us, and `case` terms see US.
 * - A possessive ’s belongs to no word (`China's` is china); another apostrophe ends a word (`l'OTAN` is l, otan), save between
 *   Cyrillic letters, where it is part of the spelling (`об'єкт` is one word).
 */
export function readWords(source: string): Words {
  const folded: string[] = [];
  const capacity = source.length;
  let starts = new Uint32Array(Math.min(capacity, 64 + (capacity >> 2)));
  let ends = new Uint32Array(starts.length);
  let count = 0;
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const kind = code < 0x80 ? ASCII_CLASS[code] : CLASS_OF[code];
    if (kind === SEPARATOR) {
      at++;
      continue;
    }
    const end = kind === LETTER ? endOfWord(source, at) : endOfCharacter(source, at, kind === HIGH_SURROGATE);
    if (end < 0) {
      at -= end;
      continue;
    }
    if (count === starts.length) {
      starts = grown(starts, capacity);
      ends = grown(ends, capacity);
    }
    const acronymEnd = end === at + 1 ? endOfAcronym(source, at) : end;
    folded.push(
      acronymEnd === end ? foldWord(source, at, end) : fold(source.slice(at, acronymEnd).replaceAll('.', '')),
    );
    starts[count] = at;
    ends[count++] = acronymEnd;
    at = afterPossessive(source, acronymEnd);
  }
  return { source, count, folded, starts: starts.subarray(0, count), ends: ends.subarray(0, count) };
}

/** The word as written, an acronym's dots dropped: what case-sensitive terms compare. */
export function writtenWord(words: Words, index: number): string {
  const written = words.source.slice(words.starts[index], words.ends[index]);
  return written.includes('.') ? written.replaceAll('.', '') : written;
}

/** Whether the word is an acronym written with dots (`U.S.`). */
export function isDotted(words: Words, index: number): boolean {
  return words.source.slice(words.starts[index], words.ends[index]).includes('.');
}

function classifyCodeUnits(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  for (let code = 0; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xdc00) classes[code] = HIGH_SURROGATE;
    else {
      const character = String.fromCharCode(code);
      if (IDEOGRAPHIC.test(character) && WORD_CHARACTER.test(character)) classes[code] = IDEOGRAPH;
      else if (WORD_CHARACTER.test(character)) classes[code] = LETTER;
    }
  }
  classes[0x640] = LETTER; // the tatweel stands inside words
  return classes;
}

const ASCII_CLASS = CLASS_OF.subarray(0, 0x80);

function grown(array: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.min(capacity, array.length * 2 + 16));
  larger.set(array);
  return larger;
}

function endOfWord(source: string, start: number): number {
  let at = start + 1;
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (CLASS_OF[code] === LETTER) continue;
    if (isApostrophe(code) && isCyrillic(source.charCodeAt(at - 1)) && isCyrillic(source.charCodeAt(at + 1))) continue;
    break;
  }
  return at;
}

/** The end of a one-character word; minus its length where a surrogate pair is no letter (an emoji). */
function endOfCharacter(source: string, start: number, surrogate: boolean): number {
  if (!surrogate) {
    // A voicing mark that follows a kana belongs to it.
    const next = source.charCodeAt(start + 1);
    return next === 0x3099 || next === 0x309a ? start + 2 : start + 1;
  }
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  return WORD_CHARACTER.test(character) ? start + character.length : -character.length;
}

/** The end of `U.S.` or `J.K.`; `start + 1` where a single letter is just that. */
function endOfAcronym(source: string, start: number): number {
  let end = start + 1;
  if (source.charCodeAt(end) !== 0x2e || !isCapital(source.charCodeAt(start))) return end;
  let letters = 1;
  let at = end;
  while (
    source.charCodeAt(at) === 0x2e &&
    isCapital(source.charCodeAt(at + 1)) &&
    CLASS_OF[source.charCodeAt(at + 2)] !== LETTER
  ) {
    letters++;
    at += 2;
    end = at;
  }
  return letters > 1 && source.charCodeAt(end) === 0x2e ? end + 1 : end;
}

function afterPossessive(source: string, end: number): number {
  if (!isApostrophe(source.charCodeAt(end))) return end;
  const next = source.charCodeAt(end + 1);
  if (next !== 0x73 && next !== 0x53) return end;
  return CLASS_OF[source.charCodeAt(end + 2)] === LETTER ? end : end + 2;
}

function foldWord(source: string, start: number, end: number): string {
  let capital = false;
  let cyrillic = false;
  let accented = false;
  for (let at = start; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code < 0x80) {
      if (code >= 0x41 && code <= 0x5a) capital = true;
    } else if (code >= 0x410 && code <= 0x44f) cyrillic = true;
    else if (code >= 0x4e00 && code <= 0x9fff) continue;
    else if (code < FOLDED.length && FOLDED[code] !== undefined) accented = true;
    else return fold(source.slice(start, end).replace(APOSTROPHES, ''));
  }
  if (accented) return foldLetters(source, start, end);
  const word = source.slice(start, end);
  if (cyrillic) return word.toLowerCase().replace(APOSTROPHES, '');
  if (capital) return word.toLowerCase();
  return word.length < VIEW_LETTERS ? word : detached(word);
}

/** From this length on V8 makes a slice a view of the whole text, which then stays in memory as long as the word is remembered anywhere. */
const VIEW_LETTERS = 13;
/** A copy: a view of the word and a space. */
const detached = (word: string): string => ` ${word}`.slice(1);

/** Letter by letter: these fold alike in whatever company. */
function foldLetters(source: string, start: number, end: number): string {
  let folded = '';
  for (let at = start; at < end; at++) folded += FOLDED[source.charCodeAt(at)] ?? source[at];
  return folded;
}

const APOSTROPHES = /['’ʼ`´]/gu;

/** What `fold` makes of Latin and Cyrillic letters, by code: most words with accents need no Unicode tables. */
const FOLDED = foldedLetters();

function foldedLetters(): (string | undefined)[] {
  const folded: (string | undefined)[] = new Array(0x530).fill(undefined);
  for (let code = 0; code < folded.length; code++) {
    const character = String.fromCharCode(code);
    if (/[\p{Script=Latin}\p{Script=Cyrillic}\d'’ʼ`´]/u.test(character) && !/\p{M}/u.test(character))
      folded[code] = fold(character.replace(APOSTROPHES, ''));
  }
  return folded;
}

function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019 || code === 0x2bc || code === 0x60 || code === 0xb4;
}

function isCyrillic(code: number): boolean {
  return code >= 0x400 && code <= 0x52f;
}

function isCapital(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x410 && code <= 0x42f);
}
