import { checkGroup, checkGroupCount, checkTag } from './check-names.ts';
import { checkOperator, checkStrayValues } from './check-words.ts';
import { expandGroups } from './expand-groups.ts';
import type { Clause, Query, QueryVocabulary } from './query.ts';
import { type QueryProblem, queryProblem } from './query-problem.ts';
import { decideSense, type Idle, type Sense } from './query-sense.ts';

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
    if (clause.type === 'and') return checkStrayValues(query.source, clause.clauses, vocabulary);
    return clause.type === 'term' ? checkOperator(query.source, clause) : [];
  });
  if (!problems.some(({ severity }) => severity === 'error')) problems.push(...checkSense(query, vocabulary));
  return problems.sort((a, b) => a.offset - b.offset || a.length - b.length);
}

function* clausesOf(clause: Clause): Generator<Clause> {
  yield clause;
  if (clause.type === 'not') yield* clausesOf(clause.clause);
  else if ('clauses' in clause) for (const inner of clause.clauses) yield* clausesOf(inner);
}

function checkSense(query: Query, vocabulary: QueryVocabulary): QueryProblem[] {
  const expanded = expandGroups(query.root, vocabulary);
  const found = decideSense(query.root, query.source, vocabulary);
  const settled = found.never !== null || found.always || expanded === query.root;
  const { never, always, ...more } = settled ? found : decideSense(expanded, query.source, vocabulary);
  const whole = { start: 0, end: query.source.length };
  if (never) return [queryProblem('never-matches', `no article can match this query: ${never.reason}`, never.clause)];
  if (always) {
    const message = 'every article matches this query: a clause and its opposite stand on either side of an OR';
    return [queryProblem('matches-everything', message, whole)];
  }
  if (more.commonWord !== null) return [commonWord(more.commonWord, query.source)];
  const problems = more.idle.map(({ clause, why }) => {
    const code = why === 'never' ? 'never-matches' : 'says-nothing';
    return queryProblem(code, IDLE[why], clause, { severity: 'warning' });
  });
  if (found.matchesNothingSaid) {
    const message = 'this query matches any article that does not mention its words: say also what to look for';
    problems.push(queryProblem('only-excludes', message, whole, { severity: 'warning' }));
  }
  return problems;
}

function commonWord({ clause, language }: NonNullable<Sense['commonWord']>, source: string): QueryProblem {
  const { text } = clause;
  const written = source.slice(clause.start, clause.end);
  const where = written.startsWith('$') ? ` (a member of ${written})` : '';
  const message = `"${text}"${where} stands in nearly every ${language} text, and is enough for this query: say what to look for, or write =${text.toUpperCase()} where it is a name in capitals`;
  return queryProblem('common-word', message, clause);
}

const IDLE: Readonly<Record<Idle['why'], string>> = {
  never: 'this part can never hold: what it asks for contradicts itself',
  'excludes-nothing': 'this excludes nothing: what it names contradicts itself',
  always: 'this part always holds, so it says nothing: remove it',
};
