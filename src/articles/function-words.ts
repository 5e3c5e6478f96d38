/**
 * Words that only grammar needs, by language: they stand in every sentence, whatever it is about. Left out are those that several of
 * these languages share, or that a neighbour (Portuguese, Catalan, Dutch, Slovak, Bulgarian) writes the same way as often.
 */
const WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to with that from this which has have been were will would their they after about its his who said more than but could are by on it says what how why when can',
  pl: 'się że jest oraz przez przy został została zostały już tylko który która które których także jego ich może więc dla czy były było był będzie w',
  de: 'und nicht ist mit sich auf für eine einen einer eines auch von zum zur wird werden wurde wurden nach über noch aus haben sind sein das',
  fr: 'des est dans pour une qui par sur avec aux cette sont été leur selon mais ont après plus ses ces avait du et au',
  es: 'los las y según están fue también hasta más pero sus',
  uk: 'що це її як або вона вони був були також після який які яка буде вже чи від та й',
  ru: 'что это его как для она они был была были также после который которые будет уже ещё еще чтобы года',
};
const LANGUAGES = Object.keys(WORDS);
const LANGUAGE_OF = new Map(
  Object.values(WORDS).flatMap((words, number) => words.split(' ').map((word): [string, number] => [word, number])),
);

/** The language in which only grammar needs this word; null where it is none of these. */
export function functionWordLanguage(word: string): string | null {
  const number = LANGUAGE_OF.get(word.toLowerCase());
  return number === undefined ? null : LANGUAGES[number]!;
}

/** Letters of one widely read language alone. They count in words without a capital, since names travel. */
const OWN_LETTERS: readonly (readonly [lang: string, letters: RegExp])[] = [
  ['pl', /^\p{Ll}*[łśżź]/u],
  ['uk', /^\p{Ll}*[єїґ]/u],
];

/** So many must stand in a text, two different ones among them, and so large a share of its words must be: prose has 0.2 to 0.5. */
const FEWEST = 3;
const LEAST_SHARE = 0.12;
/** Of another language at most this share of them: a headline in one language over a text in another is left to the detector. */
const MOST_FOREIGN = 0.2;

/**
 * The language of a text whose small words leave no doubt, or null: it spares most prose a look at all its letter sequences. After Grefenstette (1995), "Comparing two language identification schemes".
 */
export function languageByFunctionWords(text: string): string | null {
  const counts = LANGUAGES.map(() => 0);
  const words = text.split(SEPARATORS);
  const different = new Set<string>();
  for (const word of words) {
    const language = LANGUAGE_OF.get(word.toLowerCase()) ?? byLetters(word);
    if (language === undefined) continue;
    counts[language]!++;
    different.add(word);
  }
  const most = Math.max(...counts);
  const foreign = counts.reduce((sum, count) => sum + count, 0) - most;
  const clear = most >= FEWEST && most >= words.length * LEAST_SHARE && foreign <= most * MOST_FOREIGN;
  return clear && different.size > 1 ? LANGUAGES[counts.indexOf(most)]! : null;
}

function byLetters(word: string): number | undefined {
  if (!BEYOND_ASCII.test(word)) return undefined;
  const found = OWN_LETTERS.find(([, letters]) => letters.test(word));
  return found && LANGUAGES.indexOf(found[0]);
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const SEPARATORS = /[\s,.;:!?"“”„«»()[\]–—…'’-]+/u;
