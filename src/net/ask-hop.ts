import type { Dispatcher } from 'undici';
import { decodeBody, isPlain } from './decode-body.ts';
import type { EgressGuard } from './egress-guard.ts';
import { type BodyPlan, type Exchange, type ExchangeResult, exchange } from './exchange.ts';
import { EgressError, HttpError, type ResponseHead, toHttpError } from './http-error.ts';
import type { HttpRequest } from './http-request.ts';
import type { NameLookups } from './name-lookups.ts';
import type { OriginPools } from './origin-pools.ts';
import type { Places } from './places.ts';
import type { Hop } from './redirect-hop.ts';
import type { RequestTime } from './request-time.ts';

export interface AskDeps {
  readonly guard: EgressGuard;
  readonly pools: OriginPools;
  readonly lookups: NameLookups;
  readonly largeBodies: Places;
  readonly decoders: Places;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly headersMs: number;
}

/** Of a redirect's own body, so that its connection can be kept. */
const DRAINED_BYTES = 16 * 1024;

/** Asks one address of a request's way, once it is allowed, and decodes what it answers. `aborter` ends it; `time` stands still while it waits for a place. */
export async function askHop(
  deps: AskDeps,
  request: HttpRequest,
  hop: Hop,
  { aborter, time }: { readonly aborter: AbortController; readonly time: RequestTime },
): Promise<Answer> {
  const verdict = deps.guard.checkUrl(hop.url);
  if (!verdict.allowed) throw new EgressError(verdict.code, verdict.reason, { origin: hop.url.origin });
  const { signal } = aborter;
  const startedAt = performance.now();
  let headersMs = 0;
  let head: ResponseHead | undefined;
  const timer = setTimeout(
    () =>
      aborter.abort(
        dnsTimeout(deps, hop, request.headersTimeoutMs) ??
          new HttpError('headers-timeout', `no headers within ${request.headersTimeoutMs} ms`),
      ),
    request.headersTimeoutMs,
  );
  const onHead = ({ status, headers }: ResponseHead): BodyPlan => {
    clearTimeout(timer);
    head = { status, headers };
    headersMs = performance.now() - startedAt;
    const isFollowed = request.maxRedirects > 0 && status >= 300 && status < 400 && headers.location !== undefined;
    return isFollowed ? { isWanted: false, maxBytes: DRAINED_BYTES } : { isWanted: true, maxBytes: request.maxBytes };
  };
  try {
    const { body: sent, status, headers } = await ask(deps, request, hop, { signal, time, onHead });
    const encoding = headers['content-encoding'];
    const body = isPlain(sent, encoding)
      ? sent
      : await decodeInTurn(deps.decoders, { signal, time }, () => decodeBody(sent, encoding, request.maxBytes));
    // Decoding is bounded in size; its time belongs to the total as well.
    signal.throwIfAborted();
    return { status, headers, body, headersMs };
  } catch (error) {
    throw named(error, hop.url.origin, head, time.hasWaited);
  } finally {
    clearTimeout(timer);
  }
}

/** For a time that is over while the hop's name is still being looked up: nobody was asked. */
export function dnsTimeout({ lookups }: Pick<AskDeps, 'lookups'>, hop: Hop, ms: number): HttpError | null {
  if (!lookups.isPending(hop.url.hostname)) return null;
  return new HttpError('dns-timeout', `no address for the name within ${ms} ms`, { origin: hop.url.origin });
}

async function decodeInTurn<T>(
  decoders: Places,
  { signal, time }: { readonly signal: AbortSignal; readonly time: RequestTime },
  decode: () => Promise<T>,
): Promise<T> {
  const turn = Promise.withResolvers<void>();
  const onFree = (): void => turn.resolve();
  const onAbort = (): void => turn.reject(signal.reason as Error);
  try {
    if (!decoders.take(onFree)) {
      time.pause();
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      await turn.promise;
    }
    time.resume();
    return await decode();
  } finally {
    signal.removeEventListener('abort', onAbort);
    decoders.leave(onFree);
  }
}

/** Errors of a body that name where it came from, and keep the head it came with. A server that is not listened to for long may well hang up: that is not its fault. */
function named(error: unknown, origin: string, head: ResponseHead | undefined, hasWaited: boolean): unknown {
  const known = hasWaited ? toHttpError(error, origin) : error;
  if (!(known instanceof HttpError)) return known;
  const message = known.message.replace(/^http: /, '');
  const response = known.response ?? head;
  if (hasWaited && (known.code === 'reset' || known.code === 'bad-response'))
    return new HttpError('crowded', 'the connection ended after it had to wait for a place', {
      cause: known,
      origin,
      response,
    });
  if (known.code !== 'too-large' && known.code !== 'bad-encoding' && known.code !== 'crowded') return known;
  return new HttpError(known.code, message, { cause: known.cause, origin, response });
}

/** One request; once more when a kept connection turned out to be closed by the other side before it said a word. */
async function ask(
  deps: AskDeps,
  request: HttpRequest,
  hop: Hop,
  { signal, time, onHead }: Pick<Exchange, 'signal' | 'time' | 'onHead'>,
): Promise<ExchangeResult> {
  const { url } = hop;
  let hasHead = false;
  const once = () =>
    exchange(deps.pools.dispatcherFor(url), {
      request: {
        origin: url.origin,
        path: url.pathname + url.search,
        method: hop.method as Dispatcher.HttpMethod,
        headers: hop.headers,
        body: hop.hasBody ? (request.body ?? null) : null,
      },
      signal,
      time,
      largeBodies: deps.largeBodies,
      onHead: (head) => {
        hasHead = true;
        return onHead(head);
      },
    });
  const wasKept = deps.pools.hasKeptConnection?.(url) ?? false;
  try {
    return await once();
  } catch (error) {
    const isStale = wasKept && !hasHead && toHttpError(error, url.origin).code === 'reset';
    if (!isStale || hop.hasBody || signal.aborted) throw error;
    return await once();
  }
}
