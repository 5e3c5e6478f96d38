import { SOURCE_KINDS } from '../articles/article.ts';
import { CODE_OF_COUNTRY_NAME, COUNTRY_CODES } from './country-names.ts';
import {
  type Clause,
  type GroupClause,
  QUERY_LIMITS,
  type Query,
  type QueryVocabulary,
  type TagClause,
  type TagField,
} from './query.ts';
import { QuerySyntaxError } from './query-error.ts';
import { readGroupMember, readTagMember } from './query-leaf.ts';
import { decideSense } from './satisfiable.ts';
import { nearest } from './suggest.ts';

/** What can be wrong with a query that is well-formed. Closed. */
export type QueryProblemCode =
  | 'unknown-topic'
  | 'unknown-country'
  | 'unknown-org'
  | 'unknown-person'
  | 'unknown-role'
  | 'unknown-lang'
  | 'unknown-source'
  | 'unknown-kind'
  | 'unknown-group'
  | 'bad-group-member'
  | 'never-matches'
  | 'matches-everything'
  | 'only-excludes'
  | 'small-operator';

export interface QueryProblem {
  readonly code: QueryProblemCode;
  /** An error makes the watch unusable; a warning is told once. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** UTF-16 units of the query. */
  readonly offset: number;
  readonly length: number;
  /** What probably was meant, in the query's own spelling. */
  readonly suggestion?: string;
}

/**
 * Checks a query against the names that exist, and whether any article could match it and any could fail to.
 *
 * @returns all problems, by offset; an empty list for a query fit for use. One of severity `error` must keep the watch from running.
 */
export function checkQuery(query: Query, vocabulary: QueryVocabulary): QueryProblem[] {
  const problems = [...leaves(query.root)].flatMap((clause) => {
    if (clause.type === 'tag') return checkTag(clause, vocabulary);
    if (clause.type === 'group') return checkGroup(clause, vocabulary);
    return clause.type === 'at-least' ? checkGroupCount(clause, vocabulary) : [];
  });
  problems.push(...smallOperators(query));
  if (!problems.some((problem) => problem.severity === 'error')) problems.push(...checkSense(query));
  return problems.sort((a, b) => a.offset - b.offset || a.length - b.length);
}

function* leaves(clause: Clause): Generator<Clause> {
  yield clause;
  if (clause.type === 'not') yield* leaves(clause.clause);
  else if ('clauses' in clause) for (const inner of clause.clauses) yield* leaves(inner);
}

function problem(
  code: QueryProblemCode,
  message: string,
  at: { readonly start: number; readonly end: number },
  suggestion?: string | null,
  severity: 'error' | 'warning' = 'error',
): QueryProblem {
  const place = { offset: at.start, length: Math.max(1, at.end - at.start) };
  return { code, severity, message, ...place, ...(suggestion ? { suggestion } : {}) };
}

function checkTag(clause: TagClause, vocabulary: QueryVocabulary): QueryProblem[] {
  const { field, value } = clause;
  const problems = checkValue(field, value, clause, vocabulary);
  if (clause.country !== null)
    problems.push(...checkCountry(clause.country, clause, (code) => `role:${value}@${code}`));
  return problems;
}

function checkValue(
  field: TagField,
  value: string,
  at: GroupClause | TagClause,
  vocabulary: QueryVocabulary,
): QueryProblem[] {
  if (field === 'country') return checkCountry(value, at, (code) => `country:${code}`);
  if (field === 'lang') return checkLanguage(value, at);
  const known = {
    topic: vocabulary.topics,
    org: vocabulary.orgs,
    person: vocabulary.persons,
    role: vocabulary.roles,
    source: vocabulary.sources,
    kind: SOURCE_KINDS,
  }[field];
  const names = known instanceof Set ? (known as ReadonlySet<string>) : new Set(known as readonly string[]);
  if (names.has(value)) return [];
  const likely = nearest(value, names);
  const what = {
    topic: 'topic',
    org: 'organisation',
    person: 'person',
    role: 'role',
    source: 'feed or feed tag',
    kind: 'kind of source',
  }[field];
  const way = likely ? `did you mean ${field}:${likely}?` : wayOut(field, names);
  return [problem(`unknown-${field}`, `there is no ${what} "${value}": ${way}`, at, likely && `${field}:${likely}`)];
}

function wayOut(field: TagField, names: ReadonlySet<string>): string {
  if (names.size === 0) return 'the config has none';
  const listed = [...names].slice(0, 12).join(', ');
  const where = {
    topic: 'config/topics',
    org: 'config/entities',
    person: 'config/entities',
    role: 'config/entities',
    source: 'feeds.yaml',
    kind: '',
    lang: '',
    country: '',
  }[field];
  return names.size <= 12 ? `there are ${listed}` : `the ${names.size} known ones stand in ${where}`;
}

function checkCountry(
  value: string,
  at: { start: number; end: number },
  write: (code: string) => string,
): QueryProblem[] {
  if (COUNTRY_CODES.has(value)) return [];
  const near = CODE_OF_COUNTRY_NAME.get(nearest(value, CODE_OF_COUNTRY_NAME.keys()) ?? '');
  const way = near ? `did you mean ${write(near)}?` : 'write its two letters of ISO 3166-1, such as CN';
  return [problem('unknown-country', `there is no country code "${value}": ${way}`, at, near && write(near))];
}

function checkLanguage(value: string, at: { start: number; end: number }): QueryProblem[] {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  if (value === 'und' || (/^[a-z]{2,3}$/.test(value) && names.of(value) !== undefined)) return [];
  const primary = /^([a-z]{2,3})[-_]/.exec(value)?.[1];
  const likely = primary ?? LANGUAGES.find((code) => names.of(code)?.toLowerCase() === value.toLowerCase());
  const way = likely ? `did you mean lang:${likely}?` : 'write its primary subtag, such as en, uk or zh';
  return [problem('unknown-lang', `there is no language "${value}": ${way}`, at, likely && `lang:${likely}`)];
}

/** Every code of ISO 639-1 that could be one: names are looked up only for a mistake. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LANGUAGES = [...LETTERS].flatMap((first) => [...LETTERS].map((second) => first + second));

function checkGroup(clause: GroupClause, vocabulary: QueryVocabulary): QueryProblem[] {
  const members = Object.hasOwn(vocabulary.terms, clause.name) ? vocabulary.terms[clause.name] : undefined;
  const where = `the group $${clause.name}`;
  if (members === undefined) {
    const likely = nearest(clause.name, Object.keys(vocabulary.terms));
    const way = likely ? `did you mean $${likely}?` : 'name it under terms: in the config';
    return [problem('unknown-group', `there is no group $${clause.name}: ${way}`, clause, likely && `$${likely}`)];
  }
  if (members.length === 0)
    return [problem('never-matches', `${where} is empty, so this clause can never match`, clause)];
  if (members.length > QUERY_LIMITS.groupMembers)
    return [
      problem(
        'bad-group-member',
        `${where} has ${members.length} members, at most ${QUERY_LIMITS.groupMembers} are allowed`,
        clause,
      ),
    ];
  return members.flatMap((member) => checkMember(member, clause, where, vocabulary)).slice(0, 5);
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
    return [problem('bad-group-member', `${where}, member "${member}": ${error.message}`, clause)];
  }
}

function checkGroupCount(clause: Clause & { type: 'at-least' }, vocabulary: QueryVocabulary): QueryProblem[] {
  const only = clause.clauses[0];
  if (only?.type !== 'group' || clause.clauses.length !== 1) return [];
  const members = new Set(vocabulary.terms[only.name] ?? []).size;
  if (members === 0 || clause.count <= members) return [];
  return [
    problem(
      'never-matches',
      `${clause.count} of $${only.name} can never match: the group has ${members} members`,
      clause,
    ),
  ];
}

/** `and`, `or`, `not` in small letters are words; where one stands bare it was most likely meant as an operator. */
function smallOperators(query: Query): QueryProblem[] {
  return [...leaves(query.root)].flatMap((clause) => {
    if (clause.type !== 'term' || clause.form !== 'inflected' || !/^(and|or|not)$/.test(clause.text)) return [];
    if (query.source.slice(clause.start, clause.end) !== clause.text) return [];
    const operator = clause.text.toUpperCase();
    const message = `"${clause.text}" is looked for as a word here: write ${operator} for the operator, or quote the word`;
    return [problem('small-operator', message, clause, operator, 'warning')];
  });
}

function checkSense(query: Query): QueryProblem[] {
  const whole = { start: 0, end: query.source.length };
  const sense = decideSense(query.root, query.source);
  if (sense.never)
    return [problem('never-matches', `no article can match this query: ${sense.never.reason}`, sense.never.clause)];
  if (sense.always)
    return [
      problem(
        'matches-everything',
        'every article matches this query: a clause and its opposite stand on either side of an OR',
        whole,
      ),
    ];
  const problems = sense.dead.map((clause) =>
    problem(
      'never-matches',
      'this side of the OR can never hold: what it asks for contradicts itself',
      clause,
      null,
      'warning',
    ),
  );
  if (sense.matchesNothingSaid)
    problems.push(
      problem(
        'only-excludes',
        'this query matches any article that does not mention its words: say also what to look for',
        whole,
        null,
        'warning',
      ),
    );
  return problems;
}
