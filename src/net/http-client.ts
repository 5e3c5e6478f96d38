import { createSecureContext } from 'node:tls';
import { ProxyAgent } from 'undici';
import { createEgressGuard, type EgressGuard, type EgressPolicy } from './egress-guard.ts';
import { followHops } from './follow-hops.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import { HttpError } from './http-error.ts';
import type { HttpRequest, HttpResponse } from './http-request.ts';
import { createNameLookups, type LookupAll, type NameLookups } from './name-lookups.ts';
import { createOriginPools, type OriginPools } from './origin-pools.ts';
import { createPlaces } from './places.ts';

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
  /** How long a request may wait for a place for its body. 30 s by default. */
  readonly placeWaitMs?: number;
  /** The resolver, for tests; Node's own by default. */
  readonly lookup?: LookupAll;
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
/** Twice as long as a body may take, so that places change hands twice; well within the lease of a poll's claim. */
const PLACE_WAIT_MS = 30_000;
const MAX_SESSIONS = 2_000;
const MAX_HEADER_BYTES = 32 * 1024;

/**
 * The one way out of the program: feeds, hubs and webhooks all use a client made here, and each client belongs to one
 * policy, so no connection is ever shared between two. It keeps no cookies and sends no referrer.
 *
 * @throws EgressError `bad-policy` when the policy cannot be read.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { userAgent, placeWaitMs = PLACE_WAIT_MS } = options;
  const guard = createEgressGuard(options.policy);
  const lookups = createNameLookups(options.lookup);
  const closing = new AbortController();
  const pools = createPools(options, { guard, lookups, closing: closing.signal });
  const places = { largeBodies: createPlaces(LARGE_BODIES), decoders: createPlaces(DECODERS) };
  return {
    request: (request) =>
      followHops({ guard, pools, lookups, ...places, userAgent, placeWaitMs, closing: closing.signal }, request),
    async close(graceMs = 5_000) {
      const timer = setTimeout(() => closing.abort(new HttpError('closed', 'the client was closed')), graceMs);
      await pools.close();
      clearTimeout(timer);
    },
  };
}

interface PoolDeps {
  readonly guard: EgressGuard;
  readonly lookups: NameLookups;
  readonly closing: AbortSignal;
}

function createPools(options: HttpClientOptions, { guard, lookups, closing }: PoolDeps): OriginPools {
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
    closing,
  });
  return createOriginPools({ ...pool, connect }, options.maxOrigins ?? 1_000);
}
