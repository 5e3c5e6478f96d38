import { COUNTRY_CODES } from './country-names.ts';
import type { Clause, QueryVocabulary, TagClause, TermClause } from './query.ts';
import { type QueryProblem, queryProblem } from './query-problem.ts';

const OPERATOR = /^(?:and|or|not)$/i;
/** The nearness of other search languages: NEAR, NEAR/5, w/5, ADJ3. */
const NEARNESS = /^(?:NEAR|ONEAR|ADJ\d{0,2}|(?:o?near|O?NEAR|[wWnN]|pre|PRE)\/(\d{1,2}))$/;

/** A word that was most likely meant as an operator: it is looked for as a word. */
export function checkOperator(source: string, clause: TermClause): QueryProblem[] {
  const written = source.slice(clause.start, clause.end);
  const warn = (message: string, suggestion: string): QueryProblem[] => [
    queryProblem('small-operator', message, clause, { suggestion, severity: 'warning' }),
  ];
  if (OPERATOR.test(written)) {
    const operator = written.toUpperCase();
    return warn(
      `"${written}" is looked for as a word here: write ${operator} for the operator, or quote the word`,
      operator,
    );
  }
  const near = NEARNESS.exec(written);
  if (!near) return [];
  const suggestion = `"a b"~${near[1] ?? 8}`;
  return warn(
    `"${written}" is looked for as a word here: words near each other are written ${suggestion}, or quote the word`,
    suggestion,
  );
}

/** `country:CN BY`: the second is no country but the word "by". */
export function checkStrayValues(
  source: string,
  clauses: readonly Clause[],
  vocabulary: QueryVocabulary,
): QueryProblem[] {
  return clauses.flatMap((clause, index) => {
    const before = clauses[index - 1];
    if (clause.type !== 'term' || before?.type !== 'tag' || source[before.start] === '(') return [];
    const value = source.slice(clause.start, clause.end);
    if (value !== clause.text || !isValue(before, value, vocabulary)) return [];
    const suggestion = `${before.field}:${value}`;
    const both = `${before.field}:(${before.value} OR ${value})`;
    const message = `"${value}" is looked for as a word here: write ${suggestion}, or ${both} for either, or quote the word`;
    return [queryProblem('stray-value', message, clause, { suggestion, severity: 'warning' })];
  });
}

function isValue({ field }: TagClause, value: string, vocabulary: QueryVocabulary): boolean {
  if (field === 'country') return COUNTRY_CODES.has(value);
  const known = { topic: vocabulary.topics, org: vocabulary.orgs, person: vocabulary.persons, role: vocabulary.roles };
  const names = field in known ? known[field as keyof typeof known] : [];
  return 'has' in names ? names.has(value) : names.includes(value);
}
