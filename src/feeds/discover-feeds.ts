import { Parser } from 'htmlparser2';

export interface DiscoveredFeed {
  readonly url: string;
  readonly title: string;
}

const FEED_TYPES =
  /^\s*(application\/(rss|atom|rdf|feed)\+(xml|json)|application\/feed\+json|text\/xml|application\/xml)\s*(;|$)/i;
const MAX_FOUND = 50;

/**
 * The feeds that an HTML page offers: `<link rel="alternate" type="application/rss+xml" href="…">` (RSS Advisory Board,
 * "RSS Autodiscovery").
 *
 * @param base the page's address.
 */
export function discoverFeeds(html: string, base: string): DiscoveredFeed[] {
  const found = new Map<string, DiscoveredFeed>();
  let from = base;
  const parser = new Parser({
    onopentag(name, { rel, type, href, title }) {
      if (name === 'base' && href) from = URL.parse(href, base)?.href ?? base;
      if (name !== 'link' || !href || !/(^|\s)alternate(\s|$)/i.test(rel ?? '') || !FEED_TYPES.test(type ?? '')) return;
      const url = URL.parse(href, from);
      if (!url?.protocol.startsWith('http') || found.size >= MAX_FOUND) return;
      if (!found.has(url.href)) found.set(url.href, { url: url.href, title: title?.trim() ?? '' });
    },
  });
  parser.end(html);
  return [...found.values()];
}
