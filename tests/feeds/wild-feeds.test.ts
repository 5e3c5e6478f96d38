import { describe, expect, it } from 'vitest';
import { parseFeed } from '../../src/feeds/parse-feed.ts';
import { FORMATS } from './wild/formats.ts';
import { LINKS } from './wild/links.ts';
import { PUBLISHERS } from './wild/publishers.ts';
import { TEXTS } from './wild/texts.ts';
import type { WildFeed } from './wild/wild-feed.ts';

async function reads([, document, items, feed = {}]: WildFeed): Promise<void> {
  const read = await parseFeed(new TextEncoder().encode(document), { url: 'https://feeds.example/dir/feed' });
  expect(read).toMatchObject(feed);
  expect(read.items).toHaveLength(items.length);
  for (const [index, item] of items.entries()) expect(read.items[index]).toMatchObject(item);
}

describe('a feed as it is met in the wild is read as its writer meant it:', () => {
  for (const feed of [...FORMATS, ...TEXTS, ...LINKS, ...PUBLISHERS]) it(feed[0], () => reads(feed));
});
