import type { Meaning } from '../entities/gazetteer.ts';
import { parentOf } from '../topics/taxonomy.ts';
import { withParents } from '../watches/article-facts.ts';
import type { WatchSet } from '../watches/compile-watches.ts';
import { tagName } from '../watches/compiled-clause.ts';
import type { Knowledge } from './judge-article.ts';

/** Which tags that a set's watches ask for an article can have, by the terms that stand in it. */
export interface PossibleTags {
  /** By a matcher's term: keys of the tags that it may bring. */
  readonly byTerm: ReadonlyMap<number, readonly number[]>;
  /** Keys of tags that need no term of the config: top topics, which have learned words. */
  readonly always: readonly number[];
}

/** Works it out once for a set. Entities and subtopics are given by their terms alone, so an article without them cannot have the tag. */
export function possibleTags({ gazetteer, taxonomy }: Knowledge, { tagKeys }: WatchSet): PossibleTags {
  const byTerm = new Map<number, Set<number>>();
  const add = (term: number, name: string): void => {
    const key = tagKeys.get(name);
    if (key !== undefined) byTerm.set(term, (byTerm.get(term) ?? new Set<number>()).add(key));
  };
  const rolesWithCountry = Map.groupBy(
    [...tagKeys.keys()].filter((name) => name.startsWith('role:') && name.includes('@')),
    (name) => name.slice(0, name.indexOf('@')),
  );
  const addRole = (term: number, id: string): void => {
    const role = tagName('role', id);
    for (const name of [role, ...(rolesWithCountry.get(role) ?? [])]) add(term, name);
  };
  for (const [term, { meanings }] of gazetteer.terms) {
    for (const meaning of meanings)
      addMeaning(
        meaning,
        (name) => add(term, name),
        (id) => addRole(term, id),
      );
  }
  for (const [term, groups] of taxonomy.terms) {
    for (const { group } of groups) for (const topic of withParents(group)) add(term, tagName('topic', topic));
  }
  const tops = taxonomy.topics.filter(({ id }) => parentOf(id) === null);
  const always = tops.flatMap(({ id }) => tagKeys.get(tagName('topic', id)) ?? []);
  return { byTerm: new Map([...byTerm].map(([term, keys]) => [term, [...keys]])), always };
}

function addMeaning(meaning: Meaning, add: (name: string) => void, addRole: (id: string) => void): void {
  if (meaning.type === 'country') add(tagName('country', meaning.id));
  if (meaning.type === 'organisation') {
    add(tagName('org', meaning.id));
    if (meaning.country !== null) add(tagName('country', meaning.country));
  }
  if (meaning.type === 'person') {
    add(tagName('person', meaning.id));
    for (const { role } of meaning.offices) addRole(role);
  }
  if (meaning.type === 'role') addRole(meaning.id);
}
