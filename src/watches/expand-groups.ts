import { groupMembers, sameSpelling } from './group-members.ts';
import type { Clause, GroupClause, LeafClause, QueryVocabulary } from './query.ts';
import { readGroupMember, readTagMember } from './query-leaf.ts';

/** Larger groups stay as they are: their members decide nothing about a query's logic that is worth the search. */
const MOST_MEMBERS = 60;
/** A query with more leaves than that stays as it is altogether. */
const MOST_LEAVES = 600;

/**
 * The query with each small group's members in its place, so that their logic can be looked at. Clauses keep the group's place in the text.
 *
 * @param clause of a query whose groups have been checked
 * @returns the same clause where it names no group, or too many
 */
export function expandGroups(clause: Clause, vocabulary: QueryVocabulary): Clause {
  const expanded = expand(clause, vocabulary);
  return leaves(expanded) > MOST_LEAVES ? clause : expanded;
}

function leaves(clause: Clause): number {
  if (clause.type === 'not') return leaves(clause.clause);
  return 'clauses' in clause ? clause.clauses.reduce((sum, inner) => sum + leaves(inner), 0) : 1;
}

function expand(clause: Clause, vocabulary: QueryVocabulary): Clause {
  if (clause.type === 'group') {
    const clauses = membersOf(clause, vocabulary);
    return clauses === null ? clause : { type: 'or', clauses, start: clause.start, end: clause.end };
  }
  if (clause.type === 'not') {
    const inner = expand(clause.clause, vocabulary);
    return inner === clause.clause ? clause : { ...clause, clause: inner };
  }
  if (!('clauses' in clause)) return clause;
  const [only] = clause.clauses;
  if (clause.type === 'at-least' && clause.clauses.length === 1 && only?.type === 'group') {
    const members = membersOf(only, vocabulary);
    return members === null ? clause : { ...clause, clauses: members };
  }
  const clauses = clause.clauses.map((inner) => expand(inner, vocabulary));
  return clauses.every((inner, index) => inner === clause.clauses[index]) ? clause : { ...clause, clauses };
}

function membersOf(group: GroupClause, { terms }: QueryVocabulary): LeafClause[] | null {
  const found = groupMembers(terms, group.name);
  if (!('members' in found) || found.members.length > MOST_MEMBERS) return null;
  const { of, start, end } = group;
  const members = [...new Map(found.members.map((member) => [sameSpelling(member), member])).values()];
  return members.map((member): LeafClause => {
    if (typeof of !== 'string') return { type: 'term', fields: of, ...readGroupMember(member), start, end };
    return { type: 'tag', field: of, ...readTagMember(of, member), start, end };
  });
}
