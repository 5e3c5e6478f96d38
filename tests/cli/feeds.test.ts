import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedsDeps, feedsCommand, type ListedFeed } from '../../cli/feeds.ts';
import { addFeeds } from '../../cli/feeds-file.ts';
import { checkFeed } from '../../src/feeds/check-feed.ts';
import { type FeedState, newFeedState } from '../../src/feeds/feed-state.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { startHttp, type TestServer } from '../net/misbehaving-server.ts';

const NOW = Date.parse('2023-08-16T10:30:00Z');
const feeds: ListedFeed[] = [
  { id: 'fine', url: 'https://fine.test/rss', name: 'Fine & well', tags: ['wire'] },
  { id: 'broken', url: 'https://broken.test/rss', tags: [] },
];
const states = new Map<string, FeedState>([
  ['fine', { ...newFeedState(feeds[0]!), importedAt: NOW, lastNewArticleAt: NOW, nextAt: NOW + 300_000 }],
  [
    'broken',
    {
      ...newFeedState(feeds[1]!),
      error: { code: 'dns', message: 'feed broken: http: ENOTFOUND', status: null, at: NOW },
      errorStreak: 9,
      errorSinceAt: NOW - 86_400_000,
    },
  ],
]);

let out: string[];
let err: string[];
let closed: number;
let config: string;
let server: TestServer;
let client: HttpClient;

beforeAll(async () => {
  config = await mkdtemp(join(tmpdir(), 'attache-feeds-'));
  server = await startHttp((request, response) => {
    if (request.url === '/rss') {
      const item = '<item><title>Minister in Minsk</title><pubDate>Wed, 16 Aug 2023 08:00:00 GMT</pubDate></item>';
      response
        .writeHead(200, { etag: '"1"', 'content-type': 'application/rss+xml' })
        .end(`<rss version="2.0"><channel><title>Ministry</title><ttl>30</ttl>${item}</channel></rss>`);
    } else if (request.url === '/') {
      response.end(
        '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="News" href="/rss"></head></html>',
      );
    } else response.writeHead(404).end();
  });
  client = createHttpClient({ policy: { allow: ['127.0.0.0/8'], ports: [server.port] }, userAgent: 'test' });
});
afterAll(async () => {
  await client.close();
  await server.close();
  await rm(config, { recursive: true });
});
beforeEach(() => {
  [out, err, closed] = [[], [], 0];
});
afterEach(() => {
  process.exitCode = 0;
});

const deps: FeedsDeps = {
  connect: async () => ({
    feeds,
    readStates: async () => states,
    close: async () => {
      closed += 1;
    },
  }),
  loadFeeds: async () => feeds,
  check: (url) => checkFeed({ client, clock: () => NOW, parse: parseFeed }, { id: 'check', url }),
  print: (line) => out.push(line),
  warn: (line) => err.push(line),
  now: () => NOW,
};
const run = (...words: string[]) => feedsCommand(deps).parseAsync([...words, '--config', config], { from: 'user' });

describe('attache feeds list', () => {
  it('says in plain words how each feed is doing', async () => {
    await run('list');
    expect(out).toEqual([
      'ok: fine, last new article 2023-08-16 10:30, next poll 2023-08-16 10:35',
      'broken: broken, last new article never, next poll never\n  failing: feed broken: http: ENOTFOUND; 9 in a row for 24 h',
    ]);
    expect(closed).toBe(1);
  });

  it('gives scripts one JSON line for each, or only those with problems', async () => {
    await run('list', '--json', '--problems');
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'broken', status: 'broken', errorStreak: 9, problems: [{ code: 'failing' }], nextAt: null },
    ]);
  });
});

describe('attache feeds check', () => {
  it('says what an address gives and how it may be polled', async () => {
    await run('check', `${server.url}/rss`);
    expect(out.join('\n')).toContain('Ministry, 1 items');
    expect(out.join('\n')).toContain('newest 2023-08-16T08:00:00.000Z');
    expect(out.join('\n')).toContain('polling: conditional requests work, ttl 30 min');
    expect(process.exitCode).toBe(0);
  });

  it('offers the feeds of a page, and exits with 1 where there is no feed', async () => {
    await run('check', `${server.url}/`);
    expect(out[0]).toContain('cannot be read: html');
    expect(out[0]).toContain(`the page offers ${server.url}/rss (News)`);
    expect(process.exitCode).toBe(1);
    await run('check', `${server.url}/nothing`, '--json');
    expect(JSON.parse(out[1]!)).toMatchObject({ isReadable: false, status: 404, error: { code: 'not-found' } });
  });
});

describe('attache feeds import and export', () => {
  const opml =
    '<opml><body><outline text="Asia"><outline text="New & good" xmlUrl="https://new.test/rss"/><outline text="F" xmlUrl="http://fine.test/rss/"/></outline></body></opml>';

  it('adds what is new, keeps comments and order, and writes nothing on a dry run', async () => {
    const path = join(config, 'feeds.yaml');
    const before =
      '# ours\nfeeds:\n  # the good one\n  - id: fine\n    url: https://fine.test/rss\n    tags: [wire, asia]\n';
    await writeFile(path, before);
    const file = join(config, 'list.opml');
    await writeFile(file, opml);
    await run('import', file, '--dry-run');
    expect(await readFile(path, 'utf8')).toBe(before);
    await run('import', file);
    expect(await readFile(path, 'utf8')).toBe(
      `${before}  - id: new-good\n    url: https://new.test/rss\n    name: New & good\n    tags: [asia]\n`,
    );
    expect(out).toEqual(['new-good\thttps://new.test/rss', 'new-good\thttps://new.test/rss']);
    expect(err.at(-1)).toBe('1 new, 1 known');
  });

  it('makes a list where there is none and refuses a file that is something else', () => {
    const feed = { id: 'a', url: 'https://a.test/', name: 'A' };
    const list = 'feeds:\n  - id: a\n    url: https://a.test/\n    name: A\n';
    for (const text of ['', 'feeds:\n', 'feeds: []\n']) expect(addFeeds(text, [feed])).toBe(list);
    for (const text of ['feeds: 3', '- a', 'feeds: [', 'feeds: {a: 1}'])
      expect(() => addFeeds(text, [feed])).toThrow('feeds.yaml');
  });

  it('exports what can be imported again', async () => {
    await run('export');
    expect(out[0]).toContain(
      '<outline type="rss" text="Fine &amp; well" title="Fine &amp; well" xmlUrl="https://fine.test/rss" category="wire"/>',
    );
  });
});
