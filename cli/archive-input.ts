import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { ArchivedArticle } from '../src/articles/article-store.ts';
import { readSince } from './read-since.ts';
import type { Batch } from './try-batch.ts';

/** The archive as far as these commands need it. Times in ms since 1970, `untilMs` exclusive; oldest first. */
export interface ArchiveReader {
  read(range: { readonly sinceMs: number; readonly untilMs: number }): AsyncIterable<ArchivedArticle>;
  /** By its id. */
  get(id: string): Promise<ArchivedArticle | null>;
}

/** What commands over past articles are given. */
export interface ArchiveDeps {
  /** Opens the archive of the running installation, or its store for the command's duration. */
  readonly openArchive: (options: {
    readonly config: string;
    readonly data: string;
  }) => Promise<ArchiveReader & { close(): Promise<void> }>;
  /** Writes to standard output, with a line break. */
  readonly print: (text: string) => void;
  readonly nowMs: number;
}

/** Which articles a command is about. */
export interface ArchiveOptions {
  readonly config: string;
  readonly data: string;
  /** Ms since 1970. */
  readonly since?: number;
  readonly file?: string;
}

/** Without `--since`. */
const DEFAULT_SINCE = '7d';
const BATCH = 500;

/** Adds the options that say which articles are meant. */
export function archiveOptions(command: Command, { nowMs }: ArchiveDeps): Command {
  const since = `articles seen since then: a duration back (36h, 30d) or a time; ${DEFAULT_SINCE} where it is missing`;
  return command
    .option('--config <dir>', 'the config directory', 'config')
    .option('--data <dir>', 'where the embedded Redis keeps its data', 'data')
    .option('--since <time>', since, (text) => readSince(text, nowMs))
    .option('--file <articles.jsonl>', 'all articles of a file in place of the archive, as for attache triage');
}

/** What to do where there was no article to try. */
export function nothingKept({ file }: Pick<ArchiveOptions, 'file'>): string {
  if (file !== undefined) return `${file} holds no article: one JSON object a line is expected, as for attache triage`;
  return [
    'The archive holds no article of this time.',
    '  Has the worker run with this --data? Look further back with --since 30d,',
    '  or try articles of your own with --file articles.jsonl (lines as for attache triage).',
  ].join('\n');
}

/** Opens the file or the archive for as long as its articles are read. */
export async function withBatches<T>(
  deps: Pick<ArchiveDeps, 'openArchive' | 'nowMs'>,
  options: ArchiveOptions,
  read: (batches: AsyncIterable<Batch>) => Promise<T>,
): Promise<T> {
  if (options.file !== undefined) return read(fileBatches(options.file));
  const archive = await deps.openArchive(options);
  try {
    const sinceMs = options.since ?? readSince(DEFAULT_SINCE, deps.nowMs);
    return await read(archiveBatches(archive, { sinceMs, untilMs: deps.nowMs + 1 }));
  } finally {
    await archive.close();
  }
}

async function* fileBatches(path: string): AsyncGenerator<Batch> {
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line);
    if (lines.length < BATCH) continue;
    yield { lines };
    lines = [];
  }
  if (lines.length > 0) yield { lines };
}

async function* archiveBatches(
  reader: ArchiveReader,
  range: { sinceMs: number; untilMs: number },
): AsyncGenerator<Batch> {
  let records: ArchivedArticle[] = [];
  for await (const record of reader.read(range)) {
    records.push(record);
    if (records.length < BATCH) continue;
    yield { records };
    records = [];
  }
  if (records.length > 0) yield { records };
}
