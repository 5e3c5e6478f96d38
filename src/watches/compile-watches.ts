import { FIELDS, type Field } from '../text/evidence.ts';
import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import { fold } from '../text/words.ts';
import { type Compiled, type CompiledLeaf, type CompiledTerm, tagName } from './compiled-clause.ts';
import { parseQuery } from './parse-query.ts';
import { buildPresearch, type Presearch } from './presearch.ts';
import type { AtLeastClause, Clause, GroupClause, Query, QueryVocabulary, WatchConfig, WordTerm } from './query.ts';
import { readGroupMember, readTagMember } from './query-leaf.ts';
import { compileRegex } from './query-regex.ts';
import { WatchError } from './watch-error.ts';

export interface CompiledWatch {
  readonly id: string;
  readonly title: string;
  readonly query: Query;
  readonly root: Compiled;
}

/** All watches, ready to judge articles. Immutable: a reload compiles a new set and exchanges it for this one. */
export interface WatchSet {
  readonly watches: readonly CompiledWatch[];
  readonly presearch: Presearch;
  /** Keys that a matcher's term gives, by the term's number: its own and those of the groups it is in. */
  readonly termKeys: ReadonlyMap<number, readonly number[]>;
  /** Keys that a tag gives, by its name (`country:CN`). */
  readonly tagKeys: ReadonlyMap<string, readonly number[]>;
}

/** Hands out keys while compiling, and remembers what gives them and how likely an article has them. */
class Keys {
  readonly terms = new Map<number, number[]>();
  readonly tags = new Map<string, number[]>();
  readonly chances: number[] = [];
  readonly #named = new Map<string, number>();
  readonly #groups = new Map<string, { key: number; terms: readonly CompiledTerm[]; names: readonly string[] }>();

  readonly vocabulary: QueryVocabulary;
  readonly builder: MatcherBuilder;

  constructor(vocabulary: QueryVocabulary, builder: MatcherBuilder) {
    this.vocabulary = vocabulary;
    this.builder = builder;
  }

  term(word: WordTerm): CompiledTerm {
    const term = this.builder.add({ text: word.text, form: word.form });
    return { term, key: this.#key(`term:${term}`, this.terms, term, termChance(word)), written: writtenTerm(word) };
  }

  tag(name: string): number {
    return this.#key(name, this.tags, name, tagChance(name));
  }

  /** A group's members with the key that any of them gives. */
  group(clause: GroupClause, make: () => { terms: readonly CompiledTerm[]; names: readonly string[] }) {
    const id = `${typeof clause.of === 'string' ? clause.of : ''}$${clause.name}`;
    const known = this.#groups.get(id);
    if (known) return known;
    const made = make();
    const key = this.chances.push(0) - 1;
    for (const { term } of made.terms) this.terms.get(term)!.push(key);
    for (const name of made.names) this.tags.get(name)!.push(key);
    this.chances[key] =
      made.terms.reduce((sum, { key }) => sum + this.chances[key]!, 0) +
      made.names.reduce((sum, name) => sum + tagChance(name), 0);
    const group = { key, ...made };
    this.#groups.set(id, group);
    return group;
  }

  #key<T>(name: string, givers: Map<T, number[]>, giver: T, chance: number): number {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const key = this.chances.push(chance) - 1;
    this.#named.set(name, key);
    givers.set(giver, [key, ...(givers.get(giver) ?? [])]);
    return key;
  }
}

/**
 * Compiles watches to be judged together. Their terms go into the one matcher, which the caller builds afterwards; an article must be
 * read with that matcher.
 *
 * @param watches ids are unique; queries have passed `checkQuery` (an unknown id would simply never match)
 * @throws WatchError `bad-query` (its `cause` is the QuerySyntaxError), `unknown-group` or `duplicate-id`, naming the watch
 */
export function compileWatches(
  watches: readonly WatchConfig[],
  vocabulary: QueryVocabulary,
  builder: MatcherBuilder,
): WatchSet {
  const keys = new Keys(vocabulary, builder);
  const ids = new Set<string>();
  const compiled = watches.map((watch): CompiledWatch => {
    if (ids.has(watch.id)) throw new WatchError('duplicate-id', watch.id, 'another watch has this id: rename one');
    ids.add(watch.id);
    try {
      const query = parseQuery(watch.query);
      return { id: watch.id, title: watch.title, query, root: compileClause(query.root, keys) };
    } catch (error) {
      throw WatchError.from(watch.id, error);
    }
  });
  const presearch = buildPresearch(
    compiled.map(({ root }) => root),
    (key) => keys.chances[key] ?? 1,
  );
  return { watches: compiled, presearch, termKeys: keys.terms, tagKeys: keys.tags };
}

function compileClause(clause: Clause, keys: Keys): Compiled {
  switch (clause.type) {
    case 'and':
    case 'or':
      return { op: clause.type, clause, parts: cheapFirst(clause.clauses.map((inner) => compileClause(inner, keys))) };
    case 'not':
      return { op: 'not', clause, part: compileClause(clause.clause, keys) };
    case 'at-least':
      return { op: 'at-least', clause, count: clause.count, parts: countedParts(clause, keys) };
    case 'term':
      return termsLeaf(clause, [keys.term(clause)], null, clause.fields);
    case 'near':
      return {
        op: 'near',
        clause,
        units: clause.units.map((unit) => keys.term(sameUpToCase(unit))),
        fields: clause.fields,
        distance: clause.distance,
        written: writtenNear(clause),
      };
    case 'regex':
      return {
        op: 'regex',
        clause,
        regex: compileRegex(clause.pattern, clause.ignoreCase, clause),
        fields: clause.fields,
        written: `/${clause.pattern}/`,
      };
    case 'group':
      return compileGroup(clause, keys);
    case 'tag': {
      const name = tagName(clause.field, clause.value, clause.country);
      return { op: 'tags', clause, key: keys.tag(name), names: [name] };
    }
    case 'published':
      return {
        op: 'published',
        clause,
        from: clause.from ?? Number.NEGATIVE_INFINITY,
        to: clause.to ?? Number.POSITIVE_INFINITY,
      };
  }
}

/** Regular expressions last: AND and OR often know the answer before. The verdict's tree is put back in the query's order. */
function cheapFirst(parts: Compiled[]): Compiled[] {
  const cost = (part: Compiled): number => (part.op === 'regex' ? 2 : part.op === 'near' ? 1 : 0);
  return parts.some((part) => cost(part) > 0) ? parts.sort((a, b) => cost(a) - cost(b)) : parts;
}

function termsLeaf(
  clause: Clause,
  terms: readonly CompiledTerm[],
  key: number | null,
  fields: readonly Field[],
): CompiledLeaf {
  return { op: 'terms', clause, key: key ?? terms[0]!.key, terms, fields, anywhere: fields.length === FIELDS.length };
}

function compileGroup(clause: GroupClause, keys: Keys): CompiledLeaf {
  const { of } = clause;
  const group = keys.group(clause, () => {
    const members = membersOf(clause, keys.vocabulary);
    if (typeof of !== 'string')
      return { terms: members.map((member) => keys.term(readGroupMember(member))), names: [] };
    const names = members.map((member) => {
      const { value, country } = readTagMember(of, member);
      return tagName(of, value, country);
    });
    for (const name of names) keys.tag(name);
    return { terms: [], names };
  });
  if (typeof of === 'string') return { op: 'tags', clause, key: group.key, names: group.names };
  return termsLeaf(clause, group.terms, group.key, of);
}

/** Of `2 of $group` each member is a part of its own. */
function countedParts(clause: AtLeastClause, keys: Keys): Compiled[] {
  const only = clause.clauses[0];
  if (clause.clauses.length !== 1 || only?.type !== 'group')
    return clause.clauses.map((inner) => compileClause(inner, keys));
  const group = compileGroup(only, keys);
  if (group.op === 'terms') return group.terms.map((term) => termsLeaf(only, [term], null, group.fields));
  if (group.op !== 'tags') return [group];
  return group.names.map((name) => ({ op: 'tags', clause: only, key: keys.tag(name), names: [name] }));
}

function membersOf(clause: GroupClause, vocabulary: QueryVocabulary): readonly string[] {
  const members = Object.hasOwn(vocabulary.terms, clause.name) ? vocabulary.terms[clause.name]! : [];
  if (members.length === 0)
    throw new WatchError(
      'unknown-group',
      '',
      `there is no group $${clause.name}, or it is empty: give it members under terms:`,
    );
  return [...new Set(members)];
}

/** Two units that differ in case alone are one unit asked for twice. An acronym's dots ask for its capitals. */
function sameUpToCase(unit: WordTerm): WordTerm {
  return unit.form === 'case' || unit.text.includes('.') ? unit : { ...unit, text: fold(unit.text) };
}

function writtenTerm({ text, form }: WordTerm): string {
  return form === 'prefix' ? `${text}*` : form === 'case' ? `=${text}` : text;
}

function writtenNear(clause: { units: readonly WordTerm[]; distance: number }): string {
  return `"${clause.units.map((unit) => unit.text + (unit.form === 'prefix' ? '*' : '')).join(' ')}"~${clause.distance}`;
}

/** Rough shares of news articles that have a term: they only choose between a query's own clauses. */
function termChance({ text, form }: WordTerm): number {
  if (form === 'prefix') return 0.02;
  if (/\s/.test(text.trim())) return 0.001;
  return form === 'case' ? 0.003 : text.length <= 3 ? 0.02 : 0.008;
}

/** As `termChance`, by kind of tag. */
function tagChance(name: string): number {
  const field = name.slice(0, name.indexOf(':'));
  if (field === 'topic') return name.includes('/') ? 0.05 : 0.2;
  const chances: Record<string, number> = {
    country: 0.04,
    org: 0.01,
    person: 0.003,
    role: name.includes('@') ? 0.005 : 0.03,
    source: 0.02,
    kind: 0.2,
    lang: 0.3,
  };
  return chances[field] ?? 1;
}
