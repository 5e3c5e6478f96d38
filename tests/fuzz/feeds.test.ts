import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { feedArticles } from '../../src/articles/feed-articles.ts';
import { FeedParseError } from '../../src/feeds/feed-parse-error.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';
import type { ParsedFeed } from '../../src/feeds/parsed-feed.ts';
import { ROOT } from '../support/checkout.ts';
import { mangled } from './mangle.ts';
import { brokenPart } from './whole-article.ts';

const GOLDEN = join(ROOT, 'tests/feeds/golden');
const FEEDS = readdirSync(GOLDEN)
  .filter((name) => /\.(xml|jsonfeed)$/.test(name))
  .map((name) => readFileSync(join(GOLDEN, name)));
const SOURCE = { id: 'outlet', name: 'Outlet', kind: null, country: null, tags: [] };
const SEEN_MS = Date.UTC(2023, 7, 16);

test('a feed that was damaged in any way gives articles that are whole, or one error that says why', async () => {
  expect(FEEDS.length).toBeGreaterThan(5);
  let read = 0;
  await fc.assert(
    fc.asyncProperty(mangled(FEEDS), async (bytes) => {
      const parsed = await parseFeed(bytes, { url: 'https://outlet.example/feed' }).catch((error: unknown) => error);
      if (parsed instanceof FeedParseError) return void expect(parsed.message).not.toBe('');
      if (parsed instanceof Error) throw parsed;
      const feed = parsed as ParsedFeed;
      for (const one of feedArticles(feed, { source: SOURCE, url: 'https://outlet.example/feed', seenAtMs: SEEN_MS })) {
        read++;
        expect(brokenPart(one, SEEN_MS)).toBeNull();
      }
    }),
    { numRuns: 1500 },
  );
  expect(read).toBeGreaterThan(300);
}, 60_000);
