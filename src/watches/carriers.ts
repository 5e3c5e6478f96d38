import { type Facts, factsOf, type Judged } from './article-facts.ts';
import type { CompiledWatch, WatchSet } from './compile-watches.ts';
import type { Compiled, CompiledLeaf } from './compiled-clause.ts';
import { leafEvidence, leafHolds, termHolds } from './judge-clause.ts';

/** A term or tag of a query that holds for an article it matched. */
export interface Carrier {
  /** As its author wrote it: `minsk`, `"a b"~8`, `country:CN`; of a group the member. */
  readonly term: string;
  /** The article would not match without it. */
  readonly needed: boolean;
  /** Of a tag: the terms by which the article has it. */
  readonly by: readonly string[];
}

/**
 * What carried a match: every term and tag that holds, and whether the match hangs on it. Terms under NOT carry nothing.
 *
 * @param judged an article that the watch matches
 */
export function carriersOf(set: WatchSet, watch: CompiledWatch, judged: Judged): Carrier[] {
  const facts = factsOf(set, judged);
  const found = new Map<string, Set<string>>();
  collect(watch.root, facts, found);
  return [...found].map(([term, by]) => ({ term, by: [...by], needed: !holdsWithout(watch.root, term, facts) }));
}

function collect(clause: Compiled, facts: Facts, found: Map<string, Set<string>>): void {
  if (clause.op === 'not') return;
  if ('parts' in clause) {
    for (const part of clause.parts) collect(part, facts, found);
    return;
  }
  if (!leafHolds(clause, facts)) return;
  for (const name of namesOf(clause, facts)) {
    const by = found.get(name) ?? new Set<string>();
    found.set(name, by);
    if (clause.op === 'tags') for (const { term } of leafEvidence({ ...clause, names: [name] }, facts)) by.add(term);
  }
}

/** The members of a leaf that hold, by what they are called. */
function namesOf(leaf: CompiledLeaf, facts: Facts): string[] {
  switch (leaf.op) {
    case 'terms':
      return leaf.terms.filter((term) => termHolds(leaf, term, facts)).map(({ written }) => written);
    case 'tags':
      return leaf.names.filter((_, index) => facts.present.has(leaf.keys[index]!));
    case 'near':
    case 'regex':
      return [leaf.written];
    case 'published':
      return [];
  }
}

/** Whether a clause would hold were a term nowhere in the article. */
function holdsWithout(clause: Compiled, term: string, facts: Facts): boolean {
  switch (clause.op) {
    case 'and':
      return clause.parts.every((part) => holdsWithout(part, term, facts));
    case 'or':
      return clause.parts.some((part) => holdsWithout(part, term, facts));
    case 'at-least':
      return clause.parts.filter((part) => holdsWithout(part, term, facts)).length >= clause.count;
    case 'not':
      return !holdsWithout(clause.part, term, facts);
    case 'published':
      return leafHolds(clause, facts);
    default:
      return namesOf(clause, facts).some((name) => name !== term) && leafHolds(clause, facts);
  }
}
