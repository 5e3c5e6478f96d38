import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { StoryInput } from '../../src/stories/story.ts';
import type { Knowledge } from '../../src/triage/judge-article.ts';
import { judgeArticle } from '../../src/triage/judge-article.ts';
import { articleOf, judgedTextOf } from '../../src/triage/offline-triage.ts';
import { storyInputOf } from '../../src/triage/story-input.ts';
import { readJsonLines } from './read-json-lines.ts';

/** A labelled set as a stream, judged as triage does: entities and topics are those of the shipped config. */
export interface LabelledStream {
  readonly name: string;
  readonly inputs: readonly StoryInput[];
  readonly clusters: readonly string[];
}

/** An article of a labelled set. */
export interface LabelledRow {
  readonly id: string;
  readonly cluster: string;
  readonly title?: string;
  readonly text?: string;
  readonly lang: string;
  readonly outlet?: string;
  readonly source?: string;
  readonly url?: string;
  readonly publishedAt?: string;
  readonly published_at?: string;
}

/** An item of a recorded stream of feeds. */
export interface StreamRow {
  readonly title: string;
  readonly description?: string;
  readonly link: string;
  readonly published: string;
  readonly lang: string;
}

/** Rows without a date all have this one: any will do, but it must be one. */
const UNDATED = '2023-08-01T00:00:00Z';
const SEED = 20230816;

/** The rows of a recorded stream that a file of labels names. Labels are lines of {id, cluster}; an id is the start of the SHA-256 of an item's link. */
export function labelStream(items: readonly StreamRow[], labelsFile: string): LabelledRow[] {
  const clusterOf = new Map(
    readFileSync(labelsFile, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { id: string; cluster: string })
      .map(({ id, cluster }) => [id, cluster]),
  );
  return items.flatMap((item) => {
    const id = createHash('sha256').update(item.link).digest('hex').slice(0, 12);
    const cluster = clusterOf.get(id);
    if (cluster === undefined) return [];
    const { title, description = '', link, published, lang } = item;
    return [{ id, cluster, title, text: description, lang, url: link, publishedAt: published }];
  });
}

export const readLabelledRows = (file: string): LabelledRow[] => readJsonLines<LabelledRow>(file);
export const nameOf = (file: string): string => basename(file).replace(/\..*/, '');

/** The rows by date, undated ones and ties in an order that has nothing to do with the labels; ids replaced, so that nothing but text, date and outlet can tell. */
export function toStream(name: string, rows: readonly LabelledRow[], knowledge: Knowledge): LabelledStream {
  const random = seeded(SEED);
  const sorted = rows
    .map((row) => ({ row, at: Date.parse(dateOf(row) ?? UNDATED), order: random() }))
    .sort((one, other) => one.at - other.at || one.order - other.order);
  const inputs = sorted.map(({ row, at }, index) => {
    const { title, text, lang, url } = row;
    const line = {
      id: `a${index + 1}`,
      title,
      text,
      lang,
      url,
      source: row.outlet ?? (row.source?.includes('.') ? row.source : undefined),
      publishedAt: new Date(at).toISOString(),
    };
    const { article } = articleOf(line, judgedTextOf(line, new Map(), at), at);
    return { ...storyInputOf(article, judgeArticle(knowledge, article)), isDated: dateOf(row) !== undefined };
  });
  return { name, inputs, clusters: sorted.map(({ row }) => row.cluster) };
}

const dateOf = (row: LabelledRow): string | undefined => row.publishedAt ?? row.published_at;

/** mulberry32: a small seeded generator, so that every run sees the same order. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
