import type { Compiled, CompiledLeaf } from './compiled-clause.ts';
import type { KeySet } from './key-set.ts';

/**
 * The presearcher: for each query, keys of which an article must have one for the query to match, so that an article evaluates only
 * the queries that could. The idea is Lucene Monitor's (Luwak's "TermFilteredPresearcher" and "MultipassTermFilteredPresearcher");
 * two requirements make a pair of keys, since "country:CN and country:BY" are both frequent and seldom together.
 */
export interface Presearch {
  /** Where a key's entries begin in the two arrays below; one number more than there are keys. */
  readonly offsets: Int32Array;
  /** Of each entry the second key that must be there too, or NO_SECOND; ascending within a key. */
  readonly seconds: Int32Array;
  /** Of each entry the query. */
  readonly queries: Int32Array;
  /** Queries that need nothing that has a key (`NOT x`, a date alone): every article evaluates them. */
  readonly always: readonly number[];
}

const NO_SECOND = -1;

/** One of `keys` must be there. */
interface Requirement {
  readonly keys: readonly number[];
  readonly cost: number;
}

/** A requirement that costs more than this is worth a second one beside it. */
const WORTH_A_PAIR = 0.002;
/** Pairs of one query at most; more would cost more memory than evaluations. */
const MOST_PAIRS = 64;
/** Requirements kept for an AND. */
const KEPT = 4;

/**
 * Indexes queries by what they need.
 *
 * @param keyCount keys are less than this
 * @param costOf what it costs to find queries by a key, such as how likely an article has it; a rough estimate is enough
 */
export function buildPresearch(
  queries: readonly Compiled[],
  keyCount: number,
  costOf: (key: number) => number,
): Presearch {
  const entries: { key: number; second: number; query: number }[] = [];
  const always: number[] = [];
  for (const [query, root] of queries.entries()) {
    const needs = requirements(root, costOf);
    const [first, second] = bestPair(needs) ?? [needs[0], null];
    if (!first) always.push(query);
    for (const key of first?.keys ?? []) {
      for (const other of second?.keys ?? [NO_SECOND]) entries.push({ key, second: other, query });
    }
  }
  entries.sort((a, b) => a.key - b.key || a.second - b.second || a.query - b.query);
  const offsets = new Int32Array(keyCount + 1);
  for (const { key } of entries) offsets[key + 1]!++;
  for (let key = 0; key < keyCount; key++) offsets[key + 1]! += offsets[key]!;
  const seconds = Int32Array.from(entries, (entry) => entry.second);
  return { offsets, seconds, queries: Int32Array.from(entries, (entry) => entry.query), always };
}

/** Queries that could match an article with these keys, without repeats, ascending. */
export function candidates(presearch: Presearch, present: KeySet): number[] {
  const found = new Set<number>(presearch.always);
  for (const key of present.keys) addEntries(presearch, key, present, found);
  return [...found].sort((a, b) => a - b);
}

function addEntries({ offsets, seconds, queries }: Presearch, key: number, present: KeySet, found: Set<number>): void {
  let at = offsets[key]!;
  const end = offsets[key + 1]!;
  for (; at < end && seconds[at] === NO_SECOND; at++) found.add(queries[at]!);
  if (end - at <= present.keys.length * SEARCH_COST) {
    for (; at < end; at++) if (present.has(seconds[at]!)) found.add(queries[at]!);
    return;
  }
  // Half of the world's watches name one country: look for the few keys of the article among its many entries.
  for (const second of present.keys) {
    for (let entry = firstEntry(seconds, at, end, second); entry < end && seconds[entry] === second; entry++)
      found.add(queries[entry]!);
  }
}

/** Looking for one key in a long list costs as much as trying this many entries. */
const SEARCH_COST = 8;

function firstEntry(seconds: Int32Array, from: number, to: number, second: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds[middle]! < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The cheapest two requirements that share no key, where the first alone is not cheap enough. */
function bestPair(needs: readonly Requirement[]): [Requirement, Requirement] | null {
  const first = needs[0];
  if (!first || first.cost <= WORTH_A_PAIR) return null;
  for (const second of needs.slice(1)) {
    const shared = second.keys.some((key) => first.keys.includes(key));
    if (!shared && first.keys.length * second.keys.length <= MOST_PAIRS) return [first, second];
  }
  return null;
}

/** What must hold for a query to match, the cheapest first; empty where nothing with a key must. */
function requirements(query: Compiled, costOf: (key: number) => number): Requirement[] {
  switch (query.op) {
    case 'not':
      return [];
    case 'and':
      return cheapest(
        query.parts.flatMap((part) => requirements(part, costOf)),
        KEPT,
      );
    case 'or':
      return anyOf(query.parts, 1, costOf);
    case 'at-least':
      return anyOf(query.parts, query.count, costOf);
    default:
      return cheapest(
        leafKeys(query).map((key) => ({ keys: [key], cost: costOf(key) })),
        KEPT,
      );
  }
}

/** At least `count` of the parts hold, so one of any `parts.length - count + 1` does: the cheapest of them. */
function anyOf(parts: readonly Compiled[], count: number, costOf: (key: number) => number): Requirement[] {
  const best = cheapest(
    parts.flatMap((part) => requirements(part, costOf).slice(0, 1)),
    Number.POSITIVE_INFINITY,
  );
  const enough = parts.length - count + 1;
  if (best.length < enough) return [];
  const used = best.slice(0, enough);
  const keys = [...new Set(used.flatMap((requirement) => requirement.keys))];
  return [{ keys, cost: used.reduce((sum, requirement) => sum + requirement.cost, 0) }];
}

function cheapest(needs: Requirement[], most: number): Requirement[] {
  return needs.sort((a, b) => a.cost - b.cost || a.keys.length - b.keys.length).slice(0, most);
}

/** Keys that are all necessary for a leaf. */
function leafKeys(leaf: CompiledLeaf): number[] {
  if (leaf.op === 'terms' || leaf.op === 'tags') return [leaf.key];
  return leaf.op === 'near' ? [...new Set(leaf.units.map((unit) => unit.key))] : [];
}
