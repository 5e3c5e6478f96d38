/** A server that is told wrong dates must not silence a feed for good. */
const MAX_WAIT_SEC = 31 * 86_400;
const DAY_MS = 86_400_000;

/**
 * Reads Retry-After (RFC 9110, 10.2.3): seconds, or an HTTP date.
 *
 * A date is also compared with the response's own Date, and the longer wait counts: whichever clock is wrong, the
 * server is not asked before its date.
 *
 * @param receivedAt our clock when the response came, ms.
 * @returns how long to wait in seconds, at least 0 and at most 31 days, or null when there is no readable value.
 */
export function retryAfterSec(
  value: string | undefined,
  responseDate: string | undefined,
  receivedAt: number,
): number | null {
  const text = value?.trim();
  if (!text) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text)), MAX_WAIT_SEC);
  // Date.parse also makes years of bare numbers; each form of a date that has a time of day has a colon.
  const until = text.includes(':') ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return null;
  const serverNow = responseDate ? Date.parse(responseDate) : Number.NaN;
  const isClockUsable = Math.abs(serverNow - receivedAt) < DAY_MS;
  const waitMs = Math.max(until - receivedAt, isClockUsable ? until - serverNow : 0, 0);
  return Math.min(Math.ceil(waitMs / 1000), MAX_WAIT_SEC);
}
