import { basename } from 'node:path';
import type { StoryInput } from '../../src/stories/story.ts';
import { readJsonLines } from './read-json-lines.ts';

/** A labelled set as a stream: undated rows and ties in a fixed order that has nothing to do with the labels. */
export interface LabelledStream {
  readonly name: string;
  readonly inputs: readonly StoryInput[];
  readonly clusters: readonly string[];
}

interface Row {
  readonly id: string;
  readonly cluster: string;
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
  readonly outlet?: string;
  readonly source?: string;
  readonly publishedAt?: string;
  readonly published_at?: string;
}

/** A day in 2023 for rows without a date: any will do, but it must be one. */
const UNDATED = '2023-08-01T00:00:00Z';

/** `half`: every second cluster alone, for an estimate on a smaller set. */
export function readLabelledStream(file: string, half = false): LabelledStream {
  const rows = readJsonLines<Row>(file)
    .map((row) => ({ row, at: Date.parse(row.publishedAt ?? row.published_at ?? UNDATED), order: scatter(row.id) }))
    .filter(({ row }) => !half || scatter(row.cluster) < 0.5)
    .sort((one, other) => one.at - other.at || one.order - other.order);
  const inputs = rows.map(({ row, at }, index) => ({
    id: `a${index + 1}`,
    revision: '1',
    title: row.title ?? '',
    summary: '',
    text: row.text ?? '',
    lang: row.lang,
    at,
    url: null,
    source: { id: row.outlet ?? '' },
    entities: [],
    topics: [],
  }));
  return { name: basename(file).replace(/\..*/, ''), inputs, clusters: rows.map(({ row }) => row.cluster) };
}

/** A number from 0 to 1 that an id always gets. */
function scatter(id: string): number {
  let hash = 20230816;
  for (const letter of id) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x9e3779b1);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
