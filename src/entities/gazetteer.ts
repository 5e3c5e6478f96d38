import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import { parseTerm } from '../text/term-syntax.ts';
import { packagedCountryNames } from './country-names.ts';
import type { EntityConfig, NamesByLanguage, Office } from './entity-schema.ts';

/** What a name stands for. One name may stand for several (Congo). */
export type Meaning =
  | { readonly type: 'country'; readonly id: string; readonly doubt: Doubt | null }
  | { readonly type: 'organisation'; readonly id: string; readonly country: string | null }
  | { readonly type: 'person'; readonly id: string; readonly country: string; readonly offices: readonly Office[] }
  | { readonly type: 'role'; readonly id: string; readonly country: string | null; readonly needsCountry: boolean }
  | { readonly type: 'counterpart' }
  | { readonly type: 'swallow' };

/** Term numbers whose presence in the article decides whether a doubtful name is meant. */
export interface Doubt {
  readonly unless: readonly number[];
  readonly given: readonly number[];
  /** The name is a word of the language too. */
  readonly word: boolean;
}

export interface NamedTerm {
  /** As its author wrote it. */
  readonly written: string;
  /** Looked for with a capital: Turkey, never turkey. */
  readonly capital: boolean;
  readonly meanings: readonly Meaning[];
}

/** All names of entities, as numbers of the matcher's terms. */
export interface Gazetteer {
  readonly terms: ReadonlyMap<number, NamedTerm>;
  /** Kinds of organisations (alliance, forces, militia …) by id. */
  readonly kinds: ReadonlyMap<string, string>;
}

/** Adds every name to the matcher under construction. The config has passed `entityFileSchema`; it throws nothing. */
export function compileGazetteer(config: EntityConfig, builder: MatcherBuilder): Gazetteer {
  const terms = new Map<number, { written: string; capital: boolean; meanings: Meaning[] }>();
  const add = (written: string, lang: string, meaning: Meaning) => {
    const term = parseTerm(written, lang === 'any' ? undefined : lang);
    const number = builder.add(term);
    const known = terms.get(number);
    if (known === undefined)
      terms.set(number, { written, capital: startsWithCapital(term.text) && isName(meaning), meanings: [meaning] });
    else if (!known.meanings.some((other) => sameMeaning(other, meaning))) known.meanings.push(meaning);
  };
  const addAll = (names: NamesByLanguage, meaning: Meaning) => {
    for (const [lang, list] of Object.entries(names)) for (const name of list) add(name, lang, meaning);
  };

  const doubts = compileDoubts(config, builder);
  const addCountry = (code: string, lang: string, name: string) =>
    add(name, lang, { type: 'country', id: code, doubt: doubts.get(name) ?? null });
  for (const { code, lang, name } of packagedCountryNames(config.drop)) addCountry(code, lang, name);
  for (const [code, { names }] of Object.entries(config.countries))
    for (const [lang, list] of Object.entries(names)) for (const name of list) addCountry(code, lang, name);
  for (const { id, names, country } of config.organisations)
    addAll(names, { type: 'organisation', id, country: country ?? null });
  for (const { id, names, country, offices } of config.people)
    addAll({ any: names }, { type: 'person', id, country, offices: offices ?? [] });
  for (const { id, names, country, needsCountry } of config.roles)
    addAll(names, { type: 'role', id, country: country ?? null, needsCountry: needsCountry ?? false });
  addAll(config.counterparts, { type: 'counterpart' });
  for (const name of config.swallow) add(name, 'any', { type: 'swallow' });
  return { terms, kinds: new Map(config.organisations.map(({ id, kind }) => [id, kind])) };
}

function compileDoubts(config: EntityConfig, builder: MatcherBuilder): Map<string, Doubt> {
  const numbers = (names: readonly string[]) => names.map((name) => builder.add(parseTerm(name)));
  return new Map(
    config.doubtful.map(({ name, unless, given, word }) => [
      name,
      { unless: numbers(unless), given: numbers(given), word: word ?? false },
    ]),
  );
}

/** Titles and offices are written small as often as not; names of countries, bodies and people are not. */
function isName(meaning: Meaning): boolean {
  return (
    meaning.type === 'country' ||
    meaning.type === 'organisation' ||
    meaning.type === 'person' ||
    meaning.type === 'swallow'
  );
}

export function startsWithCapital(text: string): boolean {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return first !== first.toLowerCase();
}

function sameMeaning(a: Meaning, b: Meaning): boolean {
  return a.type === b.type && ('id' in a ? a.id : '') === ('id' in b ? b.id : '');
}
