import { RE2JS } from 're2js';
import { QuerySyntaxError } from './query-error.ts';

/**
 * Bounds on a regular expression. RE2 is linear in the text, but the slope grows with the program: at worst about 27 ns for an
 * instruction and character (measured with bench/watches-regex.ts). The work limit holds one search under about 0.15 s
 * whatever the text; only an expression of more than 50 instructions on a text of more than 100,000 characters meets it.
 */
const REGEX_LIMITS = { characters: 500, instructions: 300, work: 5_000_000 } as const;

/** What is found in a single letter of each of these scripts is found in any text: `.`, `\\S`, `\\p{L}`. */
const EVERYTHING = ['e', 'я', '中'];

/** A compiled expression: finds spans (UTF-16 offsets, end exclusive) in a raw text. */
export interface SafeRegex {
  /** Up to `most` matches from the left; one can be empty (`\\b`). */
  find(text: string, most: number): { readonly start: number; readonly end: number }[];
}

/**
 * Compiles an expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax), unanchored.
 *
 * @param at where the expression stands in the query, for the error
 * @throws QuerySyntaxError `bad-regex` (also look-around and back-references, which RE2 leaves out to stay linear),
 *   `regex-too-large`, or `matches-everything` for one that any letter satisfies, or no character at all
 */
export function compileRegex(
  pattern: string,
  ignoreCase: boolean,
  at: { readonly start: number; readonly end: number },
): SafeRegex {
  if (pattern.length > REGEX_LIMITS.characters)
    throw tooLarge(`${pattern.length} characters of`, REGEX_LIMITS.characters, at);
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (cause) {
    throw refused(pattern, cause, at);
  }
  const instructions = regex.programSize();
  if (instructions > REGEX_LIMITS.instructions)
    throw tooLarge(`${instructions} instructions of`, REGEX_LIMITS.instructions, at);
  if (EVERYTHING.every((text) => regex.matcher(text).find()) || regex.matcher('').find())
    throw new QuerySyntaxError(
      'matches-everything',
      `/${pattern}/ is found in any text: make at least one character of it necessary, for instance + in place of *`,
      at,
    );
  const longest = Math.floor(REGEX_LIMITS.work / instructions);
  return { find: (text, most) => findSpans(regex, text.length > longest ? text.slice(0, longest) : text, most) };
}

function findSpans(regex: RE2JS, text: string, most: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  const matcher = regex.matcher(text);
  while (spans.length < most && matcher.find()) spans.push({ start: matcher.start(), end: matcher.end() });
  return spans;
}

function tooLarge(what: string, most: number, at: { start: number; end: number }): QuerySyntaxError {
  return new QuerySyntaxError(
    'regex-too-large',
    `the regular expression is too large (${what} at most ${most}): use words, phrases or a $group for lists, and smaller repeats`,
    at,
  );
}

function refused(pattern: string, cause: unknown, at: { start: number; end: number }): QuerySyntaxError {
  const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause);
  if (/too large|invalid repeat count|nest/.test(reason))
    return new QuerySyntaxError('regex-too-large', `/${pattern}/: ${reason}; use smaller repeats`, at, { cause });
  const hint = /\(\?[=!<]|\\[1-9]/.test(pattern)
    ? '; look-around and back-references are left out, so that a search takes linear time'
    : '; the syntax is RE2’s, a literal slash is written \\/';
  return new QuerySyntaxError('bad-regex', `/${pattern}/ is not a regular expression: ${reason}${hint}`, at, { cause });
}
