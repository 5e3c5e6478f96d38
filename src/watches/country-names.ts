import worldCountries, { type Country } from 'world-countries';

/** The package's types describe a module that it is not: its default export is the list itself. */
const countries = worldCountries as unknown as readonly Country[];

/** ISO 3166-1 alpha-2 codes. */
export const COUNTRY_CODES: ReadonlySet<string> = new Set(countries.map((country) => country.cca2));

/** What people write in place of a code, in lower case: names, other spellings and alpha-3 codes. */
export const CODE_OF_COUNTRY_NAME: ReadonlyMap<string, string> = new Map([
  ...countries.flatMap(({ cca2, cca3, altSpellings, name }) =>
    [...altSpellings, name.official, cca3, name.common]
      .filter((written) => written !== cca2)
      .map((written): [string, string] => [written.toLowerCase(), cca2]),
  ),
  // Not codes of ISO 3166-1, though often taken for one.
  ['uk', 'GB'],
  ['england', 'GB'],
  ['usa', 'US'],
  ['america', 'US'],
  ['el', 'GR'],
]);
