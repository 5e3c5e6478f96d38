import { hash } from 'node:crypto';
import { canonicalUrl, isFrontPageKey, urlKey } from './canonical-url.ts';

/** What identity is made of; a `ParsedItem` fits. */
export interface IdentifiedItem {
  readonly guid: string | null;
  readonly link: string | null;
  readonly originalLink?: string;
  readonly title: string;
}

/**
 * The id of an article: the same in every feed that carries it, by the hash of its address; by the feed and the guid where it has no address, by the feed
 * and the title where it has neither. Where an address stands for more than one article (a front page, or one that several items of this document share
 * although their guids differ: a live page, a list of notices), the guid, else the title, joins the address, so that no item is eaten by another.
 *
 * @param feedId used only where the item has no address
 * @param shared keys from `sharedAddresses`
 * @returns 32 hex digits
 */
export function articleId(item: IdentifiedItem, feedId: string, shared: ReadonlySet<string> = new Set()): string {
  return articleIdAt(addressOf(item), item, feedId, shared);
}

/** As `articleId`, of an item whose address (`addressOf`) is known. */
export function articleIdAt(
  url: string | null,
  item: IdentifiedItem,
  feedId: string,
  shared: ReadonlySet<string> = new Set(),
): string {
  if (url === null) return digest(item.guid ? ['guid', feedId, item.guid] : ['title', feedId, fold(item.title)]);
  const key = urlKey(url);
  return digest(shared.has(key) || isFrontPageKey(key) ? ['url+', key, discriminator(item)] : ['url', key]);
}

/** The canonical address of an item: where the piece stands, not the proxy that feeds lead through. */
export function addressOf(item: IdentifiedItem, base?: string): string | null {
  return canonicalUrl(item.originalLink ?? item.link ?? '', base);
}

/** The addresses in one document that stand for several articles: two items with different guids (or titles, without guids) have them. */
export function sharedAddresses(items: readonly IdentifiedItem[]): Set<string> {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  for (const item of items) {
    const url = addressOf(item);
    if (url === null) continue;
    const key = urlKey(url);
    const own = discriminator(item);
    const known = first.get(key);
    if (known === undefined) first.set(key, own);
    else if (known !== own) shared.add(key);
  }
  return shared;
}

/**
 * The key of an item in its feed's seen set. It rests on guid and address together: guids that a feed gives to every item alike do not hide news, and an
 * address that several items share does not either. A feed that changes its guids has its items looked at again, which changes nothing: the article's id stays.
 *
 * @returns 11 characters of base64url (64 bits: enough for the items of one feed)
 */
export function itemKey(item: IdentifiedItem): string {
  const url = addressOf(item);
  const address = url === null ? '' : urlKey(url);
  const parts =
    item.guid || (url && !isFrontPageKey(address)) ? [item.guid ?? '', address] : ['title', address, fold(item.title)];
  return shortDigest(parts.join('\0'));
}

/**
 * The guids of a document that tell its items apart. An outlet that edits a headline often moves the piece to an address made of the new one; the guid then is
 * what shows that it is the same piece. One that several items share says nothing, and the only one of a document might be the same for ever (`latest`),
 * unless it looks like a name that was made for one piece: a URL with a path, or several digits.
 */
export function reliableGuids(items: readonly Pick<IdentifiedItem, 'guid'>[]): Set<string> {
  const times = new Map<string, number>();
  for (const { guid } of items) if (guid !== null) times.set(guid, (times.get(guid) ?? 0) + 1);
  const lonely = items.length < 2;
  return new Set(
    [...times].filter(([guid, count]) => count === 1 && (!lonely || MADE_FOR_ONE.test(guid))).map(([guid]) => guid),
  );
}

const MADE_FOR_ONE = /^https?:\/\/[^/]+\/.+|\d\D*\d\D*\d\D*\d/;

/** The key of a guid in its feed's seen set: 12 characters, apart from every `itemKey`. */
export function guidKey(guid: string): string {
  return `g${shortDigest(`guid\0${guid}`)}`;
}

/**
 * A short hash of what a reader sees. Two versions that differ only in what nobody reads as news (white space, case, punctuation, typographic quotes, an
 * outlet's name behind the title, "UPDATE 1-" before it) have the same.
 *
 * @returns 16 hex digits
 */
export function revisionOf({ title, summary, text }: { title: string; summary: string; text: string }): string {
  return digest([fold(bareTitle(title)), fold(summary), fold(text)]).slice(0, 16);
}

/** Marks that agencies put before a headline when they send it again (Reuters' and AP's style books; dpa, TASS). */
const TITLE_MARK =
  /^(?:(?:update|wrapup|wrap-up|refile|corrected|correction|rpt|exclusive|breaking|breaking news|urgent|just in|watch|live|factbox|korr|eil|срочно|urgente?)(?:\s?\d{1,2})?\s?[-:–—|]\s?)+/iu;

function bareTitle(title: string): string {
  const unmarked = title.trim().replace(TITLE_MARK, '');
  const tail = /^(.+?)\s[-–—|]\s([^-–—|]{2,40})$/u.exec(unmarked);
  // An outlet's name is short and without figures; what is left must still be a headline.
  const isOutlet =
    tail &&
    tail[2] !== undefined &&
    tail[2].split(/\s+/).length <= 4 &&
    !/\d/.test(tail[2]) &&
    (tail[1] ?? '').split(/\s+/).length >= 3;
  return isOutlet ? (tail[1] ?? unmarked) : unmarked;
}

function discriminator(item: IdentifiedItem): string {
  return item.guid ? `guid:${item.guid}` : `title:${fold(item.title)}`;
}

/** Letters and digits alone, in one case and form. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function digest(parts: readonly string[]): string {
  return hash('sha256', parts.join('\0'), 'hex').slice(0, 32);
}

const shortDigest = (text: string): string => hash('sha256', text, 'buffer').subarray(0, 8).toString('base64url');
