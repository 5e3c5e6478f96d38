import { createHash } from 'node:crypto';
import type { NoticeCode } from '../alerts/alert-schema.ts';
import { buildNotice } from '../alerts/payload.ts';
import type { DeliveryQueue } from './delivery-job.ts';
import type { DeliveryStore } from './delivery-store.ts';
import {
  decideHealth,
  type EndpointState,
  freshEndpoint,
  gateEndpoint,
  type HealthDecision,
} from './endpoint-health.ts';
import type { EndpointStore, ReadEndpoint } from './endpoint-store.ts';
import type { SendOutcome } from './retry-plan.ts';
import { noticeId } from './watch-budget.ts';

export interface HealthDeps {
  readonly endpoints: EndpointStore;
  readonly deliveries: Pick<DeliveryStore, 'counts'>;
  readonly queue: Pick<DeliveryQueue, 'add'>;
  readonly now: () => number;
}

/** Other processes report attempts at the same endpoint; a state lost to them this often is the next attempt's to write. */
const MAX_CONFLICTS = 10;

export type EndpointTurn =
  | { readonly action: 'try'; readonly read: ReadEndpoint }
  | { readonly action: 'wait'; readonly untilMs: number; readonly reason: string }
  | { readonly action: 'refuse'; readonly reason: string };

/** Whether an endpoint is tried now; for a paused one the turn is claimed, so that one delivery alone probes it. */
export async function enterEndpoint(deps: HealthDeps, subscriberId: string, url: string): Promise<EndpointTurn> {
  for (let tries = 0; ; tries++) {
    const read = await deps.endpoints.read(subscriberId);
    const gate = gateEndpoint(read.state, hashUrl(url), deps.now());
    if (gate.action !== 'try') return gate;
    if (gate.state.status === 'up') return { action: 'try', read };
    if (await deps.endpoints.replace(subscriberId, read, gate.state)) {
      return { action: 'try', read: { state: gate.state, stored: JSON.stringify(gate.state) } };
    }
    if (tries >= MAX_CONFLICTS)
      return { action: 'wait', untilMs: deps.now() + 60_000, reason: 'the endpoint is paused' };
  }
}

export interface AttemptReport {
  readonly subscriberId: string;
  readonly endpoint: { readonly url: string; readonly fallback?: string | undefined };
  readonly outcome: SendOutcome;
  readonly disable: boolean;
  readonly reason: string;
  /** The state as it was before the attempt. */
  readonly read: ReadEndpoint;
}

/** Stores what an attempt says of its endpoint. A pause, an end and a return are said first, so that a crash cannot swallow them, and once. */
export async function reportAttempt(deps: HealthDeps, report: AttemptReport): Promise<HealthDecision['event']> {
  const { subscriberId, endpoint, outcome, disable, reason } = report;
  let { read } = report;
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const nowMs = deps.now();
    if (tries > 0) read = await deps.endpoints.read(subscriberId);
    const urlHash = hashUrl(endpoint.url);
    const before = read.state?.urlHash === urlHash ? read.state : null;
    if (before === null && outcome.kind === 'response' && outcome.status < 300) return null;
    const state = before ?? freshEndpoint(urlHash);
    const decision = decideHealth(state, { outcome, disable, reason, nowMs });
    if (decision.event !== null) await say(deps, report, decision, state, nowMs);
    if (await deps.endpoints.replace(subscriberId, read, decision.state)) return decision.event;
  }
  return null;
}

/** Takes an endpoint up again that was paused or gone, because an operator's ping got through. */
export async function reviveEndpoint(
  deps: Pick<HealthDeps, 'endpoints'>,
  subscriberId: string,
  url: string,
): Promise<void> {
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const read = await deps.endpoints.read(subscriberId);
    if (read.state === null || (await deps.endpoints.replace(subscriberId, read, freshEndpoint(hashUrl(url))))) return;
  }
}

/** A short hash of an endpoint's URL, which may be a secret. */
export function hashUrl(url: string): string {
  return createHash('sha256').update(url).digest('base64url').slice(0, 16);
}

async function say(
  deps: HealthDeps,
  { subscriberId, endpoint, reason }: AttemptReport,
  { event, state }: HealthDecision,
  before: EndpointState,
  nowMs: number,
): Promise<void> {
  const since = new Date(before.failingSinceMs ?? state.failingSinceMs ?? nowMs).toISOString();
  const { dead, pending } = await deps.deliveries.counts(subscriberId);
  const [code, message]: [NoticeCode, string] =
    event === 'paused'
      ? [
          'endpoint-paused',
          `The endpoint of “${subscriberId}” has failed since ${since} (${reason}). It is paused and tried now and then; ${pending} alerts wait.`,
        ]
      : event === 'disabled'
        ? [
            'endpoint-disabled',
            `The endpoint of “${subscriberId}” answered 410 Gone and is off until it gets another URL.`,
          ]
        : [
            'endpoint-resumed',
            `The endpoint of “${subscriberId}” answers again; it had failed since ${since}. ${pending} alerts follow by themselves, ${dead} were given up and can be replayed.`,
          ];
  // Made of what stays the same when the step is run again: the failures' beginning, or the hour of the 410.
  const alertId = noticeId(
    code,
    subscriberId,
    state.urlHash,
    event === 'disabled' ? new Date(nowMs).toISOString().slice(0, 13) : since,
  );
  const alert = buildNotice({
    alertId,
    code,
    message,
    subject: { subscriber: subscriberId },
    details: { since, pending, dead },
    atMs: nowMs,
  });
  const listeners = new Set(event === 'resumed' ? [subscriberId, endpoint.fallback] : [endpoint.fallback]);
  for (const listener of listeners) {
    if (listener !== undefined && (event === 'resumed' || listener !== subscriberId)) {
      await deps.queue.add({ subscriberId: listener, alertId, round: 0, alert });
    }
  }
}
