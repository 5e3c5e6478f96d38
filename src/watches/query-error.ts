/** What can be wrong with a query's syntax. Closed: a new kind of mistake gets a new code. */
export type QuerySyntaxCode =
  | 'empty-query'
  | 'missing-operand'
  | 'unbalanced-parenthesis'
  | 'unclosed-quote'
  | 'unclosed-regex'
  | 'unclosed-range'
  | 'unexpected'
  | 'stray-sign'
  | 'plus-under-or'
  | 'stray-comma'
  | 'no-words'
  | 'leading-wildcard'
  | 'inner-wildcard'
  | 'short-prefix'
  | 'fuzzy'
  | 'boost'
  | 'bad-near'
  | 'bad-regex'
  | 'regex-too-large'
  | 'unknown-field'
  | 'missing-value'
  | 'bad-value'
  | 'bad-date'
  | 'bad-range'
  | 'bad-count'
  | 'matches-everything'
  | 'too-long'
  | 'too-many-clauses'
  | 'too-deep';

/**
 * A query that cannot be read. The message says what was found and the way out; `offset` and `length`
 * (UTF-16 units) say where, for `caret`.
 */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
  readonly code: QuerySyntaxCode;
  readonly offset: number;
  readonly length: number;

  constructor(code: QuerySyntaxCode, message: string, at: { start: number; end: number }, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.offset = at.start;
    this.length = Math.max(1, at.end - at.start);
  }
}

/** Characters of the query shown on each side of a mistake. */
const CONTEXT = 60;

/**
 * Shows where in a query something is: the part of the query around it in one line, and a line of carets beneath.
 *
 * @param query the query's text as parsed
 * @param at offset and length in UTF-16 units, of an error or a problem
 * @returns two lines without a final newline; full-width characters get carets twice as wide
 */
export function caret(query: string, at: { readonly offset: number; readonly length: number }): string {
  const from = Math.max(0, at.offset - CONTEXT);
  const to = Math.min(query.length, at.offset + Math.min(at.length, CONTEXT) + CONTEXT);
  const head = from > 0 ? '… ' : '';
  const line = head + query.slice(from, to).replace(/\s/g, ' ') + (to < query.length ? ' …' : '');
  const before = columns(head + query.slice(from, at.offset));
  const marked = Math.max(1, columns(query.slice(at.offset, Math.min(to, at.offset + at.length))));
  return `${line}\n${' '.repeat(before)}${'^'.repeat(marked)}`;
}

/** Terminal columns of a text: East Asian wide characters take two (Unicode UAX #11, main blocks), combining marks none. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
