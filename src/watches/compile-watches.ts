import { FIELDS, type Field } from '../text/evidence.ts';
import type { MatcherBuilder } from '../text/phrase-matcher.ts';
import { fold } from '../text/words.ts';
import { ClauseKeys } from './clause-keys.ts';
import { type Compiled, type CompiledLeaf, type CompiledTerm, tagName } from './compiled-clause.ts';
import { groupMembers, sameSpelling } from './group-members.ts';
import { parseQuery } from './parse-query.ts';
import { buildPresearch, type Presearch } from './presearch.ts';
import type { AtLeastClause, Clause, GroupClause, QueryVocabulary, WatchConfig, WordTerm } from './query.ts';
import { readGroupMember, readTagMember } from './query-leaf.ts';
import { compileRegex } from './query-regex.ts';
import { WatchError } from './watch-error.ts';

export interface CompiledWatch {
  readonly id: string;
  readonly title: string;
  /** The query's text. */
  readonly source: string;
  readonly root: Compiled;
}

/** All watches, ready to judge articles. Immutable: a reload compiles a new set and exchanges it for this one. */
export interface WatchSet {
  readonly watches: readonly CompiledWatch[];
  readonly presearch: Presearch;
  /** The key that a matcher's term gives, by the term's number; -1 where it is not a watch's. */
  readonly termKeys: Int32Array;
  /** The key that a tag gives, by its name (`country:CN`). */
  readonly tagKeys: ReadonlyMap<string, number>;
  /** Keys of the groups that a key is a member of. */
  readonly groupsOf: ReadonlyMap<number, readonly number[]>;
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
  const keys = new ClauseKeys(vocabulary, builder);
  const ids = new Set<string>();
  const compiled = watches.map((watch): CompiledWatch => {
    if (ids.has(watch.id)) throw new WatchError('duplicate-id', watch.id, 'another watch has this id: rename one');
    ids.add(watch.id);
    try {
      const { root, source } = parseQuery(watch.query);
      return { id: watch.id, title: watch.title, source, root: compileClause(root, keys) };
    } catch (error) {
      throw WatchError.from(watch.id, error);
    }
  });
  const roots = compiled.map(({ root }) => root);
  const presearch = buildPresearch(roots, keys.count, (key) => keys.costOf(key));
  return { watches: compiled, presearch, termKeys: keys.termKeys(), tagKeys: keys.tags, groupsOf: keys.groupsOf };
}

function compileClause(clause: Clause, keys: ClauseKeys): Compiled {
  const place = placeOf(clause);
  switch (clause.type) {
    case 'and':
    case 'or':
      return {
        op: clause.type,
        ...place,
        parts: cheapFirst(clause.clauses.map((inner) => compileClause(inner, keys))),
      };
    case 'not':
      return { op: 'not', ...place, part: compileClause(clause.clause, keys) };
    case 'at-least':
      return { op: 'at-least', ...place, count: clause.count, parts: countedParts(clause, keys) };
    case 'term':
      return termsLeaf(clause, keys.termList(clause), null, clause.fields);
    case 'near':
      return {
        op: 'near',
        ...place,
        units: clause.units.map((unit) => keys.term(sameUpToCase(unit))),
        fields: clause.fields,
        distance: clause.distance,
        written: writtenNear(clause),
      };
    case 'regex':
      return {
        op: 'regex',
        ...place,
        regex: compileRegex(clause.pattern, clause.ignoreCase, clause),
        fields: clause.fields,
        written: `/${clause.pattern}/`,
      };
    case 'group':
      return compileGroup(clause, keys);
    case 'tag':
      return { op: 'tags', ...place, ...keys.tagLeaf(tagName(clause.field, clause.value, clause.country)) };
    case 'published':
      return {
        op: 'published',
        ...place,
        from: clause.from ?? Number.NEGATIVE_INFINITY,
        to: clause.to ?? Number.POSITIVE_INFINITY,
      };
  }
}

function placeOf({ start, end }: Clause): { start: number; end: number } {
  return { start, end };
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
  return {
    op: 'terms',
    ...placeOf(clause),
    key: key ?? terms[0]!.key,
    terms,
    fields,
    anywhere: fields.length === FIELDS.length,
  };
}

function compileGroup(clause: GroupClause, keys: ClauseKeys): CompiledLeaf {
  const { of } = clause;
  const group = keys.group(clause, () => {
    const members = membersOf(clause, keys.vocabulary);
    if (typeof of !== 'string')
      return { terms: members.map((member) => keys.term(readGroupMember(member))), names: [] };
    const names = members.map((member) => {
      const { value, country } = readTagMember(of, member);
      return tagName(of, value, country);
    });
    return { terms: [], names };
  });
  if (typeof of === 'string')
    return { op: 'tags', ...placeOf(clause), key: group.key, names: group.names, keys: group.keys };
  return termsLeaf(clause, group.terms, group.key, of);
}

/** Of `2 of $group` each member is a part of its own. */
function countedParts(clause: AtLeastClause, keys: ClauseKeys): Compiled[] {
  const only = clause.clauses[0];
  if (clause.clauses.length !== 1 || only?.type !== 'group')
    return clause.clauses.map((inner) => compileClause(inner, keys));
  const group = compileGroup(only, keys);
  if (group.op === 'terms')
    return distinctTerms(group.terms).map((term) => termsLeaf(only, [term], null, group.fields));
  if (group.op !== 'tags') return [group];
  return [...new Set(group.names)].map((name) => ({ op: 'tags', ...placeOf(only), ...keys.tagLeaf(name) }));
}

/** `Crimea` and `crimea` are one term asked for twice. */
function distinctTerms(terms: readonly CompiledTerm[]): CompiledTerm[] {
  return [...new Map(terms.toReversed().map((term) => [sameSpelling(term.written), term])).values()].toReversed();
}

function membersOf(clause: GroupClause, { terms }: QueryVocabulary): readonly string[] {
  const found = groupMembers(terms, clause.name);
  if ('members' in found) return found.members;
  throw new WatchError('unknown-group', '', found.problem);
}

/** Two units that differ in case alone are one unit asked for twice. An acronym's dots ask for its capitals. */
function sameUpToCase(unit: WordTerm): WordTerm {
  return unit.form === 'case' || unit.text.includes('.') ? unit : { ...unit, text: fold(unit.text) };
}

function writtenNear(clause: { units: readonly WordTerm[]; distance: number }): string {
  return `"${clause.units.map((unit) => unit.text + (unit.form === 'prefix' ? '*' : '')).join(' ')}"~${clause.distance}`;
}
