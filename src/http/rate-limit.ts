import { isIPv6 } from 'node:net';

/** A token bucket: `burst` requests at once, `perSec` more each second. */
export interface RateLimit {
  readonly burst: number;
  readonly perSec: number;
}

/** Null: it may pass. Else the whole seconds, at least one, after which one more may (Retry-After, RFC 9110 10.2.3). */
export type RateDecision = { readonly retryAfterSec: number } | null;

export interface RateLimiter {
  /** Takes a token of the bucket `bucket` (an address and what it asks for) at `nowMs`. */
  take(bucket: string, limit: RateLimit, nowMs: number): RateDecision;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Some 100 bytes each. */
const MAX_BUCKETS = 10_000;

/**
 * Token buckets in memory, at most `maxBuckets` of them: where one more is needed, the one that was asked least recently goes. A flood from more addresses than
 * that is bounded by the number of connections, not here.
 */
export function createRateLimiter(maxBuckets = MAX_BUCKETS): RateLimiter {
  // A Map keeps the order of insertion: whoever asks is put at its end.
  const buckets = new Map<string, Bucket>();
  return {
    take(name, limit, nowMs) {
      const known = buckets.get(name);
      buckets.delete(name);
      const bucket = refilled(known, limit, nowMs);
      if (buckets.size >= maxBuckets) buckets.delete(buckets.keys().next().value!);
      buckets.set(name, bucket);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return null;
      }
      return { retryAfterSec: Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSec)) };
    },
  };
}

/** A clock that was set back refills nothing and takes nothing away. */
function refilled(known: Bucket | undefined, { burst, perSec }: RateLimit, nowMs: number): Bucket {
  if (known === undefined) return { tokens: burst, atMs: nowMs };
  const passedSec = Math.max(0, nowMs - known.atMs) / 1000;
  return { tokens: Math.min(burst, known.tokens + passedSec * perSec), atMs: nowMs };
}

/**
 * Whom a limit counts as one client: an IPv4 address, or the /64 of an IPv6 one, which a single subscriber has to himself (RFC 6177, RIPE-690). No header such as
 * X-Forwarded-For is believed, since anybody can send one: behind a reverse proxy all its clients are one.
 */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
