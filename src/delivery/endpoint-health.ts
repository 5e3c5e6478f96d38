/** When an endpoint that keeps failing is left alone, tried, and taken up again. Pure. */

import type { SendOutcome } from './retry-plan.ts';

/** What is known of a subscriber's endpoint between attempts. */
export interface EndpointState {
  readonly v: 1;
  /** A hash of the URL: another URL is another endpoint, and starts afresh. */
  readonly urlHash: string;
  readonly status: 'up' | 'paused' | 'disabled';
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly lastReason: string;
  /** When a paused endpoint is tried next. */
  readonly nextProbeMs: number | null;
}

export interface HealthPolicy {
  /** So long without a success, and at least so many failures, before it is paused. */
  readonly pauseAfterMs: number;
  readonly pauseAfterFailures: number;
  readonly probeEveryMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * A day of failures and nothing else: longer than a weekend's maintenance would be too patient for an analyst, and short enough that a second
 * contact hears of it while alerts are still being retried. One delivery in a quarter of an hour shows that it is back.
 */
export const HEALTH_POLICY: HealthPolicy = {
  pauseAfterMs: 24 * HOUR_MS,
  pauseAfterFailures: 10,
  probeEveryMs: 15 * 60_000,
};

export type EndpointGate =
  | { readonly action: 'try'; readonly state: EndpointState }
  | { readonly action: 'wait'; readonly untilMs: number; readonly reason: string }
  | { readonly action: 'refuse'; readonly reason: string };

/** Whether an endpoint is tried now. A paused one is tried by one delivery at a time: `state` claims that turn and must be stored first. */
export function gateEndpoint(
  state: EndpointState | null,
  urlHash: string,
  nowMs: number,
  policy: HealthPolicy = HEALTH_POLICY,
): EndpointGate {
  const known = state === null || state.urlHash !== urlHash ? freshEndpoint(urlHash) : state;
  if (known.status === 'disabled') {
    return {
      action: 'refuse',
      reason:
        'the endpoint answered 410 Gone; another URL, or a ping it takes (attache deliveries test), turns it on again',
    };
  }
  if (known.status === 'up') return { action: 'try', state: known };
  const nextProbeMs = known.nextProbeMs ?? nowMs;
  if (nowMs < nextProbeMs) {
    return { action: 'wait', untilMs: nextProbeMs, reason: `the endpoint is paused (${known.lastReason})` };
  }
  return { action: 'try', state: { ...known, nextProbeMs: nowMs + policy.probeEveryMs } };
}

export interface HealthDecision {
  readonly state: EndpointState;
  /** What is to be said, once. */
  readonly event: 'paused' | 'resumed' | 'disabled' | null;
}

/** What an attempt says of its endpoint. `disable`: it answered 410. A 429 or 503 with Retry-After is an endpoint that is there. */
export function decideHealth(
  state: EndpointState,
  attempt: {
    readonly outcome: SendOutcome;
    readonly disable: boolean;
    readonly reason: string;
    readonly nowMs: number;
  },
  policy: HealthPolicy = HEALTH_POLICY,
): HealthDecision {
  const { outcome, disable, reason, nowMs } = attempt;
  if (disable) {
    const event = state.status === 'disabled' ? null : 'disabled';
    return { state: { ...state, status: 'disabled', lastReason: reason, nextProbeMs: null }, event };
  }
  if (outcome.kind === 'response' && outcome.status >= 200 && outcome.status < 300) {
    return { state: freshEndpoint(state.urlHash), event: state.status === 'paused' ? 'resumed' : null };
  }
  if (outcome.kind === 'error' && outcome.code === 'shutdown') return { state, event: null };
  if (
    outcome.kind === 'response' &&
    outcome.retryAfterMs !== null &&
    (outcome.status === 429 || outcome.status === 503)
  ) {
    return { state, event: null };
  }
  const failing = {
    ...state,
    failures: state.failures + 1,
    failingSinceMs: state.failingSinceMs ?? nowMs,
    lastReason: reason,
  };
  const long = nowMs - failing.failingSinceMs >= policy.pauseAfterMs && failing.failures >= policy.pauseAfterFailures;
  if (state.status === 'up' && long) {
    return { state: { ...failing, status: 'paused', nextProbeMs: nowMs + policy.probeEveryMs }, event: 'paused' };
  }
  return { state: failing, event: null };
}

/** An endpoint of which nothing bad is known. */
export function freshEndpoint(urlHash: string): EndpointState {
  return { v: 1, urlHash, status: 'up', failures: 0, failingSinceMs: null, lastReason: '', nextProbeMs: null };
}
