import type { GroupPlace } from './group-members.ts';

/** What can be wrong with a query that is well-formed. Closed. */
export type QueryProblemCode =
  | 'unknown-topic'
  | 'unknown-country'
  | 'unknown-org'
  | 'unknown-person'
  | 'unknown-role'
  | 'unknown-lang'
  | 'unknown-source'
  | 'unknown-kind'
  | 'unknown-group'
  | 'bad-group-member'
  | 'never-matches'
  | 'matches-everything'
  | 'only-excludes'
  | 'common-word'
  | 'says-nothing'
  | 'small-operator'
  | 'stray-value';

export interface QueryProblem {
  readonly code: QueryProblemCode;
  /** An error makes the watch unusable; a warning is told once. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** UTF-16 units of the query. */
  readonly offset: number;
  readonly length: number;
  /** What probably was meant, in the query's own spelling. */
  readonly suggestion?: string;
  /** Where the mistake is one of a group: its place there. Every query that uses the group has it. */
  readonly group?: GroupPlace;
}

/** A problem at a clause's place. */
export function queryProblem(
  code: QueryProblemCode,
  message: string,
  at: { readonly start: number; readonly end: number },
  more: {
    readonly suggestion?: string | null | undefined;
    readonly severity?: 'error' | 'warning';
    readonly group?: GroupPlace | undefined;
  } = {},
): QueryProblem {
  const { suggestion, severity = 'error', group } = more;
  const place = { offset: at.start, length: Math.max(1, at.end - at.start) };
  return { code, severity, message, ...place, ...(suggestion ? { suggestion } : {}), ...(group ? { group } : {}) };
}
