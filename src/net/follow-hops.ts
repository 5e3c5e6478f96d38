import { type AskDeps, askHop, dnsTimeout } from './ask-hop.ts';
import { ACCEPT_ENCODING } from './decode-body.ts';
import { EgressError, HttpError, toHttpError } from './http-error.ts';
import type { HttpRequest, HttpResponse } from './http-request.ts';
import { type Hop, nextHop } from './redirect-hop.ts';
import { startRequestTime } from './request-time.ts';

export interface FollowDeps extends AskDeps {
  readonly userAgent: string;
  readonly closing: AbortSignal;
  /** How long a request may wait for places of ours, in all. */
  readonly placeWaitMs: number;
}

/**
 * One request with its redirects, within its time.
 *
 * @throws EgressError, HttpError; `crowded` when no place for its body was free in time, or the connection ended while it waited for one.
 */
export async function followHops(deps: FollowDeps, request: HttpRequest): Promise<HttpResponse> {
  const startedAt = performance.now();
  const aborter = new AbortController();
  const abort = (error: unknown) => aborter.abort(error);
  let hop = firstHop(request, deps.userAgent);
  const time = startRequestTime(
    { timeMs: request.totalTimeoutMs, waitMs: deps.placeWaitMs },
    {
      timeOver: () =>
        abort(
          dnsTimeout(deps, hop, request.totalTimeoutMs) ??
            new HttpError('total-timeout', `not done within ${request.totalTimeoutMs} ms`),
        ),
      waitOver: () => abort(new HttpError('crowded', `no place to read the body within ${deps.placeWaitMs} ms`)),
    },
  );
  const onCallerAbort = () =>
    abort(new HttpError('aborted', 'the caller gave up', { cause: request.signal?.reason as unknown }));
  const onClose = () => abort(deps.closing.reason);
  if (request.signal?.aborted) onCallerAbort();
  request.signal?.addEventListener('abort', onCallerAbort, { once: true });
  deps.closing.addEventListener('abort', onClose, { once: true });

  const privateHeaders = new Set(request.privateHeaders?.map((name) => name.toLowerCase()));
  const redirects: { status: number; location: string }[] = [];
  try {
    for (;;) {
      if (redirects.length > 0) await request.beforeHop?.(hop.url);
      const answer = await askHop(deps, request, hop, { aborter, time });
      const location = answer.headers.location;
      const next: Hop | null =
        request.maxRedirects === 0 ? null : nextHop(hop, { status: answer.status, location }, privateHeaders);
      if (!next) {
        const timings = { headersMs: answer.headersMs, totalMs: performance.now() - startedAt };
        return { ...answer, url: hop.url.href, redirects, timings };
      }
      redirects.push({ status: answer.status, location: next.url.href });
      if (redirects.length > request.maxRedirects)
        throw new HttpError('too-many-redirects', `over ${request.maxRedirects} redirects`, { origin: hop.url.origin });
      hop = next;
    }
  } catch (error) {
    throw toHttpError(error, hop.url.origin);
  } finally {
    time.stop();
    request.signal?.removeEventListener('abort', onCallerAbort);
    deps.closing.removeEventListener('abort', onClose);
  }
}

function firstHop(request: HttpRequest, userAgent: string): Hop {
  const url = URL.parse(request.url);
  if (!url) throw new EgressError('bad-url', 'not a URL');
  url.hash = '';
  const headers: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': ACCEPT_ENCODING };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  return { url, method: request.method, headers, hasBody: request.body !== undefined };
}
