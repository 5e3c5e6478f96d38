import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { itemId, joinLabels } from '../../scripts/topics/labelled-stream.ts';

const directory = mkdtempSync(join(tmpdir(), 'attache-train-'));
afterAll(() => rmSync(directory, { recursive: true }));

const root = new URL('../..', import.meta.url).pathname;
const KINDS = [
  { topic: 'defense', title: 'Brigade leaves barracks', description: 'Soldiers of the army marched past zeppelins.' },
  { topic: 'diplomacy', title: 'Envoys meet', description: 'Ambassadors held talks on a treaty.' },
  { topic: 'conflict', title: 'Gunmen raid village', description: 'Twelve people were killed.' },
  { topic: 'none', title: 'Cup final tonight', description: 'Both clubs are at full strength.' },
];
const items = Array.from({ length: 24 }, (_, at) => ({
  ...(KINDS[at % 4] as (typeof KINDS)[number]),
  link: `https://a.example/${at}`,
  lang: 'en-GB',
  published: `2024-03-${String(at + 1).padStart(2, '0')}T10:00:00Z`,
}));
const stream = items.map(({ topic: _, ...item }) => item);
const labels = items.map((item) => ({
  id: itemId(item),
  labels: {
    defense: item.topic === 'defense' ? 1 : 0,
    diplomacy: item.topic === 'diplomacy' ? 1 : 0,
    conflict: item.topic === 'conflict' ? 1 : 0,
  } as const,
}));
const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('whoever has the stream trains the very same weights from the labels', async () => {
  writeFileSync(join(directory, 'stream.jsonl'), lines([...stream, ...stream]));
  writeFileSync(join(directory, 'labels.jsonl'), lines(labels));
  writeFileSync(
    join(directory, 'seed.jsonl'),
    lines([{ id: 's1', title: 'Own line', lang: 'en', labels: { defense: 0 } }]),
  );
  writeFileSync(
    join(directory, 'training.json'),
    JSON.stringify({
      files: [
        { file: 'seed.jsonl', weight: 3 },
        { labels: 'labels.jsonl', stream: 'stream.jsonl', weight: 2 },
      ],
    }),
  );
  const train = async (out: string) => {
    const script = join(root, 'scripts/train-topics.ts');
    const manifest = ['--manifest', join(directory, 'training.json'), '--corpus', directory, '--out', out];
    await promisify(execFile)(process.execPath, [script, ...manifest], { cwd: root });
    return readFileSync(out, 'utf8');
  };
  const [once, again] = await Promise.all([train(join(directory, 'a.json')), train(join(directory, 'b.json'))]);
  expect(again).toBe(once);
  const { words } = JSON.parse(once) as { words: { en: Record<string, number[]> } };
  expect(words.en.zeppelin?.[0]).toBeGreaterThan(0);
}, 60_000);

test('a label finds its item by its link, whatever the order, and brings its text, language and day', () => {
  const rows = joinLabels(labels.toReversed(), stream);
  expect(rows.map(({ title }) => title)).toEqual(stream.map(({ title }) => title).toReversed());
  expect(rows[0]).toMatchObject({ text: 'Both clubs are at full strength.', lang: 'en', date: '2024-03-24' });
});

test('a stream that lacks labelled items is refused: other weights would come of it', () => {
  expect(() => joinLabels(labels, stream.slice(1))).toThrow('1 of 24 items are not in the stream');
});

test('an item without a link is known by its title', () => {
  expect(itemId({ title: 'Untitled', lang: 'en' })).not.toBe(itemId({ title: 'Other', lang: 'en' }));
});
