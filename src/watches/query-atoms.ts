import { fold } from '../text/words.ts';
import type { Clause, LeafClause, TagClause } from './query.ts';

/** A statement about an article that is true or false by itself; equal leaves share one. */
export interface Atom {
  readonly leaf: LeafClause | (Clause & { type: 'at-least' });
  /** Atoms that hold wherever this one does. */
  readonly implies: number[];
  /** Atoms that cannot hold where this one does. */
  readonly excludes: number[];
}

/** Beyond this many the relations between atoms are not worked out: the answer stays right, only less is found out. */
const RELATED_ATOMS = 256;

export interface Atoms {
  readonly list: readonly Atom[];
  numberOf(clause: Clause): number;
}

/** What is known of the configured feeds. */
export interface Sources {
  readonly feeds?: readonly FeedNames[] | undefined;
}

/** A feed as `source:` and `kind:` ask for it. */
export interface FeedNames {
  readonly id: string;
  readonly tags: readonly string[];
  readonly kind?: string | null | undefined;
}

/** The atoms of a query, with what follows from what: the language is one, a topic includes its subtopics, and so on. */
export function atomsOf(root: Clause, { feeds }: Sources): Atoms {
  const list: Atom[] = [];
  const byKey = new Map<string, number>();
  const byClause = new Map<Clause, number>();
  const visit = (clause: Clause): void => {
    if (clause.type === 'not') {
      visit(clause.clause);
      return;
    }
    const counted = clause.type === 'at-least' && clause.clauses[0]?.type === 'group' && clause.clauses.length === 1;
    if ('clauses' in clause && !counted) {
      for (const inner of clause.clauses) visit(inner);
      return;
    }
    const leaf = clause as Atom['leaf'];
    const key = keyOf(leaf);
    const number = byKey.get(key) ?? list.push({ leaf, implies: [], excludes: [] }) - 1;
    byKey.set(key, number);
    byClause.set(clause, number);
  };
  visit(root);
  if (list.length <= RELATED_ATOMS) relate(list, feeds);
  return { list, numberOf: (clause) => byClause.get(clause) ?? -1 };
}

function keyOf(leaf: Atom['leaf']): string {
  const { start: _start, end: _end, ...rest } = leaf;
  if (rest.type === 'at-least') return JSON.stringify([rest.count, keyOf(rest.clauses[0] as LeafClause)]);
  // An acronym's dots ask for its capitals.
  if (rest.type === 'term' && rest.form !== 'case' && !rest.text.includes('.'))
    return JSON.stringify({ ...rest, text: fold(rest.text) });
  return JSON.stringify(rest);
}

function relate(list: readonly Atom[], feeds: readonly FeedNames[] | undefined): void {
  for (const [i, a] of list.entries()) {
    for (const [j, b] of list.entries()) {
      if (i === j) continue;
      if (implies(a.leaf, b.leaf)) a.implies.push(j);
      if (excludes(a.leaf, b.leaf, feeds)) a.excludes.push(j);
    }
  }
}

function implies(a: Atom['leaf'], b: Atom['leaf']): boolean {
  if (a.type === 'term' && b.type === 'term')
    return a.fields.every((field) => b.fields.includes(field)) && wordImplies(a, b);
  if (a.type === 'near' && b.type === 'term')
    return a.fields.every((field) => b.fields.includes(field)) && a.units.some((unit) => wordImplies(unit, b));
  if (a.type === 'tag' && b.type === 'tag' && a.field === b.field) {
    if (a.field === 'topic') return a.value.startsWith(`${b.value}/`);
    return a.field === 'role' && a.value === b.value && b.country === null;
  }
  if (a.type === 'published' && b.type === 'published')
    return (b.from ?? -Infinity) <= (a.from ?? -Infinity) && (a.to ?? Infinity) <= (b.to ?? Infinity);
  return false;
}

/** Written as in the term is one of its inflected forms; the same spelling with capitals is the same up to case. */
function wordImplies(a: { text: string; form: string }, b: { text: string; form: string }): boolean {
  // An acronym's dots ask for capitals, so only the very same counts.
  const same = a.text === b.text || (fold(a.text) === fold(b.text) && !a.text.includes('.'));
  if (b.form === 'inflected') return same && a.form !== 'prefix';
  if (b.form === 'exact') return same && (a.form === 'exact' || a.form === 'case');
  if (b.form === 'prefix')
    return a.form !== 'inflected' && fold(a.text).startsWith(fold(b.text)) && !/[\s-]/.test(a.text + b.text);
  return b.form === a.form && a.text === b.text;
}

function excludes(a: Atom['leaf'], b: Atom['leaf'], feeds: readonly FeedNames[] | undefined): boolean {
  if (a.type === 'published' && b.type === 'published')
    return (a.to ?? Infinity) < (b.from ?? -Infinity) || (b.to ?? Infinity) < (a.from ?? -Infinity);
  if (a.type !== 'tag' || b.type !== 'tag') return false;
  if (feeds && isOfFeed(a) && isOfFeed(b) && (a.field === 'source' || b.field === 'source'))
    return !feeds.some((feed) => fits(feed, a) && fits(feed, b));
  return a.field === b.field && (a.field === 'lang' || a.field === 'kind') && a.value !== b.value;
}

function isOfFeed({ field }: TagClause): boolean {
  return field === 'source' || field === 'kind';
}

function fits(feed: FeedNames, { field, value }: TagClause): boolean {
  return field === 'kind' ? feed.kind === value : feed.id === value || feed.tags.includes(value);
}
