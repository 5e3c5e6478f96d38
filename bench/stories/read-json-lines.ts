import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The rows of a JSON lines file, plain or gzipped. */
export function readJsonLines<Row>(file: string): Row[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}
