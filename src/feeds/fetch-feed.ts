import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpClient } from '../net/http-client.ts';
import { EgressError, type EgressErrorCode, HttpError, type HttpErrorCode } from '../net/http-error.ts';
import type { HttpResponse } from '../net/http-request.ts';
import type { FeedSpec, FeedState, Validators } from './feed-state.ts';
import { freshForSec } from './freshness.ts';
import { permanentTarget } from './permanent-move.ts';
import { mayAsk, type PollCause, planRequest, validatorsOf } from './poll-request.ts';
import { retryAfterSec } from './retry-after.ts';

export type StatusErrorCode =
  | 'not-found'
  | 'forbidden'
  | 'too-many-requests'
  | 'client-error'
  | 'server-error'
  | 'bad-redirect'
  | 'unexpected-not-modified'
  | 'odd-status';
export type FetchErrorCode = EgressErrorCode | HttpErrorCode | StatusErrorCode;

/** What any answer, or its failing, says about the next time. */
export interface Answered {
  readonly isConditional: boolean;
  readonly requestedAt: number;
  /** Null: nothing was heard. */
  readonly status: number | null;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** The end of an unbroken chain of permanent redirects. */
  readonly permanentUrl: string | null;
  readonly validators: Validators | null;
  readonly freshForSec: number | null;
  readonly retryAfterSec: number | null;
}

export type FetchOutcome =
  | (Answered & { readonly kind: 'not-modified' })
  | (Answered & { readonly kind: 'unchanged-body'; readonly bodyHash: string })
  | (Answered & {
      readonly kind: 'body';
      readonly bodyHash: string;
      readonly bytes: Uint8Array;
      readonly contentType: string | null;
      readonly headers: Readonly<Record<string, string>>;
    })
  | (Answered & { readonly kind: 'gone' })
  | (Answered & { readonly kind: 'error'; readonly code: FetchErrorCode; readonly message: string })
  /** Nothing was learned: it is not the time, or we had no room for an answer. */
  | { readonly kind: 'deferred'; readonly at: number; readonly reason: string };

export interface FetchLimits {
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly headersTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

export const DEFAULT_FETCH_LIMITS: FetchLimits = {
  maxBytes: 5 * 1024 * 1024,
  maxRedirects: 5,
  headersTimeoutMs: 10_000,
  totalTimeoutMs: 15_000,
};

/** Keeps several workers from asking one host at the same time; a redirect may lead to a host nobody claimed. */
export interface HopGate {
  /** True when the host was free and is now ours until `leave`. */
  enter(host: string): Promise<boolean>;
  leave(host: string): Promise<void>;
}

export interface FetchDeps {
  readonly client: HttpClient;
  readonly clock: () => number;
  readonly limits?: FetchLimits;
  readonly gate?: HopGate;
  /** How long a redirect waits for a host where another poll is. */
  readonly gateWaitMs?: number;
}

const GATE_WAIT_MS = 5_000;
const GATE_LOOK_EVERY_MS = 250;
/** The redirecting host has been asked in vain: that must not happen every few seconds. */
const BUSY_HOST_WAIT_MS = 300_000;
/** We had no room for the answer, and the server sent a quarter of a megabyte in vain: soon, but not at once. */
const CROWDED_WAIT_MS = 120_000;

/**
 * Asks a feed once.
 *
 * @param input `cause` is `due` by default; a push or a person may come before the publisher's wish, never before a
 *   Retry-After.
 * @returns what was heard. Failures are outcomes, not exceptions; only an aborted or closed client throws HttpError
 *   `aborted` or `closed`, for then nothing is known of the feed.
 */
export async function fetchFeed(
  deps: FetchDeps,
  input: {
    readonly feed: FeedSpec;
    readonly state: FeedState;
    readonly cause?: PollCause;
    readonly signal?: AbortSignal;
  },
): Promise<FetchOutcome> {
  const { feed, state } = input;
  const requestedAt = deps.clock();
  const notYet = mayAsk(state, input.cause ?? 'due', requestedAt);
  if (notYet) return { kind: 'deferred', ...notYet };
  const plan = planRequest(feed, state, requestedAt);
  const entered = new Set<string>();
  const ownHost = URL.parse(plan.url)?.hostname;
  try {
    const response = await deps.client.request({
      url: plan.url,
      method: 'GET',
      headers: plan.headers,
      privateHeaders: plan.privateHeaders,
      ...(deps.limits ?? DEFAULT_FETCH_LIMITS),
      ...(input.signal ? { signal: input.signal } : {}),
      beforeHop: async ({ hostname }) => {
        if (!deps.gate || hostname === ownHost || entered.has(hostname)) return;
        if (!(await enterInTime(deps.gate, hostname, deps.gateWaitMs ?? GATE_WAIT_MS)))
          throw new HttpError('busy', `another poll is at ${hostname}`);
        entered.add(hostname);
      },
    });
    return judgeResponse(feed, state, { isConditional: plan.isConditional, requestedAt }, response, deps.clock());
  } catch (error) {
    return judgeFailure(feed, state, { isConditional: plan.isConditional, requestedAt }, error, deps.clock());
  } finally {
    for (const host of entered) await deps.gate?.leave(host);
  }
}

async function enterInTime(gate: HopGate, host: string, waitMs: number): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += GATE_LOOK_EVERY_MS) {
    if (await gate.enter(host)) return true;
    if (waitedMs >= waitMs) return false;
    await wait(GATE_LOOK_EVERY_MS);
  }
}

type Asked = Pick<Answered, 'isConditional' | 'requestedAt'>;

function judgeResponse(
  feed: FeedSpec,
  state: FeedState,
  asked: Asked,
  response: HttpResponse,
  receivedAt: number,
): FetchOutcome {
  const { status, headers, url } = response;
  const isSuccess = status === 304 || (status >= 200 && status < 300);
  const answered: Answered = {
    ...asked,
    ...wishesOf(headers, receivedAt),
    status,
    url,
    permanentUrl: isSuccess ? permanentTarget(state.url, response.redirects) : null,
    validators: isSuccess ? validatorsOf(headers) : null,
  };
  if (status === 304 && asked.isConditional) return { ...answered, kind: 'not-modified' };
  if (status === 410) return { ...answered, kind: 'gone' };
  if (!isSuccess || status === 304) {
    const code = statusCode(status);
    return {
      ...answered,
      kind: 'error',
      code,
      message: `feed ${feed.id}: ${code}: status ${status} (${originOf(url)})`,
    };
  }
  const bodyHash = hash('sha256', response.body, 'base64url').slice(0, 22);
  if (bodyHash === state.bodyHash) return { ...answered, kind: 'unchanged-body', bodyHash };
  const contentType = headers['content-type'] ?? null;
  return { ...answered, kind: 'body', bodyHash, bytes: response.body, contentType, headers };
}

function judgeFailure(
  feed: FeedSpec,
  state: FeedState,
  asked: Asked,
  error: unknown,
  receivedAt: number,
): FetchOutcome {
  if (!(error instanceof HttpError || error instanceof EgressError)) throw error;
  if (error.code === 'aborted' || error.code === 'closed') throw error;
  if (error.code === 'busy') return { kind: 'deferred', at: receivedAt + BUSY_HOST_WAIT_MS, reason: error.message };
  const response = error instanceof HttpError ? error.response : undefined;
  const wishes = wishesOf(response?.headers ?? {}, receivedAt);
  if (error.code === 'crowded') {
    const waitMs = Math.max(CROWDED_WAIT_MS, (wishes.retryAfterSec ?? 0) * 1000);
    return { kind: 'deferred', at: receivedAt + waitMs, reason: `crowded: ${error.message}` };
  }
  return {
    ...asked,
    ...wishes,
    kind: 'error',
    code: error.code,
    message: `feed ${feed.id}: ${error.message}`,
    status: response?.status ?? null,
    url: state.url,
    permanentUrl: null,
    validators: response && response.status < 300 ? validatorsOf(response.headers) : null,
  };
}

function wishesOf(headers: Readonly<Record<string, string>>, receivedAt: number) {
  return {
    freshForSec: freshForSec(headers, receivedAt),
    retryAfterSec: retryAfterSec(headers['retry-after'], headers.date, receivedAt),
  };
}

function statusCode(status: number): StatusErrorCode {
  if (status === 404) return 'not-found';
  if (status === 401 || status === 403 || status === 407 || status === 451) return 'forbidden';
  if (status === 429) return 'too-many-requests';
  if (status === 304) return 'unexpected-not-modified';
  if (status >= 500) return 'server-error';
  if (status >= 400) return 'client-error';
  return status >= 300 ? 'bad-redirect' : 'odd-status';
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? 'no URL';
}
