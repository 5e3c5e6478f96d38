import { describe, expect, it } from 'vitest';
import { planImport, slugOf } from '../../src/feeds/import-feeds.ts';
import { readOpml, writeOpml } from '../../src/feeds/opml.ts';

const opml = (body: string) =>
  `<?xml version="1.0"?><opml version="2.0"><head><title> My &amp; feeds </title></head><body>${body}</body></opml>`;
const one = (attributes: string) => readOpml(opml(`<outline type="rss" ${attributes} />`));

describe('reading OPML', () => {
  it('finds feeds at any depth, with the folders they stand in', () => {
    const reading = readOpml(
      opml(`<outline text="World"><outline title="Asia" text="a">
        <outline text="Yonhap" xmlUrl="https://en.yna.co.kr/RSS/news.xml" category="/wire,Korea"/>
      </outline></outline><outline text="Lone" xmlUrl="http://lone.test/"/>`),
    );
    expect(reading).toEqual({
      title: 'My & feeds',
      feeds: [
        { url: 'https://en.yna.co.kr/RSS/news.xml', name: 'Yonhap', folders: ['World', 'Asia', 'wire', 'Korea'] },
        { url: 'http://lone.test/', name: 'Lone', folders: [] },
      ],
      skipped: [],
    });
  });

  it('reads what is not well-formed: bare ampersands, quotes within quotes, missing ends, any case', () => {
    expect(one('text="News & views" xmlUrl="https://a.test/?a=1&lang=en&copy=2"').feeds[0]).toMatchObject({
      name: 'News & views',
      url: 'https://a.test/?a=1&lang=en&copy=2',
    });
    expect(one('text="Gazeta "Herald". Main" title="Gazeta "Herald". Main" xmlUrl="https://b.test/"').feeds).toEqual([
      { url: 'https://b.test/', name: 'Gazeta "Herald". Main', folders: [] },
    ]);
    expect(one("text='NYT > World' XMLURL='https://c.test/'").feeds[0]).toMatchObject({ name: 'NYT > World' });
    const open = readOpml(
      '<opml><body><outline text="x" xmlUrl="https://d.test/"><outline text="y" xmlUrl="https://e.test/">',
    );
    expect(open.feeds.map(({ url, folders }) => [url, folders])).toEqual([
      ['https://d.test/', []],
      ['https://e.test/', []],
    ]);
    expect(readOpml('').feeds).toEqual([]);
    expect(readOpml('not OPML at all <<<>>> "').feeds).toEqual([]);
  });

  it('says what it skips and why', () => {
    const reading = readOpml(
      opml(`<outline text="1" xmlUrl="https://a.test/"/><outline text="F"><outline text="2" xmlUrl="https://a.test/#x"/></outline>
        <outline text="3" xmlUrl="ftp://a.test/"/><outline text="4" xmlUrl=""/><outline xmlUrl="https://u:p@a.test/"/>
        <outline text="5" xmlUrl="feed://b.test/rss"/><outline text="6" xmlUrl="feed:https://c.test/"/>`),
    );
    expect(reading.feeds.map(({ url }) => url)).toEqual(['https://a.test/', 'http://b.test/rss', 'https://c.test/']);
    expect(reading.feeds[0]!.folders).toEqual(['F']);
    expect(reading.skipped.map(({ reason }) => reason)).toEqual([
      'listed twice',
      ...Array(3).fill('not an http or https address without credentials'),
    ]);
  });

  it('takes no longer for a file that is made to be slow', () => {
    const startedAt = performance.now();
    readOpml('<outline text="'.repeat(50_000));
    readOpml('<outline>'.repeat(100_000));
    readOpml(`<outline ${'a="" '.repeat(100_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('writing OPML', () => {
  it('is read back as it was, whatever characters the names have', () => {
    const feeds = [
      { url: 'https://a.test/?a=1&b=2', name: '"Quotes" <and> \u0007bells & ампер', tags: ['wire', 'asia'] },
      { url: 'https://b.test/', name: 'b', tags: [] },
      { url: 'https://c.test/', name: 'c', tags: ['wire'] },
    ];
    const text = writeOpml('Attaché', feeds, Date.parse('2023-08-16T10:00:00Z'));
    expect(text).toContain('<dateCreated>Wed, 16 Aug 2023 10:00:00 GMT</dateCreated>');
    const reading = readOpml(text);
    expect(reading.title).toBe('Attaché');
    expect(reading.feeds).toEqual([
      { url: 'https://a.test/?a=1&b=2', name: '"Quotes" <and> bells & ампер', folders: ['wire', 'asia'] },
      { url: 'https://c.test/', name: 'c', folders: ['wire'] },
      { url: 'https://b.test/', name: 'b', folders: [] },
    ]);
  });
});

describe('importing', () => {
  it('adds what is new under free ids, and knows an address in its other spellings', () => {
    const feed = (name: string, url: string, folders: string[] = []) => ({ name, url, folders });
    const plan = planImport(
      [
        feed('BBC World', 'http://www.bbc.test/rss/'),
        feed('Le Monde: Défense', 'https://lemonde.test/rss', ['À la une', 'Мир']),
        feed('Українська правда', 'https://www.pravda.test/rss'),
        feed('BBC World', 'https://other.test/'),
        feed('BBC World', 'https://third.test/'),
      ],
      [{ id: 'bbc-world', url: 'https://bbc.test/rss' }],
    );
    expect(plan.known).toEqual(['http://www.bbc.test/rss/']);
    expect(plan.added).toEqual([
      { id: 'le-monde-defense', url: 'https://lemonde.test/rss', name: 'Le Monde: Défense', tags: ['a-la-une'] },
      { id: 'pravda-test', url: 'https://www.pravda.test/rss', name: 'Українська правда' },
      { id: 'bbc-world-2', url: 'https://other.test/', name: 'BBC World' },
      { id: 'bbc-world-3', url: 'https://third.test/', name: 'BBC World' },
    ]);
    expect(slugOf(`${'x'.repeat(63)}-yz`)).toBe('x'.repeat(63));
  });
});
