import { SOURCE_KINDS } from '../articles/article.ts';
import { CODE_OF_COUNTRY_NAME, COUNTRY_CODES } from './country-names.ts';
import { groupMembers, sameSpelling } from './group-members.ts';
import type { AtLeastClause, GroupClause, QueryVocabulary, TagClause, TagField } from './query.ts';
import { QuerySyntaxError } from './query-error.ts';
import { readGroupMember, readTagMember } from './query-leaf.ts';
import { type QueryProblem, queryProblem } from './query-problem.ts';
import { nearest } from './suggest.ts';

type Names = ReadonlySet<string> | readonly string[];
type NamedField = Exclude<TagField, 'country' | 'lang'>;

/** What a field's values are called, and where the known ones stand. */
const FIELDS: Readonly<
  Record<NamedField, { what: string; where: string; names: (vocabulary: QueryVocabulary) => Names }>
> = {
  topic: { what: 'topic', where: 'config/topics', names: ({ topics }) => topics },
  org: { what: 'organisation', where: 'config/entities', names: ({ orgs }) => orgs },
  person: { what: 'person', where: 'config/entities', names: ({ persons }) => persons },
  role: { what: 'role', where: 'config/entities', names: ({ roles }) => roles },
  source: { what: 'feed or feed tag', where: 'feeds.yaml', names: ({ sources }) => sources },
  kind: { what: 'kind of source', where: 'the manual', names: () => SOURCE_KINDS },
};
/** So many names are listed where none is near. */
const LISTED = 12;
/** Mistakes in one group that are told. */
const MOST_MEMBERS_TOLD = 5;

/** A tag's value, and a role's country, against the names that exist. */
export function checkTag(clause: TagClause, vocabulary: QueryVocabulary): QueryProblem[] {
  const { field, value, country } = clause;
  const problems = checkValue(field, value, clause, vocabulary);
  if (country !== null) problems.push(...checkCountry(country, clause, (code) => `role:${value}@${code}`));
  return problems;
}

function checkValue(field: TagField, value: string, at: TagClause, vocabulary: QueryVocabulary): QueryProblem[] {
  if (field === 'country') return checkCountry(value, at, (code) => `country:${code}`);
  if (field === 'lang') return checkLanguage(value, at);
  const { what, where, names: namesOf } = FIELDS[field];
  const names = namesOf(vocabulary);
  if (has(names, value)) return [];
  const likely = nearest(value, names);
  const way = likely ? `did you mean ${field}:${likely}?` : whatThereIs([...names], where);
  const suggestion = likely && `${field}:${likely}`;
  return [queryProblem(`unknown-${field}`, `there is no ${what} "${value}": ${way}`, at, { suggestion })];
}

function has(names: Names, value: string): boolean {
  return 'has' in names ? names.has(value) : names.includes(value);
}

function whatThereIs(names: readonly string[], where: string): string {
  if (names.length === 0) return 'the config has none';
  return names.length <= LISTED ? `there are ${names.join(', ')}` : `the ${names.length} known ones stand in ${where}`;
}

type At = { readonly start: number; readonly end: number };

function checkCountry(value: string, at: At, write: (code: string) => string): QueryProblem[] {
  if (COUNTRY_CODES.has(value)) return [];
  const near = CODE_OF_COUNTRY_NAME.get(nearest(value, CODE_OF_COUNTRY_NAME.keys()) ?? '');
  const suggestion = near ? write(near) : null;
  const way = suggestion ? `did you mean ${suggestion}?` : 'write its two letters of ISO 3166-1, such as CN';
  return [queryProblem('unknown-country', `there is no country code "${value}": ${way}`, at, { suggestion })];
}

function checkLanguage(value: string, at: At): QueryProblem[] {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  if (value === 'und' || (/^[a-z]{2,3}$/.test(value) && names.of(value) !== undefined)) return [];
  const primary = /^([a-z]{2,3})[-_]/.exec(value)?.[1];
  const likely = primary ?? LANGUAGES.find((code) => names.of(code)?.toLowerCase() === value);
  const suggestion = likely ? `lang:${likely}` : null;
  const way = suggestion ? `did you mean ${suggestion}?` : 'write its primary subtag, such as en, uk or zh';
  return [queryProblem('unknown-lang', `there is no language "${value}": ${way}`, at, { suggestion })];
}

/** Every two letters: a name is looked up in them only after a mistake. */
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const LANGUAGES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));

/** A `$group`: that it is there, and that each member is fit for the field it stands under. A mistake of the group's own has its place there. */
export function checkGroup(clause: GroupClause, vocabulary: QueryVocabulary): QueryProblem[] {
  const found = groupMembers(vocabulary.terms, clause.name);
  if (!('members' in found)) {
    const suggestion = found.likely && clause.name !== found.likely ? `$${found.likely}` : null;
    return [queryProblem(found.code, found.problem, clause, { suggestion, group: found.place })];
  }
  return found.members
    .flatMap((member) => {
      const group = found.placeOf(member);
      return checkMember(member, clause, `the group $${group.name}`, vocabulary).map((one) => ({ ...one, group }));
    })
    .slice(0, MOST_MEMBERS_TOLD);
}

function checkMember(member: string, clause: GroupClause, where: string, vocabulary: QueryVocabulary): QueryProblem[] {
  if (typeof clause.of === 'string') {
    const tag = { ...clause, type: 'tag' as const, field: clause.of, ...readTagMember(clause.of, member) };
    return checkTag(tag, vocabulary).map((found) => ({ ...found, message: `${where}: ${found.message}` }));
  }
  try {
    readGroupMember(member);
    return [];
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return [queryProblem('bad-group-member', `${where}, member "${member}": ${error.message}`, clause)];
  }
}

/** Of `3 of $group`: that it has so many. */
export function checkGroupCount(clause: AtLeastClause, vocabulary: QueryVocabulary): QueryProblem[] {
  const only = clause.clauses[0];
  if (only?.type !== 'group' || clause.clauses.length !== 1) return [];
  const found = groupMembers(vocabulary.terms, only.name);
  const count = 'members' in found ? new Set(found.members.map(sameSpelling)).size : 0;
  if (count === 0 || clause.count <= count) return [];
  const message = `${clause.count} of $${only.name} can never match: the group has ${count} members`;
  return [queryProblem('never-matches', message, clause)];
}
