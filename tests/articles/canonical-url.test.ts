import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl, isFrontPageKey, urlKey } from '../../src/articles/canonical-url.ts';

const target = 'https://paper.example/world/story-7';
const CANONICAL: readonly [raw: string, canonical: string][] = [
  ['HTTPS://Paper.Example:443/world/story-7', target],
  ['https://user:secret@paper.example/world/story-7#comments', target],
  ['https://paper.example./world/./x/../story-7?', target],
  ['https://paper.example/world/story-7?utm_source=rss&utm_medium=feed', target],
  ['https://paper.example/world/story-7?fbclid=x&at_campaign=64&CMP=share_btn&xtor=RSS-1', target],
  ['https://paper.example/world/story-7?partner=rss&mod=rss_world&traffic_source=rss', target],
  ['https://paper.example/world/story-7?id=2&utm_source=a&page=1', `${target}?id=2&page=1`],
  ['https://paper.example/world/story-7?source=minister&ref=12', `${target}?source=minister&ref=12`],
  ['https://paper.example/world/story-7;jsessionid=9F?PHPSESSID=1', target],
  ['https://paper.example/world/story-7?amp=1', target],
  ['https://paper.example/world/story-7?outputType=amp', target],
  ['https://paper.example/world/story-7/amp/', `${target}/`],
  ['https://paper.example/caf%c3%a9/%7Eanna?q=%2f', 'https://paper.example/caf%C3%A9/~anna?q=%2F'],
  ['https://парламент.example/', 'https://xn--80aapwghijx.example/'],
  ['https://app.example/#!/news/7', 'https://app.example/#!/news/7'],
  ['/world/story-7', target],
  [`https://www.google.com/url?rct=j&sa=t&url=${encodeURIComponent(target)}&ct=ga`, target],
  [`https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=${encodeURIComponent(`${target}?utm_source=bing`)}`, target],
  ['https://www.google.co.uk/amp/s/paper.example/world/story-7', target],
  ['https://paper-example.cdn.ampproject.org/c/s/paper.example/world/story-7', target],
  [
    `https://l.facebook.com/l.php?u=${encodeURIComponent(`https://t.umblr.com/redirect?z=${encodeURIComponent(target)}`)}`,
    target,
  ],
  [
    `https://news.google.com/rss/articles/${Buffer.from(`\b\x13"\x28${target}\xd2\x01\0`, 'latin1').toString('base64url')}?oc=5`,
    target,
  ],
  [`https://us.rd.yahoo.com/dailynews/rss/*${target}`, target],
];

describe('canonicalUrl', () => {
  it.each(CANONICAL)('%s becomes %s', (raw, canonical) => {
    expect(canonicalUrl(raw, 'https://paper.example/feed')).toBe(canonical);
  });

  it.each([
    '',
    'mailto:a@b.example',
    'javascript:alert(1)',
    'ftp://a.example/x',
    'data:text/html,x',
    'http://',
    `https://a.example/${'x'.repeat(9_000)}`,
  ])('refuses %j', (raw) => {
    expect(canonicalUrl(raw)).toBeNull();
  });

  it('keeps the order of parameters, which may be signed', () => {
    expect(canonicalUrl('https://a.example/?b=2&a=1&utm_term=x&b=1')).toBe('https://a.example/?b=2&a=1&b=1');
  });

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const once = canonicalUrl(url);
        expect(once).not.toBeNull();
        expect(canonicalUrl(once!)).toBe(once);
      }),
    );
  });
});

describe('urlKey', () => {
  it('is the same for the addresses of one article that differ in scheme, www, mobile or AMP host, slash and order of parameters', () => {
    const variants = [
      'http://paper.example/world/story-7/?b=1&a=2',
      'https://www.paper.example/world/story-7?a=2&b=1',
      'https://m.paper.example/world/story-7?a=2&b=1&utm_source=x',
      'https://amp.paper.example/world/story-7/amp/?b=1&a=2',
      'https://paper.example/amp/world/story-7?b=1&a=2',
      'https://paper.example/world/story-7/index.html?b=1&a=2',
    ];
    expect(new Set(variants.map((url) => urlKey(canonicalUrl(url)!)))).toEqual(
      new Set(['paper.example/world/story-7?a=2&b=1']),
    );
    expect(urlKey('https://en.m.wikipedia.org/wiki/Minsk')).toBe(urlKey('https://en.wikipedia.org/wiki/Minsk'));
  });

  it('keeps apart what differs in path, parameters, port or case of the path', () => {
    const others = [
      'https://a.example/x',
      'https://a.example/X',
      'https://a.example/x?p=1',
      'https://a.example:8443/x',
      'https://b.a.example/x',
      'https://m.example/x',
    ];
    expect(new Set(others.map(urlKey)).size).toBe(others.length);
  });

  it('knows a front page', () => {
    const isFrontPage = (url: string): boolean => isFrontPageKey(urlKey(url));
    expect(['https://a.example/', 'https://www.a.example/index.php', 'https://m.a.example'].map(isFrontPage)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['https://a.example/x', 'https://a.example/?p=1', 'https://a.example/#!/x'].map(isFrontPage)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
