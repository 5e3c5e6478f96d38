import type { Field } from '../text/evidence.ts';

/**
 * The words of the query language.
 *
 * - query: what an analyst wrote in a watch; it is judged on one article
 * - clause: a part of a query that holds or does not hold for an article; a leaf is a clause without clauses of its own
 * - group: terms under one name (`$navies`), kept in the config's `terms:` map
 */

/** Where a clause stands in the query's text: UTF-16 offsets, end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a word is searched for; the same forms as the phrase matcher's. */
export type WordForm = 'inflected' | 'exact' | 'case' | 'prefix';

/** One word or phrase and how it is searched for. */
export interface WordTerm {
  readonly text: string;
  readonly form: WordForm;
}

/** Fields whose values are names from the vocabulary or the article's own facts, not words of its text. */
export const TAG_FIELDS = ['topic', 'country', 'org', 'person', 'role', 'lang', 'source', 'kind'] as const;
export type TagField = (typeof TAG_FIELDS)[number];

export interface TermClause extends Span, WordTerm {
  readonly type: 'term';
  readonly fields: readonly Field[];
}

/** `"a b"~8`: every unit within one field, at most `distance` other words between them, in any order. */
export interface NearClause extends Span {
  readonly type: 'near';
  readonly fields: readonly Field[];
  readonly units: readonly WordTerm[];
  readonly distance: number;
}

/** `/…/`: a regular expression in RE2's syntax, found anywhere in the raw text of one field. */
export interface RegexClause extends Span {
  readonly type: 'regex';
  readonly fields: readonly Field[];
  readonly pattern: string;
  readonly ignoreCase: boolean;
}

/** `$name`: any member of a group. A group under a tag field holds ids, else words. */
export interface GroupClause extends Span {
  readonly type: 'group';
  readonly of: TagField | readonly Field[];
  readonly name: string;
}

export interface TagClause extends Span {
  readonly type: 'tag';
  readonly field: TagField;
  readonly value: string;
  /** Of `role:defence-minister@CN`: the ISO 3166-1 alpha-2 code; null where any country will do. */
  readonly country: string | null;
}

/** `published:[A TO B]`: milliseconds since 1970, both inclusive; null is open. */
export interface PublishedClause extends Span {
  readonly type: 'published';
  readonly from: number | null;
  readonly to: number | null;
}

export interface NotClause extends Span {
  readonly type: 'not';
  readonly clause: Clause;
}

export interface ManyClause extends Span {
  readonly type: 'and' | 'or';
  readonly clauses: readonly Clause[];
}

/** `2 of (a, b, c)`: at least `count` of the clauses. With a group, `clauses` holds the group alone and its members are counted. */
export interface AtLeastClause extends Span {
  readonly type: 'at-least';
  readonly count: number;
  readonly clauses: readonly Clause[];
}

export type LeafClause = TermClause | NearClause | RegexClause | GroupClause | TagClause | PublishedClause;
export type Clause = LeafClause | NotClause | ManyClause | AtLeastClause;

export interface Query {
  readonly source: string;
  readonly root: Clause;
}

/** A named query with the subscribers it tells and its own tests; structurally what the config's schema yields. */
export interface WatchConfig {
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly notify: readonly string[];
  /** Headlines that must match and headlines that must not, each judged as the title of an article without text. */
  readonly tests?: { readonly match: readonly string[]; readonly ignore: readonly string[] } | undefined;
}

/** The names a query may use. Ids are those of the config; countries and kinds are fixed and known here. */
export interface QueryVocabulary {
  readonly topics: ReadonlySet<string> | readonly string[];
  readonly orgs: ReadonlySet<string> | readonly string[];
  readonly persons: ReadonlySet<string> | readonly string[];
  readonly roles: ReadonlySet<string> | readonly string[];
  /** Ids and tags of the feeds. */
  readonly sources: ReadonlySet<string> | readonly string[];
  /** The feeds themselves, where they are known: no article is from two of them. */
  readonly feeds?:
    | readonly { readonly id: string; readonly tags: readonly string[]; readonly kind?: string | null | undefined }[]
    | undefined;
  /** Groups by name, without the `$`: `navies: ["US Navy", "naval*", "=USN", "\"Royal Navy\""]`. */
  readonly terms: Readonly<Record<string, readonly string[]>>;
}

/**
 * Bounds on one query, so that none can hold up the worker.
 * 1,024 clauses is Lucene's own default (`IndexSearcher.maxClauseCount`); long lists belong in a group, which counts as one clause.
 */
export const QUERY_LIMITS = {
  characters: 50_000,
  clauses: 1_024,
  depth: 64,
  regexes: 16,
  nearUnits: 8,
  nearDistance: 100,
  groupMembers: 20_000,
} as const;
