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

/** Straight and typographic double quotes; a typographic one closes what a typographic one opened. */
const QUOTES = new Set(['"', '“', '”', '„']);
const SPACE = /\s/;
/** What ends a bare word. A slash, hyphen, apostrophe, full stop or at sign within it is part of it. */
const WORD_END = /[\s()"“”„[\]{}^~*?:!]/;

interface Reader {
  readonly query: string;
  at: number;
  /** The token before is `published:`, whose values hold colons. */
  inDate: boolean;
}

/**
 * Cuts a query into tokens, the last one of kind `end`.
 *
 * @throws QuerySyntaxError for what no token can hold: an open quote, a fuzzy word, a boost, a leading wildcard
 */
export function readTokens(query: string): Token[] {
  const reader: Reader = { query, at: 0, inDate: false };
  const tokens: Token[] = [];
  for (;;) {
    while (reader.at < query.length && SPACE.test(query[reader.at]!)) reader.at++;
    if (reader.at >= query.length) break;
    const token = readToken(reader, tokens.at(-1));
    reader.inDate = token.kind === 'field' && token.name === 'published';
    tokens.push(token);
  }
  tokens.push({ kind: 'end', start: query.length, end: query.length });
  return tokens;
}

function readToken(reader: Reader, before: Token | undefined): Token {
  const { query, at } = reader;
  const character = query[at]!;
  const single = (kind: '(' | ')' | ',' | 'and' | 'or' | 'not' | '+' | '-', length = 1): Token => {
    reader.at += length;
    return { kind, start: at, end: reader.at };
  };
  if (character === '(' || character === ')' || character === ',') return single(character);
  if (character === '+' || character === '-') return single(character);
  if (character === '!') return single('not');
  if (query.startsWith('&&', at)) return single('and', 2);
  if (query.startsWith('||', at)) return single('or', 2);
  if (QUOTES.has(character)) return readQuoted(reader, at, false);
  if (character === '/') return readRegex(reader);
  if (character === '[' || character === '{') return readRange(reader);
  if (character === '$') return readGroup(reader);
  if (character === '=' && QUOTES.has(query[at + 1] ?? '')) {
    reader.at++;
    return readQuoted(reader, at, true);
  }
  refuseStray(reader, before);
  return readWord(reader);
}

/** Characters that mean something in Lucene and stand where they cannot. */
function refuseStray({ query, at }: Reader, before: Token | undefined): void {
  const character = query[at]!;
  const span = { start: at, end: at + 1 };
  if (character === '*' && query.startsWith('*:*', at))
    throw new QuerySyntaxError('matches-everything', '*:* matches every article: say what to look for', {
      start: at,
      end: at + 3,
    });
  if (character === '*' || character === '?')
    throw new QuerySyntaxError(
      'leading-wildcard',
      `a word cannot begin with ${character}: write its beginning, as in militar*`,
      span,
    );
  if (character === '~')
    throw new QuerySyntaxError('bad-near', '~ stands right after a quoted phrase, as in "a b"~8', span);
  if (character === '^') throw boost(span);
  if (character === ']' || character === '}' || character === ':')
    throw new QuerySyntaxError(
      'unexpected',
      `${character} has nothing to close or name here: remove it, or put \\ before it`,
      span,
    );
  if ((character === '>' || character === '<') && before?.kind === 'field')
    throw new QuerySyntaxError(
      'bad-range',
      `write a range as [A TO B], with * for an open end, in place of ${character}`,
      span,
    );
}

function boost(span: { start: number; end: number }): QuerySyntaxError {
  return new QuerySyntaxError(
    'boost',
    'boosts (^) are not supported: a watch matches or does not; remove ^ and the number',
    span,
  );
}

function readWord(reader: Reader): Token {
  const { query } = reader;
  const start = reader.at;
  const cased = query[start] === '=';
  if (cased) reader.at++;
  let text = '';
  let plain = !cased;
  while (reader.at < query.length) {
    const character = query[reader.at]!;
    if (character === '\\') {
      if (reader.at + 1 >= query.length)
        throw new QuerySyntaxError(
          'unexpected',
          'nothing follows \\: remove it, or write \\\\ for the character itself',
          { start: reader.at, end: reader.at + 1 },
        );
      text += query[reader.at + 1];
      plain = false;
      reader.at += 2;
      continue;
    }
    if (character === ',' && !isThousands(query, reader.at)) break;
    if (WORD_END.test(character) && !(character === ':' && reader.inDate)) break;
    text += character;
    reader.at++;
  }
  const end = reader.at;
  const next = query[end] ?? '';
  if (next === ':' && plain) {
    reader.at++;
    return { kind: 'field', name: text.toLowerCase(), start, end: reader.at };
  }
  if (plain && (text === 'AND' || text === 'OR' || text === 'NOT'))
    return { kind: text.toLowerCase() as 'and' | 'or' | 'not', start, end };
  const star = next === '*';
  if (star) reader.at++;
  refuseSuffix(reader, start);
  return { kind: 'word', text, star, cased, plain: plain && !star, start, end: reader.at };
}

/** The comma in `1,000`. */
function isThousands(query: string, at: number): boolean {
  return /\d/.test(query[at - 1] ?? '') && /^\d{3}(?!\d)/.test(query.slice(at + 1, at + 5));
}

/** After a word or phrase: what Lucene allows there and a watch does not. */
function refuseSuffix(reader: Reader, start: number): void {
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

function readQuoted(reader: Reader, start: number, cased: boolean): Token {
  const { query } = reader;
  const straight = query[reader.at] === '"';
  reader.at++;
  let text = '';
  for (;;) {
    const character = query[reader.at];
    if (character === undefined) {
      reader.at = query.length;
      throw new QuerySyntaxError('unclosed-quote', 'this quote is never closed: add a " after the phrase', {
        start,
        end: start + 1,
      });
    }
    reader.at++;
    if (straight ? character === '"' : QUOTES.has(character) && character !== '"') break;
    if (character === '\\' && reader.at < query.length) text += query[reader.at++];
    else text += character;
  }
  const near = readNear(reader, start);
  refuseSuffix(reader, start);
  return { kind: 'quoted', text, near, cased, start, end: reader.at };
}

function readNear(reader: Reader, start: number): number | null {
  const { query } = reader;
  if (query[reader.at] !== '~') return null;
  const number = /^~(\d+(?:\.\d+)?)?/.exec(query.slice(reader.at, reader.at + 12))!;
  reader.at += number[0].length;
  if (number[1] === undefined || number[1].includes('.'))
    throw new QuerySyntaxError('bad-near', '~ needs a whole number, the most words that may stand between: "a b"~8', {
      start,
      end: reader.at,
    });
  return Number(number[1]);
}

function readRegex(reader: Reader): Token {
  const { query, at: start } = reader;
  let pattern = '';
  reader.at++;
  for (;;) {
    const character = query[reader.at];
    if (character === undefined)
      throw new QuerySyntaxError(
        'unclosed-regex',
        'this regular expression is never closed: add a / after it, and write \\/ for a slash within',
        { start, end: start + 1 },
      );
    reader.at++;
    if (character === '/') break;
    if (character === '\\' && reader.at < query.length) {
      const escaped = query[reader.at++]!;
      pattern += escaped === '/' ? '/' : `\\${escaped}`;
    } else pattern += character;
  }
  const flags = /^[\p{L}\p{N}]*/u.exec(query.slice(reader.at, reader.at + 20))![0];
  reader.at += flags.length;
  if (flags !== '' && flags !== 'i')
    throw new QuerySyntaxError(
      'bad-regex',
      `"${flags}" after the closing slash is unknown: i (either case) is the one flag there; put a space before a word`,
      { start: reader.at - flags.length, end: reader.at },
    );
  refuseSuffix(reader, start);
  return { kind: 'regex', pattern, ignoreCase: flags === 'i', start, end: reader.at };
}

function readRange(reader: Reader): Token {
  const { query, at: start } = reader;
  const rest = query.slice(start, start + 200);
  const close = rest.search(/[\]}]/);
  if (close < 0)
    throw new QuerySyntaxError('unclosed-range', 'this range is never closed: write [A TO B]', {
      start,
      end: start + 1,
    });
  reader.at = start + close + 1;
  const span = { start, end: reader.at };
  const inside = /^\s*(\S+)\s+TO\s+(\S+)\s*$/.exec(rest.slice(1, close));
  if (!inside)
    throw new QuerySyntaxError(
      'bad-range',
      'a range is written [A TO B] with TO in capitals, and * for an open end',
      span,
    );
  return {
    kind: 'range',
    from: inside[1]!,
    to: inside[2]!,
    open: rest[0] === '{',
    close: rest[close] === '}',
    ...span,
  };
}

function readGroup(reader: Reader): Token {
  const { query, at: start } = reader;
  const name = /^\$([\p{L}\p{N}_-]*)/u.exec(query.slice(start, start + 100))!;
  reader.at += name[0].length;
  if (name[1] === '')
    throw new QuerySyntaxError(
      'unexpected',
      '$ begins the name of a group of terms, as in $navies; put \\ before it for the character',
      { start, end: start + 1 },
    );
  refuseSuffix(reader, start);
  return { kind: 'group', name: name[1]!, start, end: reader.at };
}
