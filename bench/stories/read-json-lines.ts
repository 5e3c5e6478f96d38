import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The rows of a JSON lines file, plain or gzipped; `most` of them. */
export function readJsonLines<Row>(file: string, most = Number.POSITIVE_INFINITY): Row[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .slice(0, most)
    .map((line) => JSON.parse(line) as Row);
}
