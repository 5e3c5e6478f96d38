import { QuerySyntaxError } from './query-error.ts';
import { type Reader, refuseSuffix, type Token } from './query-token.ts';

/** Straight and typographic double quotes; a typographic one closes what a typographic one opened. */
export const QUOTES = new Set(['"', '“', '”', '„', '«', '»']);

export function readQuoted(reader: Reader, start: number, cased: boolean): Token {
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

export function readRegex(reader: Reader): Token {
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

export function readRange(reader: Reader): Token {
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

export function readGroup(reader: Reader): Token {
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
