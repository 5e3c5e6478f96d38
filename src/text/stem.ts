/**
 * Light stemmers: they take off what inflection adds (number, case, gender, person), never what derivation adds, so that `operations`
 * finds operation but not operator. After Savoy, "Light stemming approaches for the French, Portuguese, German and Hungarian languages"
 * (SAC 2006) and his Russian, Polish, Spanish and Italian ones; Porter's step 1 for English; Larkey's light10 for Arabic. They work on folded words
 * (no accents), and differ from the papers where these lean on accents.
 */
const STEMMERS: Readonly<Record<string, (word: string) => string>> = {
  en: stemEnglish,
  de: (word) => stemGerman(word),
  fr: (word) => stemFrench(word),
  es: (word) => stemSpanish(word),
  pt: (word) => stemPortuguese(word),
  it: (word) => stemItalian(word),
  ru: (word) => withoutSuffix(word, RUSSIAN, 3),
  uk: (word) => withoutSuffix(word, UKRAINIAN, 3),
  pl: (word) => stemPolish(word),
  ar: stemArabic,
};

/** The stem of a folded word in a language (primary subtag); the word itself in a language without a stemmer. */
export function stem(word: string, lang: string): string {
  const stemmer = STEMMERS[lang];
  return stemmer === undefined || word.length < 3 ? word : stemmer(word);
}

/** Takes off the longest of the suffixes that leaves at least `least` letters. Suffixes are grouped by length, longest first. */
function withoutSuffix(word: string, suffixes: readonly ReadonlySet<string>[], least: number): string {
  for (const [index, group] of suffixes.entries()) {
    const length = suffixes.length - index;
    if (word.length - length >= least && group.has(word.slice(-length))) return word.slice(0, -length);
  }
  return word;
}

function byLength(suffixes: string): readonly ReadonlySet<string>[] {
  const all = suffixes.split(/\s+/u).filter(Boolean);
  const longest = Math.max(...all.map((suffix) => suffix.length));
  return Array.from(
    { length: longest },
    (_, index) => new Set(all.filter((suffix) => suffix.length === longest - index)),
  );
}

/** Nominal and adjectival endings, and the commonest of verbs; the soft sign and й count as endings so that all cases of a noun meet. */
const RUSSIAN = byLength(`
  иями ями ами аем иях иям ием ией ях ам ах ям ою ею ей ой ий ый ай аю ае ов ев ем ом ия ии ию ие ье ьи ью ья ьями ьям ьях ьев
  а е и й о у ы ь ю я
  ого его ому ему ыми ими ых их ым им ая яя ую юю ое ее ые
  ет ют ит ат ят ут ил ла ло ли ала али ала ила или ило ыла ыли ть ать ить еть ует уют ал ел лся лась лись ется ются ится`);

const UKRAINIAN = byLength(`
  ями ами іями аєм іях іям ією ів їв ам ах ям ях ою ею єю ей ой ий ій ай аю аї ові еві єві ем єм ом ія ії ію іє ам
  а е и й о у і ї ь ю я є
  ого його ому йому ими іми их іх им ім ая яя ую юю
  ить ать ять уть ють ав ла ло ли ала али ила или ило ти ати ити увати ує ують ився лися лась`);

/** Porter's steps 1a, 1b and 5a ("An algorithm for suffix stripping", 1980), with -ies as -y. */
function stemEnglish(word: string): string {
  let base = word;
  if (base.endsWith('ies') && base.length > 4) base = base.slice(0, -3) + 'y';
  else if (base.endsWith('sses')) base = base.slice(0, -2);
  else if (base.endsWith('s') && !/(?:ss|us|is)$/u.test(base)) base = base.slice(0, -1);
  return withoutFinalE(withoutVerbEnding(base));
}

function withoutVerbEnding(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return word.slice(0, -3) + 'y';
  const ending = /(?:ed|ing)$/u.exec(word)?.[0];
  if (ending === undefined || word.endsWith('eed')) return word;
  const rest = word.slice(0, -ending.length);
  if (rest.length < 3 || !/[aeiouy]/u.test(rest)) return word;
  if (/(?:at|bl|iz)$/u.test(rest)) return rest + 'e';
  // running is run, but adding is add and an inning is no in
  if (/([^lszaeiou])\1$/u.test(rest) && rest.length > 3) return rest.slice(0, -1);
  return measure(rest) === 1 && SHORT.test(rest) ? rest + 'e' : rest;
}

/** invade and invad-ed meet without the e; plane keeps its own, or it would be plan. */
function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const rest = word.slice(0, -1);
  const syllables = measure(rest);
  return syllables > 1 || (syllables === 1 && !SHORT.test(rest)) ? rest : word;
}

const SHORT = /[^aeiou][aeiouy][^aeiouwxy]$/u;

/** Porter's m: how many times vowels are followed by consonants. */
function measure(word: string): number {
  return word.match(/[aeiouy]+[^aeiouy]+/gu)?.length ?? 0;
}

function stemGerman(word: string): string {
  if (word.length < 5) return word;
  return withoutSuffix(word, GERMAN, 4);
}
const GERMAN = byLength('innen ers ern em en er es e s n');

function stemFrench(word: string): string {
  let base = word;
  if (base.length > 5 && base.endsWith('aux')) base = base.slice(0, -3) + 'al';
  else if (base.length > 3 && /[sx]$/u.test(base)) base = base.slice(0, -1);
  if (base.length > 4 && base.endsWith('ee')) base = base.slice(0, -2);
  else if (base.length > 4 && base.endsWith('e')) base = base.slice(0, -1);
  // -ien and -ienne, -el and -elle: the feminine doubles the consonant.
  return /([nlt])\1$/u.test(base) && base.length > 4 ? base.slice(0, -1) : base;
}

function stemSpanish(word: string): string {
  let base = word;
  if (base.length > 4 && base.endsWith('ces')) base = base.slice(0, -3) + 'z';
  else if (base.length > 5 && /[^aeiou]es$/u.test(base)) base = base.slice(0, -2);
  else if (base.length > 3 && base.endsWith('s') && !base.endsWith('is')) base = base.slice(0, -1);
  return base.length > 4 && /[aoe]$/u.test(base) ? base.slice(0, -1) : base;
}

/** Plurals as grammars have them (nações, papéis, hospitais, homens), then the vowel of gender. */
function stemPortuguese(word: string): string {
  const base = word.length > 4 ? singularOf(word) : word;
  return base.length > 4 && /[aoe]$/u.test(base) ? base.slice(0, -1) : base;
}

function singularOf(word: string): string {
  // On folded words -ões, -ães are -oes, -aes. The õ of a plural is the ã of the singular, whose o falls with the vowel of gender.
  if (/(?:oes|aes)$/u.test(word)) return word.slice(0, -3) + 'ao';
  const plural = /([aeou])is$/u.exec(word);
  if (plural !== null) return word.slice(0, -2) + 'l';
  if (word.endsWith('ns')) return word.slice(0, -2) + 'm';
  if (/[rz]es$/u.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('is') ? word.slice(0, -1) : word;
}

/** The last vowel, which number and gender change; the h that keeps a c or g hard before i and e (banche, laghi). */
function stemItalian(word: string): string {
  if (word.length < 5) return word;
  if (/(?:ch|gh)[ei]$/u.test(word)) return word.slice(0, -2);
  if (/[aeio]$/u.test(word)) {
    const rest = word.slice(0, -1);
    return rest.length > 4 && rest.endsWith('i') ? rest.slice(0, -1) : rest;
  }
  return word;
}

/**
 * Polish nouns and adjectives through their cases. Softening before an ending (atak-u, atak-iem; armi-a; rosj-a) is met by taking
 * a final i or j off what is left.
 */
function stemPolish(word: string): string {
  const rest = withoutSuffix(word, POLISH, 3);
  if (rest === word) {
    // The e that only the nominative has: minister, ministra; Ukrainiec, Ukraińca; statek, statku.
    const fleeting = /(?:(t)e(r)|ie(c)|([^aeiouy])e(k))$/u.exec(word);
    if (fleeting !== null && fleeting.index > 1) return word.slice(0, fleeting.index) + fleeting.slice(1).join('');
  }
  return rest.length > 3 && /[ij]$/u.test(rest) ? rest.slice(0, -1) : rest;
}
const POLISH = byLength(`
  iami ami iach ach iom om iem em owi owie ow iego ego iemu emu ymi imi ych ich ym im
  a e i y o u ie ia ii iu ja je ji ju ej iej aja
  al ala alo ali aly il ila ili ily ilo ac ic yc owac uje uja owal owala`);

/** Larkey, Ballesteros and Connell's light10: the article with its conjunctions and prepositions, then the commonest endings. */
function stemArabic(word: string): string {
  let base = word;
  const prefix = /^(?:وال|بال|كال|فال|ولل|ال|لل)/u.exec(base)?.[0];
  if (prefix !== undefined && base.length - prefix.length >= 2) base = base.slice(prefix.length);
  // "And", or the first letter of a word such as وزير: taken off both, they still meet.
  if (base.startsWith('و') && base.length > 3) base = base.slice(1);
  for (const suffix of ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي']) {
    if (base.endsWith(suffix) && base.length - suffix.length >= 3) {
      base = base.slice(0, -suffix.length);
      break;
    }
  }
  return base;
}
