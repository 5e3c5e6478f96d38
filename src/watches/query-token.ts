import { QuerySyntaxError } from './query-error.ts';

/** A piece of a query. `start` and `end` are UTF-16 offsets into it, end exclusive. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: '(' | ')' | ',' | 'and' | 'or' | 'not' | '+' | '-' | 'end' }
  /** `title:`; `name` in lower case. */
  | { readonly kind: 'field'; readonly name: string }
  /** A bare word; `plain` where it was written without escapes, so that it may be a number or an `of`. */
  | {
      readonly kind: 'word';
      readonly text: string;
      readonly star: boolean;
      readonly cased: boolean;
      readonly plain: boolean;
    }
  | { readonly kind: 'quoted'; readonly text: string; readonly near: number | null; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly pattern: string; readonly ignoreCase: boolean }
  /** `[A TO B]`, `{A TO B}`. */
  | {
      readonly kind: 'range';
      readonly from: string;
      readonly to: string;
      readonly open: boolean;
      readonly close: boolean;
    }
  | { readonly kind: 'group'; readonly name: string }
);

/** Where reading stands. */
export interface Reader {
  readonly query: string;
  at: number;
  /** The token before is `published:`, whose values hold colons. */
  inDate: boolean;
}

export function boost(span: { start: number; end: number }): QuerySyntaxError {
  return new QuerySyntaxError(
    'boost',
    'boosts (^) are not supported: a watch matches or does not; remove ^ and the number',
    span,
  );
}

/** After a word or phrase: what Lucene allows there and a watch does not. */
export function refuseSuffix(reader: Reader, start: number): void {
  const { query, at } = reader;
  const next = query[at] ?? '';
  const word = { start, end: at + 1 };
  if (next === '~')
    throw new QuerySyntaxError(
      'fuzzy',
      `fuzzy words (~) are not supported: write the spellings with OR, or a prefix such as ${query.slice(start, at)}*`,
      word,
    );
  if (next === '^') throw boost({ start: at, end: at + 1 });
  if (next === '?')
    throw new QuerySyntaxError(
      'inner-wildcard',
      '? is no wildcard here: write the forms with OR, or put \\ before it',
      word,
    );
  if (next === '*' || (query[at - 1] === '*' && next !== '' && !/[\s(),]/.test(next)))
    throw new QuerySyntaxError('inner-wildcard', '* stands only at the end of a word, as in militar*', word);
}
