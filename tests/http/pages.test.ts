import { expect, test } from 'vitest';
import { chooseFeeds, type FeedRow, feedsPage, readFeedsQuery } from '../../src/http/pages/feeds-page.ts';
import { highlight } from '../../src/http/pages/highlight.ts';
import { html, linkOut, words } from '../../src/http/pages/html.ts';

test('whatever is put into a page is text: markup, quotes, controls and marks that turn the direction lose their power', () => {
  const hostile = '<script>alert("1")</script>\u202E\u0000\uD800 & \'x\'';
  expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
    `<p title="${'&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\uFFFD &amp; &#39;x&#39;'}">${'&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\uFFFD &amp; &#39;x&#39;'}</p>`,
  );
  expect(words('مرحبا', '"><img>').text).toBe('<bdi>مرحبا</bdi>');
  expect(words('مرحبا', 'ar').text).toBe('<bdi lang="ar">مرحبا</bdi>');
});

test('only http and https addresses become links, and the place learns nothing of this page', () => {
  expect(linkOut('https://outlet.example/a?b="c', 'open').text).toBe(
    '<a class="out" href="https://outlet.example/a?b=%22c" rel="noopener noreferrer nofollow">open</a>',
  );
  for (const url of [
    'javascript:alert(1)',
    ' data:text/html,x',
    'JAVASCRIPT:x',
    'vbscript:x',
    'file:///etc/passwd',
    '//x',
    null,
  ]) {
    expect(linkOut(url, 'open').text).toBe('open');
  }
});

test('marks that lie over each other keep every letter once, and a watch shows before a tag', () => {
  const marked = highlight('Polish border guard <b>', [
    { start: 0, end: 6, by: 'tag', label: 'PL' },
    { start: 0, end: 13, by: 'watch', label: 'Borders' },
    { start: 7, end: 19, by: 'tag', label: 'polish-border-guard' },
    { start: 20, end: 99, by: 'tag', label: 'outside' },
  ]);
  expect(marked.text).toBe(
    '<mark title="PL, Borders">Polish</mark><mark title="Borders"> </mark><mark title="Borders, polish-border-guard">border</mark><mark class="tag" title="polish-border-guard"> guard</mark> &lt;b&gt;',
  );
});

const row = (id: string, more: Partial<FeedRow> = {}): FeedRow => ({
  id,
  name: id,
  country: null,
  kind: null,
  tags: [],
  status: 'ok',
  problems: [],
  lastNewArticleAt: null,
  nextAt: null,
  rhythmSec: null,
  ...more,
});

test('feeds are filtered and sorted by the address alone, and an address that asks for nonsense shows them all', () => {
  const rows = [
    row('b', { tags: ['wires'], lastNewArticleAt: 5 }),
    row('a', { status: 'broken', country: 'PL' }),
    row('c', { status: 'warning', kind: 'wire', lastNewArticleAt: 9 }),
  ];
  const ids = (query: string) => chooseFeeds(rows, readFeedsQuery(new URLSearchParams(query))).map(({ id }) => id);
  expect(ids('')).toEqual(['a', 'c', 'b']);
  expect(ids('sort=name')).toEqual(['a', 'b', 'c']);
  expect(ids('sort=news')).toEqual(['c', 'b', 'a']);
  expect(ids('q=WIRE&sort=name')).toEqual(['b', 'c']);
  expect(ids('status=broken')).toEqual(['a']);
  expect(ids('status=<script>&sort=__proto__&page=-1')).toEqual(['a', 'c', 'b']);
});

test('five thousand feeds are shown a hundred at a time', () => {
  const rows = Array.from({ length: 5000 }, (_, n) => row(`feed-${n}`));
  const page = feedsPage(rows, readFeedsQuery(new URLSearchParams('q=feed&page=2')), 0).body.text;
  expect(page.match(/<tr>/g)).toHaveLength(101);
  expect(page).toContain('Page 2 of 50');
  expect(page).toContain('/feeds?q=feed&amp;sort=status&amp;page=3');
});
