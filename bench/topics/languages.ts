/**
 * How often the language of labelled JSON lines is told right, with nothing declared: for each file and language, titles alone and with text.
 *
 *   node bench/topics/languages.ts FILE.jsonl[.gz]…
 */
import { basename } from 'node:path';
import { readRows } from '../../scripts/topics/read-config.ts';
import { detectLanguage } from '../../src/articles/language.ts';

interface Row {
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
}

for (const file of process.argv.slice(2)) {
  const rows = readRows<Row>(file);
  for (const [what, textOf] of [
    ['titles', (row: Row) => row.title ?? ''],
    ['title and text', (row: Row) => `${row.title ?? ''}\n${row.text ?? ''}`],
  ] as const) {
    const counts = new Map<string, { right: number; all: number }>();
    const start = performance.now();
    for (const row of rows) {
      const text = textOf(row).trim();
      if (text === '') continue;
      const count = counts.get(row.lang) ?? { right: 0, all: 0 };
      count.all++;
      if (detectLanguage(text) === row.lang) count.right++;
      counts.set(row.lang, count);
    }
    const each = [...counts].map(([lang, { right, all }]) => `${lang} ${(right / all).toFixed(3)}`).join(', ');
    console.log(
      `${basename(file)} ${what}: ${each} (${(((performance.now() - start) / rows.length) * 1000).toFixed(0)} µs each)`,
    );
  }
}
