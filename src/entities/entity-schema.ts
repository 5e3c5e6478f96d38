import { z } from 'zod';

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a slug such as nato or defence-minister');
const countryCode = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code such as CN');
const name = z.string().trim().min(1);
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2023-03-12');
/** Names by language (BCP 47 primary subtag); `any` is looked for in every language. */
const namesByLanguage = z.record(
  z.string().regex(/^(any|[a-z]{2,3})$/, 'expected a language such as ru, or any'),
  z.array(name).min(1),
);

const organisation = z.strictObject({
  id: slug,
  /** What it is: alliance, union, un, forces, militia … The topics learn from it. */
  kind: slug,
  names: namesByLanguage,
  /** A state's own body names its state too. */
  country: countryCode.optional(),
});

const office = z.strictObject({ role: slug, from: isoDate, to: isoDate.optional() });

const person = z.strictObject({
  id: slug,
  country: countryCode,
  /** In every script; looked for in every language. */
  names: z.array(name).min(1),
  offices: z.array(office).optional(),
});

const role = z.strictObject({
  id: slug,
  /** Where the title itself says whose it is. */
  country: countryCode.optional(),
  /** Titles that companies and clubs use too count only with a country beside them. */
  needsCountry: z.boolean().optional(),
  names: namesByLanguage,
});

const doubtfulName = z.strictObject({
  name,
  unless: z.array(name),
  given: z.array(name),
  /** A word of the language too (Того, "of that"): at the start of a sentence, where its capital says nothing, it needs `given` company. */
  word: z.boolean().optional(),
});

/** One file of `entities/*.yaml`; each section may stand in any of them. */
export const entityFileSchema = z.strictObject({
  organisations: z.array(organisation).optional(),
  people: z.array(person).optional(),
  roles: z.array(role).optional(),
  /** Words for "his counterpart". */
  counterparts: namesByLanguage.optional(),
  /** Names of countries beyond those of the package, by code. */
  countries: z.record(countryCode, z.strictObject({ names: namesByLanguage })).optional(),
  /** Names of the package that are none in the news. */
  drop: z.array(name).optional(),
  /** Longer names that contain an entity's and mean something else. */
  swallow: z.array(name).optional(),
  doubtful: z.array(doubtfulName).optional(),
});

export type EntityFile = z.infer<typeof entityFileSchema>;
export type NamesByLanguage = Readonly<Record<string, readonly string[]>>;
export type EntityConfig = { readonly [Section in keyof EntityFile]-?: NonNullable<EntityFile[Section]> };
export type Office = z.infer<typeof office>;

/** The files of `entities/` as one: lists joined in order, a later file's names added to an earlier one's country. */
export function mergeEntityFiles(files: readonly EntityFile[]): EntityConfig {
  return {
    organisations: files.flatMap((file) => file.organisations ?? []),
    people: files.flatMap((file) => file.people ?? []),
    roles: files.flatMap((file) => file.roles ?? []),
    counterparts: joined(files.map((file) => file.counterparts ?? {})),
    countries: Object.fromEntries(
      [...new Set(files.flatMap((file) => Object.keys(file.countries ?? {})))].map((code) => [
        code,
        { names: joined(files.map((file) => file.countries?.[code]?.names ?? {})) },
      ]),
    ),
    drop: files.flatMap((file) => file.drop ?? []),
    swallow: files.flatMap((file) => file.swallow ?? []),
    doubtful: files.flatMap((file) => file.doubtful ?? []),
  };
}

function joined(all: readonly NamesByLanguage[]): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const one of all)
    for (const [lang, list] of Object.entries(one)) names[lang] = [...(names[lang] ?? []), ...list];
  return names;
}
