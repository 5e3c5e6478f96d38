/** When feeds are asked. Times in seconds. */
export interface PollPolicy {
  /** The operator's bounds of the adaptive interval; a feed's own `every` stands outside them. */
  readonly minIntervalSec: number;
  readonly maxIntervalSec: number;
  /** For a feed whose rhythm is not known yet. */
  readonly defaultIntervalSec: number;
  /** The interval is this share of the mean time between two articles: a quarter finds an article an eighth late. */
  readonly rhythmShare: number;
  /** Up to this share of the interval is added at random, never taken away. */
  readonly jitterShare: number;
  /** How long a publisher's wish (Cache-Control, Expires, ttl, sy:) is honoured at most. Retry-After has no such bound. */
  readonly maxWishSec: number;
  /** A permanent redirect counts after so many polls in a row. */
  readonly moveAfterPolls: number;
  /** A moved address that fails so many times in a row is given up for the configured one. */
  readonly moveBackAfterErrors: number;
}

export const DEFAULT_POLL_POLICY: PollPolicy = {
  minIntervalSec: 300,
  maxIntervalSec: 7_200,
  defaultIntervalSec: 1_800,
  rhythmShare: 0.25,
  jitterShare: 0.1,
  // A day, as Miniflux and Feedly bound it: longer ones are static hosting's defaults, not wishes.
  maxWishSec: 86_400,
  moveAfterPolls: 3,
  moveBackAfterErrors: 3,
};

/** How an error delays the next poll: at least `firstSec`, times `factor` for each further one, up to `maxSec`. */
export interface Backoff {
  readonly firstSec: number;
  readonly factor: number;
  readonly maxSec: number;
  /** May come before the feed's normal interval: nobody was asked. */
  readonly mayComeEarly?: boolean;
}

const DAY = 86_400;
const DEFAULT_BACKOFF: Backoff = { firstSec: 0, factor: 2, maxSec: DAY };

/** No name, no question put to anyone: mostly our own network is down, and news waits behind it. */
const NOBODY_ASKED: Backoff = { firstSec: 60, factor: 2, maxSec: DAY, mayComeEarly: true };

/** By error code. What will not mend itself within minutes is not asked for every few minutes. */
const BACKOFFS: Readonly<Record<string, Backoff>> = {
  dns: NOBODY_ASKED,
  'dns-timeout': NOBODY_ASKED,
  'not-found': { firstSec: 3_600, factor: 2, maxSec: DAY },
  forbidden: { firstSec: 3_600, factor: 2, maxSec: DAY },
  // RFC 6585 leaves the wait open when there is no Retry-After.
  'too-many-requests': { firstSec: 3_600, factor: 2, maxSec: DAY },
  'too-large': { firstSec: 7_200, factor: 2, maxSec: DAY },
  'denied-address': { firstSec: 3_600, factor: 2, maxSec: DAY },
  'denied-scheme': { firstSec: DAY, factor: 1, maxSec: DAY },
  'denied-port': { firstSec: DAY, factor: 1, maxSec: DAY },
  credentials: { firstSec: DAY, factor: 1, maxSec: DAY },
  'bad-url': { firstSec: DAY, factor: 1, maxSec: DAY },
};

/**
 * The wait after an error.
 *
 * @param streak errors in a row, this one included; 1 or more.
 * @param normalSec the interval the feed would have had.
 */
export function backoffSec(code: string, streak: number, normalSec: number): number {
  const { firstSec, factor, maxSec, mayComeEarly = false } = BACKOFFS[code] ?? DEFAULT_BACKOFF;
  const leastSec = mayComeEarly ? firstSec : normalSec;
  const first = Math.max(firstSec, leastSec);
  return Math.max(Math.min(first * factor ** Math.min(streak - 1, 30), maxSec), leastSec);
}
