import type { OpmlFeed } from './opml.ts';

/** A feed as feeds.yaml lists it. */
export interface ImportedFeed {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly tags?: readonly string[];
}

export interface FeedImport {
  readonly added: readonly ImportedFeed[];
  readonly known: readonly string[];
}

const MAX_ID = 64;

/**
 * Which feeds of a list are new, and what they are called: ids are made from the name, from the host where the name
 * has no Latin letters, and numbered where they are taken. Addresses that differ only in scheme, `www.` or a trailing
 * slash are one feed.
 *
 * @param existing the configured feeds.
 */
export function planImport(
  listed: readonly OpmlFeed[],
  existing: readonly { readonly id: string; readonly url: string }[],
): FeedImport {
  const urls = new Set(existing.map(({ url }) => comparable(url)));
  const ids = new Set(existing.map(({ id }) => id));
  const added: ImportedFeed[] = [];
  const known: string[] = [];
  for (const feed of listed) {
    if (urls.has(comparable(feed.url))) {
      known.push(feed.url);
      continue;
    }
    urls.add(comparable(feed.url));
    const id = freeId(slugOf(feed.name) || slugOf(hostName(feed.url)) || 'feed', ids);
    ids.add(id);
    const tags = [...new Set(feed.folders.map(slugOf).filter((tag) => tag !== ''))];
    added.push({ id, url: feed.url, name: feed.name, ...(tags.length ? { tags } : {}) });
  }
  return { added, known };
}

/** Lower-case letters, digits and hyphens, at most 64; empty when nothing of it is Latin. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_ID)
    .replace(/-+$/, '');
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const id = base.slice(0, MAX_ID - suffix.length) + suffix;
    if (!taken.has(id)) return id;
  }
}

function hostName(url: string): string {
  return new URL(url).hostname.replace(/^(www|feeds?|rss)\./, '');
}

function comparable(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  return `${parsed.host.replace(/^www\./, '')}${parsed.pathname.replace(/\/$/, '')}${parsed.search}`;
}
