import type { Facts } from './article-facts.ts';
import type { WatchSet } from './compile-watches.ts';
import type { Compiled, CompiledLeaf } from './compiled-clause.ts';
import { leafHolds } from './judge-clause.ts';
import { KeySet } from './key-set.ts';
import { candidates } from './presearch.ts';

/**
 * Whether some watch may match an article of which only the words are known yet. It never says no where a watch matches; it may say yes for
 * nothing.
 *
 * @param facts of the article without the tags that are still to be found
 * @param tags keys of the tags that may still be found
 */
export function anyMayMatch(set: WatchSet, facts: Facts, tags: Iterable<number>): boolean {
  const could = new KeySet(facts.present.keys.length + 16);
  const add = (key: number): void => {
    could.add(key);
    for (const group of set.groupsOf.get(key) ?? []) could.add(group);
  };
  for (const key of facts.present.keys) could.add(key);
  for (const key of tags) if (!could.has(key)) add(key);
  return candidates(set.presearch, could).some((number) => mayHold(set.watches[number]!.root, facts, could));
}

function mayHold(clause: Compiled, facts: Facts, could: KeySet): boolean {
  switch (clause.op) {
    case 'not':
      return mayFail(clause.part, facts, could);
    case 'and':
      return clause.parts.every((part) => mayHold(part, facts, could));
    case 'or':
      return clause.parts.some((part) => mayHold(part, facts, could));
    case 'at-least':
      return clause.parts.filter((part) => mayHold(part, facts, could)).length >= clause.count;
    default:
      return leafMayHold(clause, facts, could);
  }
}

function leafMayHold(leaf: CompiledLeaf, facts: Facts, could: KeySet): boolean {
  return leaf.op === 'tags' ? could.has(leaf.key) : leafHolds(leaf, facts);
}

/** Tags are only added as more becomes known, so one that is there stays. */
function mayFail(clause: Compiled, facts: Facts, could: KeySet): boolean {
  switch (clause.op) {
    case 'not':
      return mayHold(clause.part, facts, could);
    case 'and':
      return clause.parts.some((part) => mayFail(part, facts, could));
    case 'or':
      return clause.parts.every((part) => mayFail(part, facts, could));
    case 'at-least':
      return clause.parts.filter((part) => mayFail(part, facts, could)).length > clause.parts.length - clause.count;
    default:
      return !leafHolds(clause, facts);
  }
}
