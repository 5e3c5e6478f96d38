import { FIELDS } from '../text/evidence.ts';
import { type AtLeastClause, type Clause, QUERY_LIMITS, type Query } from './query.ts';
import { QuerySyntaxError } from './query-error.ts';
import { fieldOf } from './query-fields.ts';
import { readLeaf, type SearchIn } from './query-leaf.ts';
import type { Token } from './query-token.ts';
import { readTokens } from './query-tokens.ts';

interface Parser {
  readonly query: string;
  readonly tokens: readonly Token[];
  at: number;
  clauses: number;
  regexes: number;
  depth: number;
}

const ANYWHERE: SearchIn = FIELDS;

/**
 * Reads a watch's query: Lucene's syntax (its classic query parser) as a Boolean language. Juxtaposition is AND; NOT binds before
 * AND, AND before OR; `field:( … )` holds for all within. Recursive descent:
 *
 *     or    = and (OR and)*
 *     and   = unary ((AND)? unary)*
 *     unary = (NOT | - | +) unary | NUMBER of field:? ( or, or, … ) | ( or ) | field: ( or ) | leaf
 *
 * @throws QuerySyntaxError with code, message, offset and length; `caret(query, error)` shows where
 */
export function parseQuery(query: string): Query {
  if (query.length > QUERY_LIMITS.characters)
    throw new QuerySyntaxError(
      'too-long',
      `the query has ${query.length} characters, at most ${QUERY_LIMITS.characters} are read: put lists into a $group`,
      { start: 0, end: 1 },
    );
  const parser: Parser = { query, tokens: readTokens(query), at: 0, clauses: 0, regexes: 0, depth: 0 };
  if (peek(parser).kind === 'end')
    throw new QuerySyntaxError('empty-query', 'the query is empty: write what to look for', { start: 0, end: 1 });
  const root = readOr(parser, ANYWHERE);
  const rest = peek(parser);
  if (rest.kind === ')')
    throw new QuerySyntaxError('unbalanced-parenthesis', 'this ) closes nothing: remove it, or open a ( before', rest);
  if (rest.kind === ',') throw strayComma(rest);
  return { source: query, root };
}

function peek(parser: Parser): Token {
  return parser.tokens[parser.at] ?? parser.tokens.at(-1)!;
}

function readOr(parser: Parser, within: SearchIn): Clause {
  const operands: { clause: Clause; plus: Token | null }[] = [readAnd(parser, within)];
  while (peek(parser).kind === 'or') {
    parser.at++;
    operands.push(readAnd(parser, within));
  }
  const first = operands[0]!.clause;
  if (operands.length === 1) return first;
  for (const { plus } of operands) if (plus) throw plusUnderOr(plus);
  const clauses = operands.map(({ clause }) => clause);
  return { type: 'or', clauses, start: first.start, end: clauses.at(-1)!.end };
}

function plusUnderOr(plus: Token): QuerySyntaxError {
  const message = '+ says that a clause must hold, OR that it need not: write AND in place of OR, or leave the + out';
  return new QuerySyntaxError('plus-under-or', message, plus);
}

/** An AND chain; `plus` where it is a single clause behind a `+`, which says nothing new under AND and contradicts OR. */
function readAnd(parser: Parser, within: SearchIn): { clause: Clause; plus: Token | null } {
  const clauses: Clause[] = [];
  let plus: Token | null = null;
  for (;;) {
    if (peek(parser).kind === '+') plus ??= peek(parser);
    clauses.push(readUnary(parser, within));
    const next = peek(parser);
    if (next.kind === 'and') parser.at++;
    else if (next.kind === 'or' || next.kind === ')' || next.kind === ',' || next.kind === 'end') break;
  }
  const first = clauses[0]!;
  if (clauses.length === 1) return { clause: first, plus };
  return { clause: { type: 'and', clauses, start: first.start, end: clauses.at(-1)!.end }, plus: null };
}

function readUnary(parser: Parser, within: SearchIn): Clause {
  const token = peek(parser);
  if (token.kind === 'not' || token.kind === '-') {
    refuseStraySign(parser, token);
    parser.at++;
    const clause = deeper(parser, token, () => readUnary(parser, within));
    return { type: 'not', clause, start: token.start, end: clause.end };
  }
  if (token.kind === '+') {
    refuseStraySign(parser, token);
    parser.at++;
    return deeper(parser, token, () => readUnary(parser, within));
  }
  if (token.kind === '(') return readParenthesis(parser, within);
  if (token.kind === 'field') return readField(parser, token);
  const counted = readAtLeast(parser, within);
  if (counted) return counted;
  const leaf = countClause(parser, readLeaf(token, within, before(parser)));
  parser.at++;
  return leaf;
}

/** What an operand's absence is blamed on. */
function before(parser: Parser): Token | undefined {
  return parser.tokens[parser.at - 1];
}

/** A dash in running text would silently exclude the word after it. */
function refuseStraySign(parser: Parser, token: Token): void {
  const next = parser.tokens[parser.at + 1];
  if (token.kind === 'not' || !next || next.start === token.end) return;
  const sign = token.kind;
  const does = sign === '-' ? 'excludes' : 'requires';
  throw new QuerySyntaxError(
    'stray-sign',
    `${sign} ${does} the word it stands right before: write ${sign}word without a space, or leave the ${sign} out`,
    token,
  );
}

function readParenthesis(parser: Parser, within: SearchIn): Clause {
  const open = peek(parser);
  parser.at++;
  if (peek(parser).kind === ')')
    throw new QuerySyntaxError('missing-operand', 'nothing stands between these parentheses: fill or remove them', {
      start: open.start,
      end: peek(parser).end,
    });
  const inner = deeper(parser, open, () => readOr(parser, within));
  return { ...inner, start: open.start, end: readClose(parser, open) };
}

function readClose(parser: Parser, open: Token): number {
  const close = peek(parser);
  if (close.kind === ',') throw strayComma(close);
  if (close.kind !== ')')
    throw new QuerySyntaxError('unbalanced-parenthesis', 'this ( is never closed: add a ) where it should end', {
      start: open.start,
      end: open.start + 1,
    });
  parser.at++;
  return close.end;
}

function strayComma(comma: Token): QuerySyntaxError {
  const message =
    'a comma only separates the parts of "2 of (a, b, c)": write AND or OR, or quote a phrase that holds one';
  return new QuerySyntaxError('stray-comma', message, comma);
}

/** A field within another's parentheses takes its place, as in Lucene: `title:(a country:CN)`. */
function readField(parser: Parser, field: Token & { kind: 'field' }): Clause {
  const inside = fieldOf(field);
  parser.at++;
  const value = peek(parser);
  if (value.kind === '(') {
    const clause = readParenthesis(parser, inside);
    return { ...clause, start: field.start };
  }
  if (
    value.kind === 'end' ||
    value.kind === ')' ||
    value.kind === 'and' ||
    value.kind === 'or' ||
    value.kind === 'field'
  )
    throw new QuerySyntaxError('missing-value', `${field.name}: needs a value right after it`, field);
  const leaf = countClause(parser, readLeaf(value, inside, field));
  parser.at++;
  return { ...leaf, start: field.start };
}

/** `2 of (a, b, c)`, `2 of $group`, `2 of country:(CN, BY, RU)`; null where the tokens are something else, such as the words "2 of them". */
function readAtLeast(parser: Parser, around: SearchIn): AtLeastClause | null {
  const [number, of, ...rest] = parser.tokens.slice(parser.at, parser.at + 4);
  if (number?.kind !== 'word' || !number.plain || !/^\d{1,6}$/.test(number.text)) return null;
  const field = rest[0]?.kind === 'field' ? rest[0] : null;
  const open = field ? rest[1] : rest[0];
  if (of?.kind !== 'word' || !of.plain || of.text !== 'of' || (open?.kind !== '(' && open?.kind !== 'group'))
    return null;
  parser.at += field ? 3 : 2;
  const within = field ? fieldOf(field) : around;
  const count = Number(number.text);
  const clauses: Clause[] = [];
  let end: number;
  if (open.kind === 'group') {
    clauses.push(countClause(parser, readLeaf(open, within, of)));
    parser.at++;
    end = open.end;
  } else {
    do {
      parser.at++;
      clauses.push(deeper(parser, open, () => readOr(parser, within)));
    } while (peek(parser).kind === ',');
    end = readClose(parser, open);
  }
  const span = { start: number.start, end };
  if (count < 1)
    throw new QuerySyntaxError('bad-count', 'at least 1 must be asked for: 0 of anything matches everything', span);
  if (open.kind === '(' && count > clauses.length)
    throw new QuerySyntaxError(
      'bad-count',
      `${count} of ${clauses.length} can never match: separate the parts with commas, as in 2 of (a, b, c), or lower the number`,
      span,
    );
  return { type: 'at-least', count, clauses, ...span };
}

function deeper<T>(parser: Parser, at: Token, read: () => T): T {
  if (++parser.depth > QUERY_LIMITS.depth)
    throw new QuerySyntaxError(
      'too-deep',
      `clauses are nested more than ${QUERY_LIMITS.depth} deep: take parentheses out`,
      {
        start: at.start,
        end: at.start + 1,
      },
    );
  const value = read();
  parser.depth--;
  return value;
}

function countClause<T extends Clause>(parser: Parser, clause: T): T {
  if (++parser.clauses > QUERY_LIMITS.clauses)
    throw new QuerySyntaxError(
      'too-many-clauses',
      `the query has more than ${QUERY_LIMITS.clauses} clauses: put lists of words or ids into the config's terms: and write $name`,
      clause,
    );
  if (clause.type === 'regex' && ++parser.regexes > QUERY_LIMITS.regexes)
    throw new QuerySyntaxError(
      'too-many-clauses',
      `the query has more than ${QUERY_LIMITS.regexes} regular expressions: join them, or use words and phrases`,
      clause,
    );
  return clause;
}
