import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { FeedCheck } from '../src/feeds/check-feed.ts';
import { decodeBytes } from '../src/feeds/decode-bytes.ts';
import { type FeedHealth, feedHealth } from '../src/feeds/feed-health.ts';
import type { FeedSpec, FeedState } from '../src/feeds/feed-state.ts';
import { planImport } from '../src/feeds/import-feeds.ts';
import { readOpml, writeOpml } from '../src/feeds/opml.ts';
import { addFeeds } from './feeds-file.ts';

/** A feed as it is configured. */
export interface ListedFeed extends FeedSpec {
  readonly name?: string | undefined;
  readonly country?: string | undefined;
  readonly kind?: string | undefined;
  readonly tags: readonly string[];
}

/** What `list` needs of a running installation, or of its store opened for the command's duration. */
export interface FeedsAccess {
  readonly feeds: readonly ListedFeed[];
  readStates(feeds: readonly FeedSpec[]): Promise<ReadonlyMap<string, FeedState>>;
  close(): Promise<void>;
}

interface Places {
  readonly config: string;
  readonly data: string;
}

export interface FeedsDeps {
  readonly connect: (places: Places) => Promise<FeedsAccess>;
  /** The configured feeds alone, without a store. */
  readonly loadFeeds: (config: string) => Promise<readonly ListedFeed[]>;
  /** One look at an address, with the egress policy and limits of the configuration. */
  readonly check: (url: string, places: Places) => Promise<FeedCheck>;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly warn: (line: string) => void;
  readonly now: () => number;
}

/** `attache feeds list|check|import|export`. */
export function feedsCommand(deps: FeedsDeps): Command {
  const command = new Command('feeds').description('lists, checks, imports and exports feeds');
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--config <dir>', 'the config directory', 'config')
      .option('--data <dir>', 'the folder of the embedded Redis, where no other is configured', 'data');
  sub('list', 'how each feed is doing: last news, next poll, problems')
    .option('--problems', 'only those with problems')
    .option('--json', 'one JSON line for each')
    .action((options: ListOptions) => list(deps, options));
  sub('check', 'asks an address once and says what it gives')
    .argument('<url>')
    .option('--json', 'as one JSON line')
    .action((url: string, options: Places & { json?: boolean }) => check(deps, url, options));
  sub('import', 'adds the feeds of an OPML file to feeds.yaml; those known stay as they are')
    .argument('<file>')
    .option('--dry-run', 'only says what would be added')
    .action((file: string, options: Places & { dryRun?: boolean }) => importFeeds(deps, file, options));
  sub('export', 'writes the configured feeds as OPML').action((options: Places) => exportFeeds(deps, options));
  return command;
}

interface ListOptions extends Places {
  readonly problems?: boolean;
  readonly json?: boolean;
}

async function list(deps: FeedsDeps, options: ListOptions): Promise<void> {
  const access = await deps.connect(options);
  try {
    const states = await access.readStates(access.feeds);
    let shown = 0;
    for (const feed of access.feeds) {
      const state = states.get(feed.id);
      if (!state) continue;
      const health = feedHealth(state, deps.now());
      if (options.problems && health.problems.length === 0) continue;
      deps.print(options.json ? JSON.stringify(listLine(feed, state, health)) : sentence(feed, health));
      shown++;
    }
    if (shown === 0) deps.warn(options.problems ? 'no feed has a problem' : 'feeds.yaml has no feed');
  } finally {
    await access.close();
  }
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function listLine(feed: ListedFeed, state: FeedState, health: FeedHealth): Record<string, unknown> {
  return {
    id: feed.id,
    url: feed.url,
    name: feed.name ?? feed.id,
    status: health.status,
    problems: health.problems,
    lastPollAt: iso(state.lastPollAt),
    lastSuccessAt: iso(health.lastSuccessAt),
    lastNewArticleAt: iso(health.lastNewArticleAt),
    nextAt: iso(health.nextAt),
    nextReason: state.nextReason,
    errorStreak: health.errorStreak,
    zeroItemsStreak: state.zeroItemsStreak,
    rhythmSec: health.rhythmSec === null ? null : Math.round(health.rhythmSec),
    polls: state.polls,
  };
}

function sentence(feed: ListedFeed, health: FeedHealth): string {
  const minutes = (at: number | null) => (at === null ? 'never' : (iso(at) ?? '').slice(0, 16).replace('T', ' '));
  const facts = `${health.status}: ${feed.id}, last new article ${minutes(health.lastNewArticleAt)}, next poll ${minutes(health.nextAt)}`;
  return [facts, ...health.problems.map(({ code, message }) => `  ${code}: ${message}`)].join('\n');
}

async function check(deps: FeedsDeps, url: string, options: Places & { json?: boolean }): Promise<void> {
  const result = await deps.check(url, options);
  if (!result.isReadable) process.exitCode = 1;
  deps.print(options.json ? JSON.stringify(result) : describeCheck(result));
}

function describeCheck({ url, feed, error, movedTo, finalUrl, polling, offered, bytes }: FeedCheck): string {
  const lines: string[] = [];
  if (error) lines.push(`cannot be read: ${error.code}: ${error.message}`);
  if (feed) {
    lines.push(`${feed.format}: ${feed.title || 'without a title'}, ${feed.items} items in ${bytes} bytes`);
    lines.push(
      `newest ${feed.newestAt ?? 'unknown'}, oldest ${feed.oldestAt ?? 'unknown'}, ${feed.withDate} with a date`,
    );
    for (const { limit, seen, kept } of feed.limits) lines.push(`limit ${limit}: ${kept} of ${seen} kept`);
  }
  if (movedTo) lines.push(`has moved for good to ${movedTo}`);
  else if (finalUrl && finalUrl !== url) lines.push(`was found at ${finalUrl}`);
  if (feed) lines.push(`polling: ${describePolling(polling)}`);
  for (const one of offered) lines.push(`the page offers ${one.url}${one.title ? ` (${one.title})` : ''}`);
  return lines.join('\n');
}

function describePolling({ etag, lastModified, freshForSec, hints }: FeedCheck['polling']): string {
  const facts = [
    etag || lastModified ? 'conditional requests work' : 'no validators: each poll fetches the whole feed',
    ...(freshForSec ? [`fresh for ${freshForSec} s`] : []),
    ...(hints.ttlMin ? [`ttl ${hints.ttlMin} min`] : []),
    ...(hints.updatePeriodSec ? [`updated every ${hints.updatePeriodSec} s`] : []),
    ...(hints.hub ? [`pushes through ${hints.hub}`] : []),
  ];
  return facts.join(', ');
}

async function importFeeds(deps: FeedsDeps, file: string, options: Places & { dryRun?: boolean }): Promise<void> {
  const reading = readOpml(decodeBytes(await readFile(file)).text);
  const plan = planImport(reading.feeds, await deps.loadFeeds(options.config));
  for (const { url, reason } of reading.skipped) deps.warn(`skipped ${url || 'an entry'}: ${reason}`);
  for (const feed of plan.added) deps.print(`${feed.id}\t${feed.url}`);
  deps.warn(`${plan.added.length} new, ${plan.known.length} known${options.dryRun ? '; nothing was written' : ''}`);
  if (options.dryRun || plan.added.length === 0) return;
  const path = join(options.config, 'feeds.yaml');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // A running worker reads the file when it changes: it must never see half of it.
  await writeFile(`${path}.new`, addFeeds(text, plan.added));
  await rename(`${path}.new`, path);
}

async function exportFeeds(deps: FeedsDeps, options: Places): Promise<void> {
  const feeds = await deps.loadFeeds(options.config);
  const named = feeds.map(({ id, url, name, tags }) => ({ url, name: name ?? id, tags }));
  deps.print(writeOpml('Attaché', named, deps.now()).trimEnd());
}
