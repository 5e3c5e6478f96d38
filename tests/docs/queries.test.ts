import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseQuery } from '../../src/watches/parse-query.ts';
import { TAG_FIELDS } from '../../src/watches/query.ts';
import { ROOT } from '../support/checkout.ts';

const page = readFileSync(join(ROOT, 'docs/queries.md'), 'utf8');
const examples = [...page.matchAll(/^\| `([^`]+)`\s+\|/gm)].map((row) => row[1]!);

test.each(examples)('the query language reads what its page shows: %s', (query) => {
  expect(parseQuery(query).source).toBe(query);
});

test('the page on the query language shows every field', () => {
  for (const field of [...TAG_FIELDS, 'title', 'summary', 'text', 'published']) expect(page).toContain(`${field}:`);
});
