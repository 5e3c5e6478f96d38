import worldCountries from 'world-countries';
import { fold } from '../text/words.ts';

export interface CountryName {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** In the notation of config terms. */
  readonly name: string;
  readonly lang: string;
}

/** What is read of the package. */
interface PackagedCountry {
  readonly cca2: string;
  readonly independent: boolean;
  readonly name: { readonly common: string; readonly official: string };
  readonly capital: readonly string[];
  readonly altSpellings: readonly string[];
  readonly translations: Readonly<Record<string, { readonly common: string }>>;
  readonly demonyms: Readonly<Record<string, { readonly m: string; readonly f: string }>>;
}

/** The package's types describe a default export inside the default export; at run time it is the list. */
const countries = worldCountries as unknown as readonly PackagedCountry[];

/** The languages of terms, roles and entities, with the package's key for their translations. */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'eng',
  ru: 'rus',
  uk: '',
  pl: 'pol',
  de: 'deu',
  fr: 'fra',
  es: 'spa',
  pt: 'por',
  it: 'ita',
  zh: 'zho',
  ar: 'ara',
};

/**
 * What the package world-countries and Node's own Intl.DisplayNames know of every country: names in eleven languages, English and French
 * demonyms, capitals of sovereign states. `drop` takes names out, up to case and accents.
 */
export function packagedCountryNames(drop: readonly string[]): CountryName[] {
  const dropped = new Set(drop.map(fold));
  const names: CountryName[] = [];
  const add = (code: string, lang: string, name: string | undefined) => {
    if (name === undefined || name.length < 2 || /[(,]/u.test(name) || dropped.has(fold(name))) return;
    names.push({ code, lang, name: name.replaceAll('’', "'") });
  };
  for (const [lang, key] of Object.entries(LANGUAGES)) {
    const displayNames = new Intl.DisplayNames([lang], { type: 'region', fallback: 'none' });
    for (const country of countries) {
      add(country.cca2, lang, displayNames.of(country.cca2));
      add(country.cca2, lang, country.translations[key]?.common);
    }
  }
  for (const country of countries) {
    const code = country.cca2;
    add(code, 'en', country.name.common);
    add(code, 'en', country.name.official);
    for (const spelling of country.altSpellings) if (isEnglishName(spelling)) add(code, 'en', spelling);
    // Territories share their demonyms with the state they belong to.
    if (!country.independent) continue;
    const { eng, fra } = country.demonyms;
    add(code, 'en', eng?.m);
    add(code, 'en', eng?.f);
    for (const demonym of [fra?.m, fra?.f]) add(code, 'fr', demonym?.toLowerCase());
    for (const capital of country.capital) add(code, 'en', capital);
  }
  return names;
}

/** Codes and abbreviations of the package are often words (`IN`, `IT`): only longer spellings, in letters, count. */
function isEnglishName(spelling: string): boolean {
  return spelling.length > 4 && /^[A-Z][\p{Script=Latin} .'-]+$/u.test(spelling);
}
