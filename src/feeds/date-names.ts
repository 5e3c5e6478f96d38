/**
 * Minutes east of UTC for the zone names that feeds write. Sources: RFC 822 section 5.1 (UT to PDT), RFC 5322 section 4.3 (military letters are
 * unreliable and mean UTC), IANA tz database abbreviations for the rest; where one abbreviation has several meanings, the one of the press
 * that writes it most: BST is British, IST Indian, CST American.
 */
// biome-ignore format: a table reads better in rows
export const ZONE_OFFSETS_MIN: ReadonlyMap<string, number> = new Map([
  ['ut', 0], ['utc', 0], ['gmt', 0], ['z', 0], ['zulu', 0], ['wet', 0],
  ['est', -300], ['edt', -240], ['cst', -360], ['cdt', -300], ['mst', -420], ['mdt', -360], ['pst', -480], ['pdt', -420],
  ['akst', -540], ['akdt', -480], ['hst', -600], ['ast', -240], ['adt', -180], ['nst', -210], ['ndt', -150],
  ['brt', -180], ['art', -180], ['clt', -240], ['cot', -300], ['pet', -300], ['vet', -240],
  ['bst', 60], ['ist', 330], ['west', 60], ['cet', 60], ['cest', 120], ['met', 60], ['mest', 120], ['mez', 60], ['mesz', 120],
  ['eet', 120], ['eest', 180], ['sast', 120], ['cat', 120], ['wat', 60], ['eat', 180], ['msk', 180], ['msd', 240], ['trt', 180],
  ['gst', 240], ['irst', 210], ['pkt', 300], ['npt', 345], ['bdt', 360], ['ict', 420], ['wib', 420], ['wita', 480], ['wit', 540],
  ['hkt', 480], ['sgt', 480], ['myt', 480], ['pht', 480], ['awst', 480], ['jst', 540], ['kst', 540],
  ['acst', 570], ['acdt', 630], ['aest', 600], ['aedt', 660], ['nzst', 720], ['nzdt', 780],
]);

/** Names that mean standard or summer time as the season has it: the wall clock of a place (IANA tz). */
export const WALL_CLOCKS: ReadonlyMap<string, string> = new Map([
  ['et', 'America/New_York'],
  ['ct', 'America/Chicago'],
  ['mt', 'America/Denver'],
  ['pt', 'America/Los_Angeles'],
]);

/**
 * Languages whose month names are tried, the declared one first, then in this order: where two languages use one word for different
 * months (listopad is November in Polish and Czech, October in Croatian), the larger press comes first.
 */
// biome-ignore format: a list of codes
const MONTH_LANGUAGES = [
  'en', 'es', 'fr', 'de', 'pt', 'ru', 'it', 'nl', 'pl', 'uk', 'tr', 'cs', 'sv', 'da', 'nb', 'fi', 'hu', 'ro', 'el', 'bg', 'sk', 'hr', 'sr',
  'sl', 'lt', 'lv', 'et', 'id', 'ca', 'be', 'ar', 'he', 'fa', 'vi',
];

const byLanguage = new Map<string, ReadonlyMap<string, number>>();

/**
 * The month (1 to 12) that a word means, or null. English is built in; the other languages' names come from Unicode CLDR by way of Intl, built
 * when a feed first needs them.
 *
 * @param lang the feed's language, if declared; it is tried first
 */
export function monthOf(word: string, lang?: string | null): number | null {
  const key = fold(word);
  const english = ENGLISH_MONTHS.get(key.slice(0, 3));
  const declared = lang?.slice(0, 2).toLowerCase();
  if (english && ENGLISH_NAMES[english - 1]?.startsWith(key) && (!declared || declared === 'en')) return english;
  for (const code of declared ? [declared, ...MONTH_LANGUAGES] : MONTH_LANGUAGES) {
    const month = namesIn(code).get(key);
    if (month) return month;
  }
  // Writers spell their own language's months with more or fewer letters than CLDR does ("sept", "janv", "augus").
  return english && key.length >= 3 && ENGLISH_NAMES[english - 1]?.startsWith(key.slice(0, 4)) ? english : null;
}

// biome-ignore format: twelve months
const ENGLISH_NAMES = [
  'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december',
];
const ENGLISH_MONTHS = new Map(ENGLISH_NAMES.map((name, i) => [name.slice(0, 3), i + 1]));

function namesIn(code: string): ReadonlyMap<string, number> {
  const known = byLanguage.get(code);
  if (known) return known;
  const names = new Map<string, number>(code === 'de' ? [['mrz', 3]] : []); // DIN 5008's abbreviation, which CLDR lacks
  for (const style of ['long', 'short'] as const) {
    // With a day beside it a month may take another case than alone: 5 марта, but март.
    for (const options of [{ month: style }, { month: style, day: 'numeric' as const }]) {
      for (const [month, name] of monthNames(code, options)) if (!names.has(name)) names.set(name, month);
    }
  }
  byLanguage.set(code, names);
  return names;
}

function monthNames(code: string, options: Intl.DateTimeFormatOptions): [number, string][] {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(code, {
      ...options,
      timeZone: 'UTC',
      calendar: 'gregory',
      numberingSystem: 'latn',
    });
  } catch {
    return []; // Not a language tag: a feed may declare anything.
  }
  return Array.from({ length: 12 }, (_, i) => {
    const part = format.formatToParts(Date.UTC(2024, i, 15)).find((p) => p.type === 'month');
    return [i + 1, fold(part?.value ?? '')] as [number, string];
  }).filter(([, name]) => !/^\d*$/.test(name));
}

/** Accents are dropped: many writers drop them. */
function fold(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}|\.$/gu, '');
}
