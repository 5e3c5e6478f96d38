import type { ParsedFeed, ParsedItem } from '../../../src/feeds/parsed-feed.ts';

/** A name, the document, what its items must say (as far as it is told), and what the feed itself must say. */
export type WildFeed = readonly [
  name: string,
  document: string,
  items: readonly Partial<ParsedItem>[],
  feed?: Partial<ParsedFeed>,
];

export const NAMESPACES =
  'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" ' +
  'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom" ' +
  'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"';

export const rss = (inner: string, attributes = ''): string =>
  `<rss version="2.0" ${attributes}><channel><title>t</title>${inner}</channel></rss>`;
export const item = (inner: string, attributes = ''): string => rss(`<item>${inner}</item>`, attributes);
export const atom = (inner: string, attributes = ''): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>t</title>${inner}</feed>`;
