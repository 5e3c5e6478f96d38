import { TAG_FIELDS, type TagField } from './query.ts';
import { QuerySyntaxError } from './query-error.ts';
import type { SearchIn } from './query-leaf.ts';
import type { Token } from './query-token.ts';
import { nearest } from './suggest.ts';

const TEXT_FIELDS: Readonly<Record<string, SearchIn>> = { title: ['title'], summary: ['summary'], text: ['text'] };
const FIELD_NAMES = [...Object.keys(TEXT_FIELDS), ...TAG_FIELDS, 'published'];
/** Names people try first; the nearest by letters would be another one. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  body: 'text',
  content: 'text',
  headline: 'title',
  description: 'summary',
  language: 'lang',
  organisation: 'org',
  organization: 'org',
  people: 'person',
  date: 'published',
  feed: 'source',
  type: 'kind',
  nation: 'country',
};

/**
 * What a written field name looks in.
 *
 * @throws QuerySyntaxError `unknown-field`, with the nearest
 */
export function fieldOf(field: Token & { kind: 'field' }): SearchIn {
  if (TEXT_FIELDS[field.name]) return TEXT_FIELDS[field.name]!;
  if (field.name === 'published') return 'published';
  const known = TAG_FIELDS.find((name) => name === field.name);
  if (known) return known satisfies TagField;
  const hint = OTHER_NAMES[field.name] ?? nearest(field.name, FIELD_NAMES);
  const way = hint ? `did you mean ${hint}:` : `the fields are ${FIELD_NAMES.join(', ')}`;
  throw new QuerySyntaxError(
    'unknown-field',
    `there is no field "${field.name}": ${way} (quote the words where the colon belongs to them)`,
    { start: field.start, end: field.end - 1 },
  );
}
