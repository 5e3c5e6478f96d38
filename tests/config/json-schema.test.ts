import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configPage } from '../../scripts/config-page.ts';
import { CONFIG_FILES } from '../../src/config/config-files.ts';
import { configJsonSchema, schemaFileName, UnknownConfigFile } from '../../src/config/json-schema.ts';
import { ROOT } from '../support/checkout.ts';

/** The shipped files of one kind: `topics/*.yaml` is several. */
function shippedFiles(file: string): string[] {
  if (!file.includes('*')) return [file];
  const folder = file.split('/')[0]!;
  return readdirSync(join(ROOT, 'config', folder)).map((name) => join(folder, name));
}

test.each(Object.keys(CONFIG_FILES))(
  'the schema of %s beside the config is the one that validates (npm run schemas)',
  (file) => {
    const shipped = readFileSync(join(ROOT, 'config/schema', schemaFileName(file)), 'utf8');
    expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(configJsonSchema(file))));
  },
);

test.each(Object.keys(CONFIG_FILES))(
  'an editor finds nothing wrong with the shipped %s, and finds an unknown key',
  (file) => {
    const validate = new Ajv2020({ strict: false }).compile(configJsonSchema(file));
    for (const name of shippedFiles(file)) {
      const text = readFileSync(join(ROOT, 'config', name), 'utf8');
      const depth = name.includes('/') ? '../' : '';
      expect(text.split('\n', 1)[0], name).toBe(
        `# yaml-language-server: $schema=${depth}schema/${schemaFileName(file)}`,
      );
      const value = parse(text) as object;
      expect(validate(value), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(validate({ ...value, unheardOf: 1 })).toBe(false);
    }
  },
);

test('docs/config.md lists the keys of the schemas that validate (npm run schemas)', () => {
  const page = readFileSync(join(ROOT, 'docs/config.md'), 'utf8');
  expect(page).toBe(configPage());
  expect(page).toMatch(/`poll\.minInterval`\s+\| text\s+\| `5m`\s+\|/);
  for (const key of ['poll.tick', 'feeds[].url', 'watches[].query', 'subscribers[].quietHours.from']) {
    expect(page).toContain(`\`${key}\``);
  }
});

test('an editor shows the default of every setting in the notation of the file', () => {
  const { properties } = configJsonSchema('attache.yaml') as { properties: Record<string, { properties: object }> };
  const without = Object.entries(properties).flatMap(([group, { properties: keys }]) =>
    Object.entries(keys).flatMap(([key, value]) => ('default' in value ? [] : [`${group}.${key}`])),
  );
  expect(without).toEqual([]);
  expect(properties.poll?.properties).toMatchObject({ minInterval: { default: '5m' }, concurrency: { default: 64 } });
});

test('a file that no config has is an error that lists the known ones', () => {
  expect(() => configJsonSchema('feed.yaml')).toThrow(UnknownConfigFile);
  expect(() => configJsonSchema('feed.yaml')).toThrow(/feeds\.yaml/);
});
