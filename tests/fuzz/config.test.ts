import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-problem.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseQuery } from '../../src/watches/parse-query.ts';
import { QuerySyntaxError } from '../../src/watches/query-error.ts';
import { ROOT } from '../support/checkout.ts';
import { writeTestConfig } from '../support/test-worker.ts';
import { mangled } from './mangle.ts';

const FILES = ['attache.yaml', 'feeds.yaml', 'watches.yaml', 'subscribers.yaml'] as const;
const shipped = (file: string): Buffer => readFileSync(join(ROOT, 'config', file));

let config: Awaited<ReturnType<typeof writeTestConfig>>;
beforeAll(async () => {
  config = await writeTestConfig({ feeds: [], watches: [], ports: [], knowledge: false });
});
afterAll(() => config.remove());

test.each(FILES)(
  '%s that was damaged in any way loads, or names each problem at its place',
  async (file) => {
    const restored = readFileSync(join(config.dir, file));
    let wrong = 0;
    await fc.assert(
      fc.asyncProperty(mangled([shipped(file)]), async (bytes) => {
        await writeFile(join(config.dir, file), bytes);
        const error = await loadConfig(config.dir, {}).then(
          () => null,
          (caught: unknown) => caught,
        );
        if (error === null) return;
        if (!(error instanceof ConfigError)) throw error;
        wrong++;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of error.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 40 },
    );
    await writeFile(join(config.dir, file), restored);
    expect(wrong).toBeGreaterThan(3);
  },
  60_000,
);

const WORDS = [
  'title:',
  'NOT',
  'AND',
  'OR',
  '(',
  ')',
  '"',
  '~8',
  '*',
  '/',
  '\\',
  '[',
  ' TO ',
  ']',
  '@',
  '+',
  '-',
  '^2',
  'militar*',
  'é',
  '国',
  '\u0000',
];

test('any text is a query or an error that points into it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 6 })), { maxLength: 60 })
      .map((all) => all.join(' ')),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => '('.repeat(depth)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parseQuery(text);
      } catch (error) {
        if (!(error instanceof QuerySyntaxError)) throw error;
        expect(error.message).not.toBe('');
      }
    }),
    { numRuns: 1500 },
  );
});
