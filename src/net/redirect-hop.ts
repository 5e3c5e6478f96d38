/** Headers that belong to one origin and stay behind when a redirect leaves it (RFC 9110, 15.4; Fetch, 4.4). */
const ORIGIN_BOUND = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding']);

export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody: boolean;
}

/**
 * Where a response leads.
 *
 * @param hop the request just answered, with lower-case header names.
 * @param privateHeaders further header names, lower case, that are secrets of the first origin.
 * @returns the next request, or null when the response is the final one (no redirect, or one without a usable
 *   Location). The fragment is dropped, 303 and a POST's 301 or 302 become GET (RFC 9110, 15.4), and what was meant
 *   for one origin is not shown to another.
 */
export function nextHop(
  hop: Hop,
  response: { readonly status: number; readonly location: string | undefined },
  privateHeaders: ReadonlySet<string>,
): Hop | null {
  if (!REDIRECTS.has(response.status) || !response.location) return null;
  const url = URL.parse(response.location, hop.url.href);
  if (!url) return null;
  url.hash = '';
  const becomesGet =
    (response.status === 303 && hop.method !== 'HEAD') ||
    ((response.status === 301 || response.status === 302) && hop.method === 'POST');
  const isSameOrigin = url.origin === hop.url.origin;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) =>
        (isSameOrigin || !(ORIGIN_BOUND.has(name) || privateHeaders.has(name))) &&
        !(becomesGet && BODY_HEADERS.has(name)),
    ),
  );
  return { url, method: becomesGet ? 'GET' : hop.method, headers, hasBody: hop.hasBody && !becomesGet };
}
