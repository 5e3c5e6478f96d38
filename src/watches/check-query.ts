import { checkGroup, checkGroupCount, checkTag } from './check-names.ts';
import type { Clause, Query, QueryVocabulary } from './query.ts';
import { type QueryProblem, queryProblem } from './query-problem.ts';
import { decideSense } from './query-sense.ts';

export type { QueryProblem } from './query-problem.ts';

/**
 * Checks a query against the names that exist, and whether any article could match it and any could fail to.
 *
 * @returns all problems, by offset; an empty list for a query fit for use. One of severity `error` must keep the watch from running.
 */
export function checkQuery(query: Query, vocabulary: QueryVocabulary): QueryProblem[] {
  const problems = [...clausesOf(query.root)].flatMap((clause) => {
    if (clause.type === 'tag') return checkTag(clause, vocabulary);
    if (clause.type === 'group') return checkGroup(clause, vocabulary);
    if (clause.type === 'at-least') return checkGroupCount(clause, vocabulary);
    return checkSmallOperator(query, clause);
  });
  if (!problems.some(({ severity }) => severity === 'error')) problems.push(...checkSense(query));
  return problems.sort((a, b) => a.offset - b.offset || a.length - b.length);
}

function* clausesOf(clause: Clause): Generator<Clause> {
  yield clause;
  if (clause.type === 'not') yield* clausesOf(clause.clause);
  else if ('clauses' in clause) for (const inner of clause.clauses) yield* clausesOf(inner);
}

/** `and`, `or`, `not` in small letters are words; where one stands bare it was most likely meant as an operator. */
function checkSmallOperator(query: Query, clause: Clause): QueryProblem[] {
  if (clause.type !== 'term' || !/^(and|or|not)$/.test(query.source.slice(clause.start, clause.end))) return [];
  const suggestion = clause.text.toUpperCase();
  const message = `"${clause.text}" is looked for as a word here: write ${suggestion} for the operator, or quote the word`;
  return [queryProblem('small-operator', message, clause, { suggestion, severity: 'warning' })];
}

function checkSense(query: Query): QueryProblem[] {
  const whole = { start: 0, end: query.source.length };
  const sense = decideSense(query.root, query.source);
  if (sense.never)
    return [
      queryProblem('never-matches', `no article can match this query: ${sense.never.reason}`, sense.never.clause),
    ];
  if (sense.always) {
    const message = 'every article matches this query: a clause and its opposite stand on either side of an OR';
    return [queryProblem('matches-everything', message, whole)];
  }
  const problems = sense.dead.map((clause) => {
    const message = 'this side of the OR can never hold: what it asks for contradicts itself';
    return queryProblem('never-matches', message, clause, { severity: 'warning' });
  });
  if (sense.matchesNothingSaid) {
    const message = 'this query matches any article that does not mention its words: say also what to look for';
    problems.push(queryProblem('only-excludes', message, whole, { severity: 'warning' }));
  }
  return problems;
}
