import { QuerySyntaxError } from './query-error.ts';
import { QUOTES, readGroup, readQuoted, readRange, readRegex } from './query-literals.ts';
import { boost, type Reader, refuseSuffix, type Token } from './query-token.ts';

const SPACE = /\s/;
/** What ends a bare word. A slash, hyphen, apostrophe, full stop or at sign within it is part of it. */
const WORD_END = /[\s()"“”„«»[\]{}^~*?:!（）：，、＂]/;
/** What an East Asian keyboard gives in place of the query's own signs. */
const FULL_WIDTH: Readonly<Record<string, string>> = {
  '（': '(',
  '）': ')',
  '：': ':',
  '，': ',',
  '、': ',',
  '＂': '"',
};
/** A phrase between single quotation marks: two words at least, since rock 'n' roll is written so too. */
const SINGLE_QUOTED = /^['‘`]([^'‘’`"()]*\s[^'‘’`"()]*)['’](?=[\s(),~]|$)/u;

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
  if (FULL_WIDTH[character] !== undefined)
    throw new QuerySyntaxError(
      'unexpected',
      `${character} is a full-width sign: write ${FULL_WIDTH[character]}, or quote the phrase that holds it`,
      span,
    );
  const phrase = SINGLE_QUOTED.exec(query.slice(at, at + 200));
  if (phrase)
    throw new QuerySyntaxError(
      'unexpected',
      `only " quotes a phrase: write "${phrase[1]}", or \\ before the apostrophe`,
      {
        start: at,
        end: at + phrase[0].length,
      },
    );
  if ((character === '>' || character === '<') && before?.kind === 'field')
    throw new QuerySyntaxError(
      'bad-range',
      `write a range as [A TO B], with * for an open end, in place of ${character}`,
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
    if (query.startsWith('://', end))
      throw new QuerySyntaxError('unexpected', 'an address is quoted: "https://…"; to look for an outlet, source:', {
        start,
        end: end + 3,
      });
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
