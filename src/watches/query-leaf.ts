import type { Field } from '../text/evidence.ts';
import { type LeafClause, QUERY_LIMITS, type TagField, type WordTerm } from './query.ts';
import { readDate } from './query-dates.ts';
import { QuerySyntaxError } from './query-error.ts';
import { compileRegex } from './query-regex.ts';
import type { Token } from './query-token.ts';

/** What the words of a clause are looked for in: text fields, or the values of one other field. */
export type SearchIn = readonly Field[] | TagField | 'published';

/** Kinds of tokens that can be a clause or a field's value. */
const VALUES: ReadonlySet<Token['kind']> = new Set(['word', 'quoted', 'regex', 'group', 'range']);
const HAS_WORD = /[\p{L}\p{N}]/u;
/** Scripts in which a single character is a word. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * One token as a clause of the field it stands under.
 *
 * @param before the token before it, on which a missing clause is blamed
 * @throws QuerySyntaxError where the token is no clause, or of the wrong kind for its field
 */
export function readLeaf(token: Token, within: SearchIn, before: Token | undefined): LeafClause {
  const span = { start: token.start, end: token.end };
  if (!VALUES.has(token.kind)) throw missing(token, before);
  if (within === 'published') return readPublished(token, span);
  const inText = typeof within !== 'string';
  switch (token.kind) {
    case 'word':
      return inText
        ? { type: 'term', fields: within, ...wordTerm(token), ...span }
        : tagClause(token, within, token.star);
    case 'quoted':
      if (!inText) return tagClause(token, within, token.near !== null);
      if (token.near !== null) return { type: 'near', fields: within, ...nearUnits(token, token.near), ...span };
      return { type: 'term', fields: within, ...phraseTerm(token.text, token.cased, span), ...span };
    case 'regex':
      if (!inText) throw wrongKind(token, `${within}: takes an id, not a regular expression`);
      compileRegex(token.pattern, token.ignoreCase, span);
      return { type: 'regex', fields: within, pattern: token.pattern, ignoreCase: token.ignoreCase, ...span };
    case 'group':
      return { type: 'group', of: within, name: token.name, ...span };
    case 'range':
      throw wrongKind(token, 'a range stands after published: alone, as in published:[2023-08-01 TO 2023-08-16]');
    default:
      throw missing(token, before);
  }
}

/** What says more than a term: a quote within, nearness, a boost, an operator, an excluded word, a regular expression, a field, parentheses around. */
const MORE_THAN_TERM =
  /["“”„«»~^]|^[-+!]|^\/.+\/i?$|^\(.*\)$|\b(?:AND|OR|NOT)\b|^(?:title|summary|text|topic|country|org|person|role|lang|source|kind|published):|\*(?=.)/su;

/**
 * A member of a group under a text field, written as in a query but for its spaces: `US Navy` is a phrase in any inflected form,
 * `"Royal Navy"` exact up to case, `naval*` a prefix, `=USN` case-sensitive.
 *
 * @throws QuerySyntaxError with offsets into the member
 */
export function readGroupMember(member: string): WordTerm {
  const span = { start: 0, end: member.length };
  const written = member.trim();
  const quoted = /^(=?)["“”„«](.*)["“”»]$/s.exec(written);
  if (quoted && !/(?<!\\)"/.test(quoted[2]!))
    return phraseTerm(quoted[2]!.replaceAll('\\"', '"'), quoted[1] === '=', span);
  if (MORE_THAN_TERM.test(written))
    throw new QuerySyntaxError(
      'bad-value',
      'a group holds words, phrases, prefixes and =CASE alone: write this in the query, or quote it where it is a phrase',
      span,
    );
  const cased = written.startsWith('=');
  const star = written.endsWith('*');
  const text = written.slice(cased ? 1 : 0, star ? -1 : undefined);
  return wordTerm({ text, cased, star, start: 0, end: member.length });
}

function wordTerm(token: { text: string; cased: boolean; star: boolean; start: number; end: number }): WordTerm {
  const { text, cased, star } = token;
  if (!HAS_WORD.test(text)) throw noWords(text, token);
  if (!star) return { text, form: cased ? 'case' : 'inflected' };
  if (cased)
    throw new QuerySyntaxError(
      'inner-wildcard',
      '= looks for a word as written, * for its beginning: leave one out',
      token,
    );
  return prefixTerm(text, token);
}

function prefixTerm(text: string, at: { start: number; end: number }): WordTerm {
  const last = text.slice(text.search(/[\p{L}\p{N}\p{M}]*$/u));
  if (last === '')
    throw new QuerySyntaxError('inner-wildcard', '* stands right after the beginning of a word, as in militar*', at);
  if ([...last].length < 2 && !IDEOGRAPH.test(last))
    throw new QuerySyntaxError('short-prefix', `${last}* would match too many words: give at least two letters`, at);
  return { text, form: 'prefix' };
}

function phraseTerm(text: string, cased: boolean, at: { start: number; end: number }): WordTerm {
  if (!HAS_WORD.test(text)) throw noWords(text, at);
  const star = text.indexOf('*');
  if (star < 0) return { text, form: cased ? 'case' : 'exact' };
  if (cased || star < text.trimEnd().length - 1)
    throw new QuerySyntaxError('inner-wildcard', 'in a phrase * stands only at its end, as in "military exerc*"', at);
  return prefixTerm(text.trimEnd().slice(0, -1), at);
}

function nearUnits(token: Token & { kind: 'quoted' }, distance: number): { units: WordTerm[]; distance: number } {
  const { start, end } = token;
  if (distance > QUERY_LIMITS.nearDistance)
    throw new QuerySyntaxError(
      'bad-near',
      `at most ${QUERY_LIMITS.nearDistance} words may be allowed between: use AND for anywhere in the article`,
      { start, end },
    );
  const written = token.text.split(/\s+/).filter((unit) => HAS_WORD.test(unit));
  if (written.length < 2)
    throw new QuerySyntaxError('bad-near', '"…"~ needs at least two words within the quotes, as in "Minsk Beijing"~8', {
      start,
      end,
    });
  if (written.length > QUERY_LIMITS.nearUnits)
    throw new QuerySyntaxError('bad-near', `"…"~ takes at most ${QUERY_LIMITS.nearUnits} words: join two with AND`, {
      start,
      end,
    });
  return { units: written.map((unit) => phraseTerm(unit, token.cased, { start, end })), distance };
}

function tagClause(token: Token & { kind: 'word' | 'quoted' }, field: TagField, marked: boolean): LeafClause {
  const span = { start: token.start, end: token.end };
  const written = token.text.trim();
  if (marked || token.cased) {
    const subtopics = field === 'topic' ? '; topic:defense includes its subtopics' : '';
    throw wrongKind(token, `${field}: takes a whole id as it stands in the config, without *, ~ or =${subtopics}`);
  }
  if (!HAS_WORD.test(written)) throw noWords(written, span);
  if (field !== 'role') return { type: 'tag', field, value: normalValue(field, written), country: null, ...span };
  const [role, country, more] = written.split('@');
  if (country === undefined) return { type: 'tag', field, value: written.toLowerCase(), country: null, ...span };
  if (!role || !country || more !== undefined)
    throw wrongKind(
      token,
      'a role with its country is written role:defence-minister@CN; without @ any country will do',
    );
  return { type: 'tag', field, value: role.toLowerCase(), country: country.toUpperCase(), ...span };
}

/** A member of a group under a tag field: an id as it would stand after the field. */
export function readTagMember(field: TagField, member: string): { value: string; country: string | null } {
  const [value, country] = field === 'role' ? member.trim().split('@') : [member.trim()];
  return { value: normalValue(field, value ?? ''), country: country?.toUpperCase() ?? null };
}

/** Ids are lower case but for countries; a source's id is whatever the config says. */
function normalValue(field: TagField, written: string): string {
  if (field === 'country') return written.toUpperCase();
  return field === 'source' ? written : written.toLowerCase();
}

type Cover = { from: number | null; to: number | null };

function readPublished(token: Token, span: { start: number; end: number }): LeafClause {
  const { from, to } = publishedCover(token, span);
  if (from !== null && to !== null && from > to) throw emptyRange(token, span);
  if (from === null && to === null)
    throw new QuerySyntaxError('matches-everything', '[* TO *] holds for every article: give at least one date', span);
  return { type: 'published', from, to, ...span };
}

function publishedCover(token: Token, span: { start: number; end: number }): Cover {
  if (token.kind === 'word' && !token.star && !token.cased) {
    const { first, last } = readDate(token.text, span);
    return { from: first, to: last };
  }
  if (token.kind !== 'range')
    throw new QuerySyntaxError(
      'bad-value',
      'published: takes a date or a range, as in published:[2023-08-01 TO 2023-08-16]',
      span,
    );
  const lower = token.from === '*' ? null : readDate(token.from, span);
  const upper = token.to === '*' ? null : readDate(token.to, span);
  return {
    from: lower && (token.open ? lower.last + 1 : lower.first),
    to: upper && (token.close ? upper.first - 1 : upper.last),
  };
}

/** `{A TO B}` leaves both out, so the next day is too near. */
function emptyRange(token: Token, span: { start: number; end: number }): QuerySyntaxError {
  const swapped = token.kind === 'range' && readDate(token.from, span).first > readDate(token.to, span).first;
  const message = swapped
    ? 'this range ends before it begins: swap the dates'
    : 'nothing lies in this range: { } leave their dates out, [ ] take them in';
  return new QuerySyntaxError('bad-range', message, span);
}

function missing(token: Token, before: Token | undefined): QuerySyntaxError {
  const excludes = token.kind === '-' || token.kind === 'not';
  if (before?.kind === 'field' && (excludes || token.kind === '+')) {
    const sign = token.kind === '+' ? '+' : '-';
    const message = `${sign === '+' ? '+' : '- or NOT'} stands before the field: write ${sign}${before.name}:word`;
    return new QuerySyntaxError('missing-operand', message, { start: before.start, end: token.end });
  }
  const names: Partial<Record<Token['kind'], string>> = { and: 'AND', or: 'OR', not: 'NOT' };
  const blamed = token.kind === 'end' && before ? before : token;
  const name = names[blamed.kind] ?? blamed.kind;
  const side = blamed === before ? 'after' : 'before';
  const message = `nothing to look for stands ${side} this ${name}: add a word, or remove the ${name} (quote it, or write it in small letters, where it is a word)`;
  return new QuerySyntaxError('missing-operand', message, blamed);
}

function wrongKind(at: { start: number; end: number }, message: string): QuerySyntaxError {
  return new QuerySyntaxError('bad-value', message, at);
}

function noWords(text: string, at: { start: number; end: number }): QuerySyntaxError {
  return new QuerySyntaxError('no-words', `"${text}" holds no letter or digit, so no text can match it: remove it`, at);
}
