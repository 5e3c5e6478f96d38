import { describe, expect, it } from 'vitest';
import { FeedParseError } from '../../src/feeds/feed-parse-error.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';

const read = (text: string, url?: string) => parseFeed(new TextEncoder().encode(text), { url });
const rss = (inner: string): string => `<rss version="2.0"><channel><title>t</title>${inner}</channel></rss>`;
const atom = (inner: string): string => `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>${inner}</feed>`;

async function refusal(text: string): Promise<FeedParseError> {
  const error: unknown = await read(text).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(FeedParseError);
  return error as FeedParseError;
}

describe('a document that is no feed', () => {
  it.each([
    ['', 'empty'],
    [' \n\t\ufeff', 'empty'],
    ['<!DOCTYPE html><html><head><title>Moved</title></head></html>', 'html'],
    ['<html><body>Please <a href="/feed">subscribe to our <b>feed</b></a></body></html>', 'html'],
    ['Not found', 'not-a-feed'],
    ['<opml version="2.0"><body/></opml>', 'not-a-feed'],
    ['<!-- never closed', 'not-a-feed'],
    ['{"error": "quota"}', 'not-a-feed'],
    ['{"version": "https://jsonfeed.org/version/1", "items": [', 'malformed'],
    ['<rss version="2.0" broken="', 'malformed'],
  ])('%j is refused as %s', async (text, code) => {
    expect((await refusal(text)).code).toBe(code);
  });

  it('is named by its beginning', async () => {
    expect((await refusal('<!doctype html><title>Cookie wall</title>')).message).toContain('Cookie wall');
    expect((await refusal('{"error": "quota"}')).message).toContain('error');
  });
});

describe('what plain rss-parser loses', () => {
  it('an unreadable date in one Atom entry leaves the others alone', async () => {
    const { items } = await read(
      atom(
        '<entry><title>a</title><updated>nonsense</updated></entry><entry><title>b</title><updated>2023-08-14T00:00:00Z</updated></entry>',
      ),
    );
    expect(items.map((item) => [item.title, item.publishedAt])).toEqual([
      ['a', null],
      ['b', '2023-08-14T00:00:00.000Z'],
    ]);
  });

  it('empty elements, entries and links cost only themselves', async () => {
    const { items } = await read(atom('<link/><entry/><entry><link/><title>b</title></entry>'));
    expect(items.map((item) => item.title)).toEqual(['', 'b']);
    expect((await read(rss('<item/><item><guid/><link/><title>b</title></item>'))).items).toHaveLength(2);
  });

  it('a feed without a channel, a version or a title is still read', async () => {
    expect((await read('<rss><item><title>a</title></item></rss>')).items[0]?.title).toBe('a');
    expect(
      (await read('<rss version="3.7"><channel><item><title>a</title></item></channel></rss>')).items,
    ).toHaveLength(1);
  });

  it('inline markup keeps its order, in RSS as in Atom', async () => {
    const inline = 'one <b>two</b> three <i>four</i> five';
    expect((await read(rss(`<item><description>${inline}</description></item>`))).items[0]?.summary).toBe(
      'one two three four five',
    );
    expect(
      (await read(atom(`<entry><content type="xhtml"><div>${inline}</div></content></entry>`))).items[0]?.text,
    ).toBe('one two three four five');
  });

  it('what is escaped inside inline markup stays text', async () => {
    expect(
      (await read(rss('<item><description>if <code>1 &lt;b 2</code> &amp;amp; so</description></item>'))).items[0]
        ?.summary,
    ).toBe('if 1 <b 2 &amp; so');
  });

  it('namespaces count, not prefixes: another vocabulary with the same names does not leak in', async () => {
    const feed =
      '<rss version="2.0" xmlns:creator="http://purl.org/dc/elements/1.1/" xmlns:other="https://other.example/"><channel><item><other:creator>no</other:creator><other:title>no</other:title><creator:creator>yes</creator:creator></item></channel></rss>';
    expect((await read(feed)).items[0]?.author).toBe('yes');
  });

  it('an Atom link inside RSS does not become the page of the feed', async () => {
    const feed = rss(
      '<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://a.example/feed"/><link>https://a.example/</link>',
    );
    expect(await read(feed)).toMatchObject({ link: 'https://a.example/', hints: { self: 'https://a.example/feed' } });
  });

  it('a feed that mends itself halfway keeps each item whole', async () => {
    const { items } = await read(
      rss(
        '<item><title>a & b</title><description>x < y</description></item><item><title>c<pubDate>Mon, 14 Aug 2023 09:30:00 GMT</pubDate></item>',
      ),
    );
    expect(items.map(({ title, summary, publishedAt }) => ({ title, summary, publishedAt }))).toEqual([
      { title: 'a & b', summary: 'x < y', publishedAt: null },
      { title: 'c', summary: '', publishedAt: '2023-08-14T09:30:00.000Z' },
    ]);
  });
});

describe('an element left open', () => {
  it('before the items does not swallow them', async () => {
    const feed =
      '<rss version="2.0"><channel><title>t</title><category text="a"><category text="b"/><item><title>a</title></item><item><title>b</title></item></channel></rss>';
    expect((await read(feed)).items.map((item) => item.title)).toEqual(['a', 'b']);
  });

  it('inside an item ends with it', async () => {
    const feed = rss(
      '<item><source><title>a</title></item><item><title>b</title><description>x <b>y</description><link>https://a.example/</link></item>',
    );
    expect((await read(feed)).items.map(({ title, summary, link }) => [title, summary, link])).toEqual([
      ['', '', null],
      ['b', 'x y', 'https://a.example/'],
    ]);
  });
});

describe('links', () => {
  const item = (inner: string) => rss(`<item>${inner}</item>`);
  it.each([
    [item('<link> https://a.example/x \n</link><guid>https://a.example/g</guid>'), 'https://a.example/x'],
    [item('<guid>https://a.example/g</guid>'), 'https://a.example/g'],
    [item('<guid isPermaLink="false">https://a.example/g</guid>'), null],
    [item('<link>/x?a=1&amp;b=2</link>'), 'https://base.example/x?a=1&b=2'],
    [
      item('<link>x</link>').replace('<item', '<item xml:base="https://other.example/dir/"'),
      'https://other.example/dir/x',
    ],
    [item('<link>not a url: </link>'), 'https://base.example/feeds/not%20a%20url:'],
    [atom('<entry><link rel="self" href="s"/><link href="a"/></entry>'), 'https://base.example/feeds/a'],
    [
      atom(
        '<entry><link rel="alternate" type="application/json" href="j"/><link rel="alternate" type="text/html" href="h"/></entry>',
      ),
      'https://base.example/feeds/h',
    ],
    [atom('<entry><id>https://a.example/id</id></entry>'), 'https://a.example/id'],
    [atom('<entry><id>urn:x</id></entry>'), null],
  ])('%s leads to %s', async (text, link) => {
    expect((await read(text, 'https://base.example/feeds/all')).items[0]?.link ?? null).toBe(link);
  });

  it('stay as the feed wrote them, tracking parameters and all', async () => {
    expect((await read(item('<link>HTTP://A.example:80/x?utm_source=rss#frag</link>'))).items[0]?.link).toBe(
      'HTTP://A.example:80/x?utm_source=rss#frag',
    );
  });
});

describe('limits', () => {
  it('2,000 items are read, and the number left out is reported', async () => {
    const feed = await read(rss('<item><title>x</title></item>'.repeat(2_005)));
    expect(feed.items).toHaveLength(2_000);
    expect(feed.limits).toEqual([{ limit: 'items', seen: 2_005, kept: 2_000 }]);
  });

  it('elements nested too deep lose their tags, keep their words, and are reported', async () => {
    const feed = await read(
      rss(
        `<item><title>kept</title></item>${'<x>'.repeat(400)}deep${'</x>'.repeat(400)}<item><title>after</title></item>`,
      ),
    );
    expect(feed.items.map((item) => item.title)).toEqual(['kept', 'after']);
    expect(feed.limits).toEqual([{ limit: 'nesting', seen: 402, kept: 256 }]);
  });

  it('an ordinary feed hits none', async () => {
    expect((await read(rss('<item><title>x</title></item>'))).limits).toEqual([]);
  });
});
