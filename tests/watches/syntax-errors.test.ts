import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/watches/parse-query.ts';
import { caret, type QuerySyntaxCode, QuerySyntaxError } from '../../src/watches/query-error.ts';

function errorOf(query: string): QuerySyntaxError {
  try {
    parseQuery(query);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error;
    throw error;
  }
  throw new Error(`${query} was read without an error`);
}

/** A mistake, its code, the part of the query that is marked, and the way out that the message shows. */
const MISTAKES: readonly (readonly [query: string, code: QuerySyntaxCode, marked: string, way: string])[] = [
  ['', 'empty-query', '', 'write what to look for'],
  ['   ', 'empty-query', ' ', 'write what to look for'],
  ['minsk AND', 'missing-operand', 'AND', 'after this AND'],
  ['minsk OR OR beijing', 'missing-operand', 'OR', 'before this OR'],
  ['AND minsk', 'missing-operand', 'AND', 'small letters'],
  ['NOT', 'missing-operand', 'NOT', 'after this NOT'],
  ['published:(', 'missing-operand', '(', 'after this ('],
  ['minsk ()', 'missing-operand', '()', 'fill or remove'],
  ['minsk (beijing OR )', 'missing-operand', ')', 'before this )'],
  ['(minsk', 'unbalanced-parenthesis', '(', 'add a )'],
  ['minsk)', 'unbalanced-parenthesis', ')', 'remove it'],
  ['title:(minsk', 'unbalanced-parenthesis', '(', 'add a )'],
  ['minsk "defence minister', 'unclosed-quote', '"', 'add a "'],
  ['minsk /F-16', 'unclosed-regex', '/', '\\/ for a slash'],
  ['published:[2023 TO', 'unclosed-range', '[', '[A TO B]'],
  ['minsk ] beijing', 'unexpected', ']', 'put \\ before it'],
  [': minsk', 'unexpected', ':', 'remove it'],
  ['minsk \\', 'unexpected', '\\', '\\\\'],
  ['$ minsk', 'unexpected', '$', '$navies'],
  ['China - Belarus', 'stray-sign', '-', '-word'],
  ['China + Belarus', 'stray-sign', '+', '+word'],
  ['minsk OR +beijing', 'plus-under-or', '+', 'write AND in place of OR'],
  ['minsk, beijing', 'stray-comma', ',', 'AND or OR'],
  ['(minsk, beijing)', 'stray-comma', ',', '2 of (a, b, c)'],
  ['China – Belarus', 'no-words', '–', 'remove it'],
  ['"…"', 'no-words', '"…"', 'remove it'],
  ['*stan', 'leading-wildcard', '*', 'militar*'],
  ['?at', 'leading-wildcard', '?', 'militar*'],
  ['title:*', 'leading-wildcard', '*', 'militar*'],
  ['*:*', 'matches-everything', '*:*', 'what to look for'],
  ['mini*try', 'inner-wildcard', 'mini*t', 'end of a word'],
  ['wom?n', 'inner-wildcard', 'wom?', 'with OR'],
  ['"mil* exercise"', 'inner-wildcard', '"mil* exercise"', 'at its end'],
  ['=NAT*', 'inner-wildcard', '=NAT*', 'leave one out'],
  ['m*', 'short-prefix', 'm*', 'two letters'],
  ['minks~', 'fuzzy', 'minks~', 'minks*'],
  ['minks~2', 'fuzzy', 'minks~', 'with OR'],
  ['minsk^2 beijing', 'boost', '^', 'remove ^'],
  ['"a b"^3', 'boost', '^', 'remove ^'],
  ['"minsk beijing"~', 'bad-near', '"minsk beijing"~', '"a b"~8'],
  ['"minsk beijing"~0.5', 'bad-near', '"minsk beijing"~0.5', 'whole number'],
  ['"minsk"~3', 'bad-near', '"minsk"~3', 'two words'],
  ['"minsk beijing"~1000', 'bad-near', '"minsk beijing"~1000', 'use AND'],
  ['/F-(16/', 'bad-regex', '/F-(16/', 'RE2'],
  ['/a(?=b)/', 'bad-regex', '/a(?=b)/', 'look-around'],
  ['/(a)\\1/', 'bad-regex', '/(a)\\1/', 'linear time'],
  ['/minsk/g', 'bad-regex', 'g', 'one flag'],
  ['//', 'matches-everything', '//', 'necessary'],
  ['/a*/', 'matches-everything', '/a*/', '+ in place of *'],
  ['/(a{1,1000}){1,1000}/', 'regex-too-large', '/(a{1,1000}){1,1000}/', 'smaller repeats'],
  ['/[a-z]{1,500}x/', 'regex-too-large', '/[a-z]{1,500}x/', 'smaller repeats'],
  ['contry:CN', 'unknown-field', 'contry', 'did you mean country:'],
  ['headline:minsk', 'unknown-field', 'headline', 'did you mean title:'],
  ['Exclusive: minsk', 'unknown-field', 'Exclusive', 'quote the words'],
  ['country:', 'missing-value', 'country:', 'needs a value'],
  ['country: AND minsk', 'missing-value', 'country:', 'needs a value'],
  ['topic:def*', 'bad-value', 'def*', 'includes its subtopics'],
  ['country:/C./', 'bad-value', '/C./', 'takes an id'],
  ['org:=NATO', 'bad-value', '=NATO', 'whole id'],
  ['role:defence-minister@', 'bad-value', 'defence-minister@', 'role:defence-minister@CN'],
  ['title:[a TO b]', 'bad-value', '[a TO b]', 'published:'],
  ['published:"monday"', 'bad-value', '"monday"', 'a date or a range'],
  ['published:yesterday', 'bad-date', 'yesterday', 'fixed ones'],
  ['published:16.8.2023', 'bad-date', '16.8.2023', '2023-08-16'],
  ['published:2023-02-29', 'bad-date', '2023-02-29', 'no such day'],
  ['published:2023-08-01T25:00', 'bad-date', '2023-08-01T25:00', 'no such time'],
  ['published:[2023-08-16 TO 2023-08-01]', 'bad-range', '[2023-08-16 TO 2023-08-01]', 'swap'],
  ['published:[2023-08-16 to 2023-08-17]', 'bad-range', '[2023-08-16 to 2023-08-17]', 'TO in capitals'],
  ['published:>2023', 'bad-range', '>', '[A TO B]'],
  ['published:[* TO *]', 'matches-everything', '[* TO *]', 'one date'],
  ['published:{2023-08-01 TO 2023-08-02}', 'bad-range', '{2023-08-01 TO 2023-08-02}', 'leave their dates out'],
  ['title:-minsk', 'missing-operand', 'title:-', 'write -title:word'],
  ['title:NOT minsk', 'missing-operand', 'title:NOT', 'write -title:word'],
  ['title:+minsk', 'missing-operand', 'title:+', 'write +title:word'],
  ["the 'defence minister' lands", 'unexpected', "'defence minister'", 'write "defence minister"'],
  ['‘defence minister’', 'unexpected', '‘defence minister’', 'write "defence minister"'],
  ['country：CN', 'unexpected', '：', 'write :'],
  ['（minsk OR beijing）', 'unexpected', '（', 'write ('],
  ['明斯克，北京', 'unexpected', '，', 'quote the phrase'],
  ['minsk https://example.org/x', 'unexpected', 'https://', 'quoted'],
  ['/./', 'matches-everything', '/./', 'any text'],
  ['/\\p{L}/', 'matches-everything', '/\\p{L}/', 'any text'],
  ['0 of (minsk, beijing)', 'bad-count', '0 of (minsk, beijing)', 'matches everything'],
  ['3 of (minsk, beijing)', 'bad-count', '3 of (minsk, beijing)', 'lower the number'],
  ['2 of (minsk beijing)', 'bad-count', '2 of (minsk beijing)', 'with commas'],
];

describe('a mistake is named with its place and the way out', () => {
  it.each(MISTAKES)('%s is %s at %s', (query, code, marked, way) => {
    const error = errorOf(query);
    expect(error.code).toBe(code);
    expect(error.message).toContain(way);
    expect(query.slice(error.offset, error.offset + error.length)).toBe(marked);
  });
});

describe('a caret shows the place', () => {
  it('stands under the mistake', () => {
    const query = 'country:CN AND contry:BY';
    expect(caret(query, errorOf(query))).toBe(['country:CN AND contry:BY', '               ^^^^^^'].join('\n'));
  });

  it('is as wide as the characters it marks', () => {
    expect(caret('中国 minks~', errorOf('中国 minks~'))).toBe(['中国 minks~', '     ^^^^^^'].join('\n'));
  });

  it('shows a long query in part and in one line', () => {
    const query = `${'minsk OR\n'.repeat(100)}contry:BY${' OR minsk'.repeat(100)}`;
    const [line, marks] = caret(query, errorOf(query)).split('\n') as [string, string];
    expect(line.length).toBeLessThan(150);
    expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('contry');
  });
});

describe('a query that would be too much is refused at once', () => {
  const TOO_MUCH: readonly (readonly [name: string, query: string, code: QuerySyntaxCode])[] = [
    ['10,000 clauses', 'a OR '.repeat(9_999) + 'a', 'too-many-clauses'],
    ['10,000 parts of a minimum', `2 of (${'a, '.repeat(9_999)}a)`, 'too-many-clauses'],
    ['1,000 nested parentheses', '('.repeat(1_000) + 'a' + ')'.repeat(1_000), 'too-deep'],
    ['10,000 open parentheses', '('.repeat(10_000), 'too-deep'],
    ['10,000 NOTs', `${'NOT '.repeat(10_000)}a`, 'too-deep'],
    ['10,000 minus signs', `${'-'.repeat(10_000)}a`, 'too-deep'],
    ['a megabyte', 'a'.repeat(1_000_000), 'too-long'],
    ['a regular expression of 10,000 characters', `/${'a'.repeat(10_000)}/`, 'regex-too-large'],
    ['100 regular expressions', '/a+b/ '.repeat(100), 'too-many-clauses'],
    ['near over 100 words', `"${'a '.repeat(100)}"~8`, 'bad-near'],
  ];
  it.each(TOO_MUCH)('%s', (_, query, code) => {
    expect(errorOf(query).code).toBe(code);
  });

  it('accepts a thousand names in one OR', () => {
    const names = Array.from({ length: 1_000 }, (_, number) => `name${number}`);
    expect(parseQuery(names.join(' OR ')).root.type).toBe('or');
  });
});
