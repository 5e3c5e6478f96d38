import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseFeed } from '../../src/feeds/parse-feed.ts';

const folder = join(import.meta.dirname, 'golden');
const documents = readdirSync(folder).filter((name) => !name.endsWith('.json'));

it.each(documents)('%s reads as the JSON beside it says', async (name) => {
  const expected: unknown = JSON.parse(readFileSync(join(folder, name.replace(/\.\w+$/, '.json')), 'utf8'));
  expect(await parseFeed(readFileSync(join(folder, name)), { url: 'https://feeds.example/dir/feed' })).toEqual(
    expected,
  );
});

it('each golden reading belongs to a document', () => {
  const stems = new Set(documents.map((name) => name.replace(/\.\w+$/, '')));
  expect(readdirSync(folder).filter((name) => !stems.has(name.replace(/\.\w+$/, '')))).toEqual([]);
});
