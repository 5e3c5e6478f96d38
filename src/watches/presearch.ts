import type { Compiled, CompiledLeaf } from './compiled-clause.ts';

/**
 * The presearcher: for each query, keys of which an article must have one for the query to match, so that an article evaluates only
 * the queries that could. The idea is Lucene Monitor's (Luwak's "TermFilteredPresearcher" and "MultipassTermFilteredPresearcher");
 * two requirements make a pair of keys, since "country:CN and country:BY" are both frequent and seldom together.
 */
export interface Presearch {
  /** By key: queries that need this key. */
  readonly single: ReadonlyMap<number, readonly number[]>;
  /** By key and second key: queries that need both. */
  readonly paired: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;
  /** Queries that need nothing that has a key (`NOT x`, a date alone): every article evaluates them. */
  readonly always: readonly number[];
}

/** One of `keys` must be there; `chance` estimates how likely an article has one. */
interface Requirement {
  readonly keys: readonly number[];
  readonly chance: number;
}

/** A requirement likelier than this is worth a second one beside it. */
const WORTH_A_PAIR = 0.002;
/** Pairs of one query at most; more would cost more memory than evaluations. */
const MOST_PAIRS = 64;
/** Requirements kept for an AND. */
const KEPT = 4;

/**
 * Indexes queries by what they need.
 *
 * @param chanceOf how likely an article has a key, 0 to 1; a rough estimate is enough
 */
export function buildPresearch(queries: readonly Compiled[], chanceOf: (key: number) => number): Presearch {
  const single = new Map<number, number[]>();
  const paired = new Map<number, Map<number, number[]>>();
  const always: number[] = [];
  for (const [number, query] of queries.entries()) {
    const needs = requirements(query, chanceOf);
    const pair = bestPair(needs);
    const best = needs[0];
    if (pair) {
      for (const a of pair[0].keys) {
        const seconds = entry(paired, a, () => new Map<number, number[]>());
        for (const b of pair[1].keys) entry(seconds, b, () => []).push(number);
      }
    } else if (best) for (const key of best.keys) entry(single, key, () => []).push(number);
    else always.push(number);
  }
  return { single, paired, always };
}

/** Queries that could match an article with these keys, without repeats, ascending. */
export function candidates(presearch: Presearch, present: ReadonlySet<number>): number[] {
  const found = new Set<number>(presearch.always);
  const add = (queries: readonly number[] | undefined): void => {
    if (queries) for (const query of queries) found.add(query);
  };
  for (const key of present) {
    add(presearch.single.get(key));
    const seconds = presearch.paired.get(key);
    if (!seconds) continue;
    if (seconds.size < present.size) {
      for (const [second, queries] of seconds) if (present.has(second)) add(queries);
    } else for (const second of present) add(seconds.get(second));
  }
  return [...found].sort((a, b) => a - b);
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

/** The cheapest two requirements that share no key, where the first alone is not rare enough. */
function bestPair(needs: readonly Requirement[]): [Requirement, Requirement] | null {
  const first = needs[0];
  if (!first || first.chance <= WORTH_A_PAIR) return null;
  for (const second of needs.slice(1)) {
    const shared = second.keys.some((key) => first.keys.includes(key));
    if (!shared && first.keys.length * second.keys.length <= MOST_PAIRS) return [first, second];
  }
  return null;
}

/** What must hold for a query to match, the least likely first; empty where nothing with a key must. */
function requirements(query: Compiled, chanceOf: (key: number) => number): Requirement[] {
  switch (query.op) {
    case 'not':
      return [];
    case 'and':
      return cheapest(
        query.parts.flatMap((part) => requirements(part, chanceOf)),
        KEPT,
      );
    case 'or':
      return anyOf(query.parts, 1, chanceOf);
    case 'at-least':
      return anyOf(query.parts, query.count, chanceOf);
    default:
      return cheapest(
        leafKeys(query).map((key) => ({ keys: [key], chance: chanceOf(key) })),
        KEPT,
      );
  }
}

/** At least `count` of the parts hold, so one of any `parts.length - count + 1` does: the cheapest of them. */
function anyOf(parts: readonly Compiled[], count: number, chanceOf: (key: number) => number): Requirement[] {
  const best = cheapest(
    parts.flatMap((part) => requirements(part, chanceOf).slice(0, 1)),
    Number.POSITIVE_INFINITY,
  );
  const enough = parts.length - count + 1;
  if (best.length < enough) return [];
  const used = best.slice(0, enough);
  const keys = [...new Set(used.flatMap((requirement) => requirement.keys))];
  return [{ keys, chance: used.reduce((sum, requirement) => sum + requirement.chance, 0) }];
}

function cheapest(needs: Requirement[], most: number): Requirement[] {
  return needs.sort((a, b) => a.chance - b.chance || a.keys.length - b.keys.length).slice(0, most);
}

/** Keys that are all necessary for a leaf. */
function leafKeys(leaf: CompiledLeaf): number[] {
  if (leaf.op === 'terms' || leaf.op === 'tags') return [leaf.key];
  return leaf.op === 'near' ? [...new Set(leaf.units.map((unit) => unit.key))] : [];
}
