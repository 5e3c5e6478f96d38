import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { feedArticles } from '../src/articles/feed-articles.ts';
import { FeedParseError } from '../src/feeds/feed-parse-error.ts';
import { createParsePool, type ParsePool } from '../src/feeds/parse-pool.ts';
import type { ParsedFeed } from '../src/feeds/parsed-feed.ts';
import { visibleText } from './visible-text.ts';

/** One document to read: a line of a list, or an argument. A file's `url` is the base of its relative links. */
export interface ParseEntry {
  readonly file?: string;
  readonly url?: string;
  readonly contentType?: string;
}

export interface FeedBytes {
  readonly bytes: Uint8Array;
  readonly url?: string | undefined;
  readonly contentType?: string | undefined;
}

export interface ParseDeps {
  /** Fetches a feed; rejects with an error that has a `code`. Without it the command reads files only. */
  readonly fetchSource?: (url: string) => Promise<FeedBytes>;
  readonly clock?: () => number;
}

/** A document that could not be had, or a line that names none. */
class SourceError extends Error {
  readonly code: 'unreadable' | 'too-large' | 'bad-line' | 'no-network';

  constructor(code: SourceError['code'], message: string, options?: { cause?: unknown }) {
    super(`parse: ${message}`, options);
    this.name = 'SourceError';
    this.code = code;
  }
}

/** The same bound as for fetched feeds. */
const MAX_BYTES = 5 * 1024 * 1024;
const POOL = { size: 2, timeoutMs: 20_000, heapMb: 256 };
/** Documents under way: enough to keep the threads busy while results are printed in order. */
const WINDOW = 6;

/** `attache parse FILE|URL… [--list LIST.jsonl]`: one JSON line for each feed, in the order given; exit code 1 at the end if one could not be read. */
export function parseCommand(deps: ParseDeps = {}): Command {
  return new Command('parse')
    .description('reads feeds and prints one JSON line for each')
    .argument('[sources...]', 'files or http(s) URLs')
    .option('--list <file>', 'JSON lines of {file|url, url?, contentType?}')
    .action(async (sources: string[], { list }: { list?: string }, command: Command) => {
      if (sources.length === 0 && list === undefined) command.error('attache parse: name a FILE or URL, or a --list');
      if (!(await parseAll(deps, entriesOf(sources, list)))) process.exitCode = 1;
    });
}

async function* entriesOf(
  sources: readonly string[],
  list: string | undefined,
): AsyncGenerator<ParseEntry | SourceError> {
  for (const source of sources) yield /^https?:\/\//i.test(source) ? { url: source } : { file: source };
  if (list === undefined) return;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(list), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim()) yield readLine(line, `${list}:${number}`);
  }
}

function readLine(line: string, place: string): ParseEntry | SourceError {
  const expected = `${place}: expected {"file": …} or {"url": …}`;
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch (cause) {
    return new SourceError('bad-line', `${expected}, found no JSON`, { cause });
  }
  const { file, url, contentType } = (entry ?? {}) as Record<string, unknown>;
  if (typeof file !== 'string' && typeof url !== 'string')
    return new SourceError('bad-line', `${expected}, found neither`);
  return {
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof contentType === 'string' ? { contentType } : {}),
  };
}

/** True when every one could be read. */
async function parseAll(deps: ParseDeps, entries: AsyncIterable<ParseEntry | SourceError>): Promise<boolean> {
  const pool = createParsePool(POOL);
  const underWay: Promise<object>[] = [];
  let good = true;
  const printNext = async (): Promise<void> => {
    const line = (await underWay.shift()) ?? {};
    if ('error' in line) good = false;
    await print(line);
  };
  try {
    for await (const entry of entries) {
      underWay.push(describe(deps, pool, entry));
      if (underWay.length >= WINDOW) await printNext();
    }
    while (underWay.length > 0) await printNext();
  } finally {
    await pool.close();
  }
  return good;
}

/** The output line of one entry; never rejects for what a document holds. */
async function describe(deps: ParseDeps, pool: ParsePool, entry: ParseEntry | SourceError): Promise<object> {
  if (entry instanceof SourceError) return { error: { code: entry.code, message: entry.message } };
  const name = entry.file !== undefined ? { file: entry.file } : { url: entry.url };
  try {
    const { bytes, url, contentType } = await readSource(deps, entry);
    const feed = await pool.parse(bytes, { url, contentType });
    return { ...name, ...outputOf(feed, entry, url, deps.clock?.() ?? Date.now()) };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (error instanceof FeedParseError || typeof code === 'string') return { ...name, error: { code, message } };
    throw error;
  }
}

/** The bytes of an entry, from a file or, where the caller can fetch, from the network. */
async function readSource(deps: ParseDeps, entry: ParseEntry): Promise<FeedBytes> {
  if (entry.file !== undefined)
    return { bytes: await readBounded(entry.file), url: entry.url, contentType: entry.contentType };
  if (!deps.fetchSource)
    throw new SourceError('no-network', 'this command reads files only; save the feed and name the file');
  return deps.fetchSource(entry.url ?? '');
}

async function readBounded(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > MAX_BYTES)
      throw new SourceError('too-large', `${file} holds ${size} bytes; at most ${MAX_BYTES} are read`);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('unreadable', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** The feed as the command prints it. `url` is the article's link as the feed gives it, made absolute; `id` rests on its canonical form. */
function outputOf(feed: ParsedFeed, entry: ParseEntry, url: string | undefined, nowMs: number): object {
  const id = url ?? entry.url ?? entry.file ?? '';
  const source = { id, name: feed.title, kind: null, country: null, tags: [] };
  const articles = feedArticles(feed, { source, url, seenAtMs: nowMs }).map(({ article }, i) => ({
    id: article.id,
    guid: article.guid,
    url: feed.items[i]?.link ?? article.url,
    title: article.title,
    summary: article.summary,
    text: article.text,
    author: article.author,
    categories: article.categories,
    publishedAt: article.publishedAt,
    updatedAt: article.updatedAt,
    lang: article.lang,
  }));
  const { title, link, language, format, limits } = feed;
  return { title, link, language, format, ...(limits.length > 0 ? { limits } : {}), articles };
}

/** Waits where the reader is slower: thousands of feeds must not pile up in memory. */
async function print(value: object): Promise<void> {
  if (process.stdout.write(`${visibleText(JSON.stringify(value))}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
