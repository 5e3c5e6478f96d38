import { createSecureContext } from 'node:tls';
import { type Dispatcher, ProxyAgent } from 'undici';
import { ACCEPT_ENCODING, decodeBody, isPlain } from './decode-body.ts';
import { createEgressGuard, type EgressGuard, type EgressPolicy } from './egress-guard.ts';
import { type BodyPlan, type Exchange, type ExchangeResult, exchange } from './exchange.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import { EgressError, HttpError, type ResponseHead, toHttpError } from './http-error.ts';
import { createNameLookups, type LookupAll, type NameLookups } from './name-lookups.ts';
import { createOriginPools, type OriginPools } from './origin-pools.ts';
import { createPlaces, type Places } from './places.ts';
import { type Hop, nextHop } from './redirect-hop.ts';

export interface HttpClientOptions {
  readonly policy: EgressPolicy;
  /** Sent with each request that brings none of its own, e.g. `Attache/1.0 (+https://example.org/bot; bot@example.org)`. */
  readonly userAgent: string;
  /** Sockets to one origin at a time. Feeds: 1. */
  readonly connectionsPerOrigin?: number;
  /** Origins whose pools are kept. */
  readonly maxOrigins?: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs?: number;
  readonly connectTimeoutMs?: number;
  /** Extra trusted certificates, PEM, for hosts with a private authority. */
  readonly ca?: string | readonly string[];
  /** The resolver, for tests; Node's own by default. */
  readonly lookup?: LookupAll;
}

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The most a body may weigh, on the wire and after each decoding step. */
  readonly maxBytes: number;
  /** 0: a redirect is returned as the response, not followed. */
  readonly maxRedirects: number;
  /** From the start of each hop to the end of its headers; includes the connection. */
  readonly headersTimeoutMs: number;
  /** From the first hop's start to the last byte, decoded. */
  readonly totalTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Header names that are secrets of the first origin: they stay behind when a redirect leaves it. */
  readonly privateHeaders?: readonly string[];
  /** Asked before each further hop; may throw to stop, e.g. when that host is busy. */
  readonly beforeHop?: (url: URL) => Promise<void> | void;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several lines of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: Uint8Array;
  /** Where the response came from, after redirects. */
  readonly url: string;
  /** Each redirect followed: its status and the absolute URL it led to. */
  readonly redirects: readonly { readonly status: number; readonly location: string }[];
  readonly timings: { readonly headersMs: number; readonly totalMs: number };
}

export interface HttpClient {
  /** @throws EgressError when the guard says no, HttpError for everything else that fails. A status is no error. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Ends idle connections, waits for running requests for `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** Bodies over a quarter of a megabyte that are read at a time: what all hosts together can make us hold. */
const LARGE_BODIES = 4;
/** Bodies that are unpacked at a time; each may take a window of 16 MiB and twice its output. */
const DECODERS = 2;
const MAX_SESSIONS = 2_000;
const MAX_HEADER_BYTES = 32 * 1024;
/** Of a redirect's own body, so that its connection can be kept. */
const DRAINED_BYTES = 16 * 1024;

/**
 * The one way out of the program: feeds, hubs and webhooks all use a client made here, and each client belongs to one
 * policy, so no connection is ever shared between two. It keeps no cookies and sends no referrer.
 *
 * @throws EgressError `bad-policy` when the policy cannot be read.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const guard = createEgressGuard(options.policy);
  const lookups = createNameLookups(options.lookup);
  const pools = createPools(options, guard, lookups);
  const closing = new AbortController();
  const places = { largeBodies: createPlaces(LARGE_BODIES), decoders: createPlaces(DECODERS) };
  return {
    request: (request) =>
      followHops({ guard, pools, lookups, ...places, userAgent: options.userAgent, closing: closing.signal }, request),
    async close(graceMs = 5_000) {
      const timer = setTimeout(() => closing.abort(new HttpError('closed', 'the client was closed')), graceMs);
      await pools.close();
      clearTimeout(timer);
    },
  };
}

interface Deps {
  readonly guard: EgressGuard;
  readonly pools: OriginPools;
  readonly lookups: NameLookups;
  readonly largeBodies: Places;
  readonly decoders: Places;
  readonly userAgent: string;
  readonly closing: AbortSignal;
}

function createPools(options: HttpClientOptions, guard: EgressGuard, lookups: NameLookups): OriginPools {
  const connections = options.connectionsPerOrigin ?? 1;
  const keepAliveTimeout = options.keepAliveMs ?? 4_000;
  const pool = {
    connections,
    keepAliveTimeout,
    // A server's own hint may shorten the time, not lengthen it.
    keepAliveMaxTimeout: keepAliveTimeout,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Both limits are kept by each request's own timers, which also see what these do not: queues and drips.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  };
  const { proxy } = options.policy;
  if (proxy) {
    const agent = new ProxyAgent({ ...pool, uri: proxy, requestTls: options.ca ? { ca: [options.ca].flat() } : {} });
    return { dispatcherFor: () => agent, close: () => agent.close() };
  }
  const secureContext = createSecureContext(options.ca ? { ca: [options.ca].flat() } : {});
  const connect = createGuardedConnect({
    guard,
    secureContext,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    maxSessions: MAX_SESSIONS,
    lookups,
  });
  return createOriginPools({ ...pool, connect }, options.maxOrigins ?? 1_000);
}

async function followHops(deps: Deps, request: HttpRequest): Promise<HttpResponse> {
  const startedAt = performance.now();
  const aborter = new AbortController();
  const abort = (error: unknown) => aborter.abort(error);
  let hop = firstHop(request, deps.userAgent);
  const timer = setTimeout(
    () =>
      abort(
        dnsTimeout(deps, hop, request.totalTimeoutMs) ??
          new HttpError('total-timeout', `not done within ${request.totalTimeoutMs} ms`),
      ),
    request.totalTimeoutMs,
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
      const answer = await askHop(deps, request, hop, aborter);
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
    clearTimeout(timer);
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

/** The time is over while the hop's name is still being looked up: nobody was asked. */
function dnsTimeout({ lookups }: Deps, hop: Hop, ms: number): HttpError | null {
  if (!lookups.isPending(hop.url.hostname)) return null;
  return new HttpError('dns-timeout', `no address for the name within ${ms} ms`, { origin: hop.url.origin });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly headersMs: number;
}

async function askHop(deps: Deps, request: HttpRequest, hop: Hop, aborter: AbortController): Promise<Answer> {
  const verdict = deps.guard.checkUrl(hop.url);
  if (!verdict.allowed) throw new EgressError(verdict.code, verdict.reason, { origin: hop.url.origin });
  const startedAt = performance.now();
  let headersMs = 0;
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
    headersMs = performance.now() - startedAt;
    const isFollowed = request.maxRedirects > 0 && status >= 300 && status < 400 && headers.location !== undefined;
    return isFollowed ? { isWanted: false, maxBytes: DRAINED_BYTES } : { isWanted: true, maxBytes: request.maxBytes };
  };
  let head: ResponseHead | undefined;
  try {
    const { body: sent, ...response } = await ask(deps, request, hop, { signal: aborter.signal, onHead });
    head = response;
    const encoding = head.headers['content-encoding'];
    const body = isPlain(sent, encoding) ? sent : await decodeInTurn(deps, sent, encoding, request.maxBytes);
    // Decoding is bounded in size; its time belongs to the total as well.
    aborter.signal.throwIfAborted();
    return { ...head, body, headersMs };
  } catch (error) {
    throw withHead(error, hop.url.origin, head);
  } finally {
    clearTimeout(timer);
  }
}

async function decodeInTurn(
  { decoders }: Deps,
  sent: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  let leave = (): void => {};
  await new Promise<void>((resolve) => {
    const onFree = (): void => resolve();
    leave = () => decoders.leave(onFree);
    if (decoders.take(onFree)) resolve();
  });
  try {
    return await decodeBody(sent, encoding, maxBytes);
  } finally {
    leave();
  }
}

/** Errors of a body that name where it came from, and keep the head it came with. */
function withHead(error: unknown, origin: string, head: ResponseHead | undefined): unknown {
  if (!(error instanceof HttpError) || (error.code !== 'too-large' && error.code !== 'bad-encoding')) return error;
  const message = error.message.replace(/^http: /, '');
  return new HttpError(error.code, message, { cause: error.cause, origin, response: error.response ?? head });
}

/** One request; once more when a kept connection turned out to be closed by the other side before it said a word. */
async function ask(
  deps: Deps,
  request: HttpRequest,
  hop: Hop,
  { signal, onHead }: Pick<Exchange, 'signal' | 'onHead'>,
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
