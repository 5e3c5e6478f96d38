/** Cache-Control, Age, Expires and Date as the response has them. */
export interface CacheHeaders {
  readonly 'cache-control'?: string;
  readonly age?: string;
  readonly expires?: string;
  readonly date?: string;
}

/**
 * How much longer a response is fresh (RFC 9111, 4.2): max-age less Age, else Expires less Date. We are a private
 * client, so s-maxage does not concern us; no-cache, no-store and an unreadable Expires mean not at all.
 *
 * @returns seconds from the moment it was received, at least 0, or null when the response says nothing.
 */
export function freshForSec(headers: CacheHeaders, receivedAt: number): number | null {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  if (/(^|[\s,])no-(cache|store)\b(?!=)/.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})/.exec(control)?.[1];
  if (maxAge !== undefined) {
    const age = /^\d{1,12}$/.test(headers.age?.trim() ?? '') ? Number(headers.age) : 0;
    return Math.max(Number(maxAge) - age, 0);
  }
  if (headers.expires === undefined) return null;
  const expires = Date.parse(headers.expires);
  if (Number.isNaN(expires)) return 0;
  const date = headers.date ? Date.parse(headers.date) : Number.NaN;
  return Math.max(Math.floor((expires - (Number.isNaN(date) ? receivedAt : date)) / 1000), 0);
}
