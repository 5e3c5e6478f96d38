import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FeedHints } from './parsed-feed.ts';

/** A hub that a feed offers, and the address under which the hub knows the feed. */
export interface HubOffer {
  readonly hub: string;
  readonly topic: string;
}

/** What is known of a subscription; times in ms. */
export interface HubSubscription extends HubOffer {
  readonly status: 'asked' | 'active' | 'refused';
  readonly askedAt: number;
  /** How often in a row it was asked for without an answer. */
  readonly attempts: number;
  readonly leaseUntil: number | null;
  readonly lastPushAt: number | null;
  readonly reason: string | null;
  /** Where the hub was told to push; one that was stored before this was kept has none. */
  readonly callback?: string;
  /** What the feed's earlier hub was asked to end, when this one took its place. */
  readonly left?: { readonly topic: string; readonly at: number };
}

export interface SubscriptionPlan {
  readonly action: 'subscribe' | 'none';
  readonly reason: string;
}

/** Ten days: hubs may give less, and mostly do not give more. */
export const LEASE_SEC = 10 * 86_400;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RENEW_BEFORE_MS = 2 * DAY;
const REFUSED_WAIT_MS = 7 * DAY;

/**
 * The hub that a feed offers: in the HTTP Link header, else in the document (WebSub, section 4). Without a rel="self"
 * the address it was found at is its topic.
 */
export function hubOffer(link: string | undefined, hints: FeedHints | null, feedUrl: string): HubOffer | null {
  const header = readLinks(link);
  const hub = header.get('hub') ?? hints?.hub;
  const topic = header.get('self') ?? hints?.self ?? feedUrl;
  const [hubUrl, topicUrl] = [hub ? URL.parse(hub, feedUrl) : null, URL.parse(topic, feedUrl)];
  if (!hubUrl?.protocol.startsWith('http') || !topicUrl?.protocol.startsWith('http')) return null;
  return { hub: hubUrl.href, topic: topicUrl.href };
}

/** RFC 8288: `<https://hub.example/>; rel="hub", <…>; rel=self`; the first of each relation. */
function readLinks(header: string | undefined): Map<string, string> {
  const links = new Map<string, string>();
  for (const [, url, parameters] of (header ?? '').slice(0, 8_192).matchAll(/<([^<>]*)>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters!);
    for (const one of (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/))
      if (one && !links.has(one)) links.set(one, url!);
  }
  return links;
}

/** Whether to ask a hub now: at first, when the offer changed, before a lease ends, and again when nobody answered. */
export function planSubscription(
  offer: HubOffer | null,
  known: HubSubscription | null,
  now: number,
  callback?: string,
): SubscriptionPlan {
  if (!offer) return { action: 'none', reason: 'the feed offers no hub' };
  if (!known) return { action: 'subscribe', reason: 'a hub was found' };
  if (known.hub !== offer.hub || known.topic !== offer.topic)
    return { action: 'subscribe', reason: 'the hub or topic changed' };
  if (known.callback !== undefined && callback !== undefined && known.callback !== callback)
    return { action: 'subscribe', reason: 'the public address changed' };
  if (known.status === 'active') {
    const ends = (known.leaseUntil ?? 0) - Math.min(RENEW_BEFORE_MS, ((known.leaseUntil ?? 0) - known.askedAt) / 3);
    return now >= ends
      ? { action: 'subscribe', reason: 'the lease ends soon' }
      : { action: 'none', reason: 'subscribed' };
  }
  const wait = known.status === 'refused' ? REFUSED_WAIT_MS : Math.min(HOUR * 2 ** (known.attempts - 1), DAY);
  return now >= known.askedAt + wait
    ? { action: 'subscribe', reason: `${known.status} before; time to try again` }
    : { action: 'none', reason: `${known.status}; waiting` };
}

/** The last parts of a feed's callback address. They cannot be guessed, so that nobody else can claim to be the hub. */
export function callbackToken(key: string, feedId: string): string {
  return createHmac('sha256', key).update(`callback:${feedId}`).digest('base64url').slice(0, 32);
}

/** The secret that a hub signs with (WebSub, 5.1: under 200 bytes); derived, so that none needs to be stored. */
export function hubSecret(key: string, feedId: string): string {
  return createHmac('sha256', key).update(`secret:${feedId}`).digest('base64url');
}

export function isCallbackToken(key: string, feedId: string, token: string): boolean {
  return isSame(callbackToken(key, feedId), token);
}

const ALGORITHMS = new Set(['sha1', 'sha256', 'sha384', 'sha512']);

/**
 * Whether a push is the hub's: `X-Hub-Signature: sha256=<hex>` over the bytes of the body (WebSub, section 8; sha1 is
 * what many hubs still send, and as an HMAC it holds).
 */
export function isHubSignature(secret: string, body: Uint8Array, header: string | undefined): boolean {
  const [algorithm, hex] = (header ?? '').trim().split('=', 2);
  if (!algorithm || !hex || !ALGORITHMS.has(algorithm.toLowerCase())) return false;
  return isSame(createHmac(algorithm.toLowerCase(), secret).update(body).digest('hex'), hex.toLowerCase());
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
