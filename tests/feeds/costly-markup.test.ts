import { describe, expect, it } from 'vitest';
import { hasCostlyMarkup } from '../../src/feeds/costly-markup.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';

const LONG = 'z'.repeat(300_000);
const rss = (inner: string): string =>
  `<rss version="2.0"><channel><item><title>a</title>${inner}</item></channel></rss>`;
const read = (text: string) => parseFeed(new TextEncoder().encode(text));

describe('markup that the XML parser should not see', () => {
  it.each([
    ['an attribute', `<guid x="${LONG}">g</guid>`],
    ['an attribute with brackets in it', `<guid x='${'<a>'.repeat(100_000)}'>g</guid>`],
    ['a comment', `<!-- ${LONG} -->`],
    ['an instruction', `<?x ${LONG}?>`],
    ['a CDATA section', `<description><![CDATA[${LONG}]]></description>`],
    ['a declaration amid the feed', '<! what'],
    ['a tag without end', `<guid ${LONG}`],
  ])('is found: %s', (_, inner) => {
    expect(hasCostlyMarkup(rss(inner))).toBe(true);
  });

  it('is not long text, CDATA in any spelling, nor many short tags', () => {
    const text = `<description>${'a &lt;b&gt; '.repeat(100_000)}</description>${'<b x="1>2"/><!-- c -->'.repeat(20_000)}`;
    expect(hasCostlyMarkup(rss(`${text}<x><![CDATA[${'z'.repeat(200_000)}]]></x><y><![cdata[y]]></y>`))).toBe(false);
  });
});

describe('a feed that holds some', () => {
  it('is read all the same, and says that an attribute was cut', async () => {
    const feed = await read(rss(`<guid isPermaLink="false" x="${LONG}">g</guid><link>https://a.example/</link>`));
    expect(feed.items).toMatchObject([{ title: 'a', guid: 'g', link: 'https://a.example/' }]);
    expect(feed.limits).toEqual([{ limit: 'attribute', seen: 300_000, kept: 32_768 }]);
  });

  it('may have a declaration in its midst', async () => {
    const feed = await read(rss('<!what><description>b</description>'));
    expect(feed.items).toMatchObject([{ title: 'a', summary: 'b' }]);
  });

  it('keeps its text whole, a picture inside it included', async () => {
    const words = 'word '.repeat(80_000);
    const feed = await read(
      rss(`<description><![CDATA[<p>${words}</p><img src="data:image/png;base64,${LONG}">end]]></description>`),
    );
    expect(feed.items[0]?.summary).toBe(`${words.trim()}\n\nend`);
    expect(feed.limits).toEqual([]);
  });
});
