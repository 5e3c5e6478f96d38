import type { Alert } from '../alerts/alert-schema.ts';
import type { DeliveryJob } from './delivery-job.ts';
import type { DeliveryState, DeliveryStore } from './delivery-store.ts';
import { admitDelivery, type DigestDeps } from './digests.ts';
import type { ReadEndpoint } from './endpoint-store.ts';
import { enterEndpoint, type HealthDeps, reportAttempt } from './endpoint-watch.ts';
import { type DeliveryDecision, decideDelivery, MAX_ALERT_AGE_MS, type SendOutcome } from './retry-plan.ts';
import { sendWebhook, type WebhookClient } from './send-webhook.ts';
import type { Signer } from './sign.ts';
import type { SubscriberLimits } from './subscriber-limits.ts';

export type { DeliveryJob } from './delivery-job.ts';

/** A subscriber's endpoint as delivering needs it. */
export interface Endpoint {
  readonly url: string;
  readonly signer: Signer | null;
  /** The body in the subscriber's format. */
  readonly render: (alert: Alert) => string;
  readonly limits: SubscriberLimits;
  /** The subscriber that hears when this endpoint is paused or gone. */
  readonly fallback?: string | undefined;
}

export interface DeliverDeps extends DigestDeps, Omit<HealthDeps, 'queue'> {
  readonly deliveries: DeliveryStore;
  readonly client: WebhookClient;
  readonly random: () => number;
}

/** What the queue does with the job now. `delay` is never an attempt of the queue's own: attempts are counted in the store. */
export type DeliverResult =
  | { readonly action: 'done'; readonly reason: string; readonly outcome: SendOutcome | null }
  | {
      readonly action: 'delay';
      readonly untilMs: number;
      readonly reason: string;
      readonly outcome: SendOutcome | null;
    }
  | {
      readonly action: 'dead';
      readonly reason: string;
      readonly outcome: SendOutcome | null;
      readonly disable: boolean;
    };

/** Deliveries that wait for a paused endpoint come back spread over a minute. */
const SPREAD_MS = 60_000;

/**
 * Takes one delivery one step on: applies the subscriber's limits, freezes the body, waits for a paused endpoint, signs, sends, decides, and
 * records before it returns. Safe to run again at any point; a crash between the answer and the record means a second attempt with the same id and the
 * same bytes. Throws only what the stores and the queue throw.
 */
export async function deliverAlert(deps: DeliverDeps, job: DeliveryJob, endpoint: Endpoint): Promise<DeliverResult> {
  const admitted = await admit(deps, job, endpoint);
  if (admitted !== null) return admitted;
  const body = job.alert === undefined ? null : endpoint.render(job.alert);
  const log = job.alert?.type !== 'test.ping';
  const begun = await deps.deliveries.begin(job, body, { nowMs: deps.now(), log });
  const before = currentRound(begun.state, job.round, deps.now());
  if (before === null) return { action: 'done', reason: 'delivered or replaced already', outcome: null };
  if (begun.body === null) {
    return { action: 'dead', reason: 'the body is older than the retention', outcome: null, disable: false };
  }
  if (before.nextMs !== null && before.nextMs > deps.now()) {
    return { action: 'delay', untilMs: before.nextMs, reason: 'not yet due', outcome: null };
  }
  const gate = await enterEndpoint(deps, job.subscriberId, endpoint.url);
  if (gate.action !== 'try') return holdBack(deps, job, before, gate);
  return attempt(deps, job, endpoint, { before, body: begun.body, read: gate.read });
}

/** Null where the alert may go on; only one that was never sent is held back. */
async function admit(deps: DeliverDeps, job: DeliveryJob, { limits }: Endpoint): Promise<DeliverResult | null> {
  const { alert } = job;
  const limited = job.overBudget === true || Object.values(limits).some((limit) => limit !== undefined);
  if (alert === undefined || job.round > 0 || !limited) return null;
  const begun = await deps.deliveries.begin(job, null, { nowMs: deps.now(), log: false });
  if (begun.body !== null) return null;
  if (begun.state?.status === 'held') return { action: 'done', reason: begun.state.lastReason, outcome: null };
  const admitted = await admitDelivery(deps, { ...job, alert }, limits);
  if (admitted.action === 'send') return null;
  if (admitted.action === 'delay') return { ...admitted, outcome: null };
  // Kept beyond its digest: a step that is run again much later must not hold it for another one.
  const { reason } = admitted;
  const before = newRound(job.round, deps.now());
  await deps.deliveries.record(job, { ...before, status: 'held', lastReason: reason });
  return { action: 'done', reason, outcome: null };
}

async function attempt(
  deps: DeliverDeps,
  job: DeliveryJob,
  endpoint: Endpoint,
  start: { readonly before: DeliveryState; readonly body: string; readonly read: ReadEndpoint },
): Promise<DeliverResult> {
  const { url, signer } = endpoint;
  const { before, body, read } = start;
  const outcome = await sendWebhook(deps, { url, id: job.alertId, body, signer });
  const nowMs = deps.now();
  const decision = decideDelivery({
    outcome,
    attempts: before.attempts + 1,
    ageMs: nowMs - before.roundStartedMs,
    nowMs,
    random: deps.random(),
  });
  const { reason } = decision;
  const disable = decision.action === 'disable';
  await reportAttempt(deps, { subscriberId: job.subscriberId, endpoint, outcome, disable, reason, read });
  const after = stateAfter(before, decision, nowMs);
  await deps.deliveries.record(job, after);
  if (after.nextMs !== null) return { action: 'delay', untilMs: after.nextMs, reason, outcome };
  if (after.status === 'delivered') return { action: 'done', reason, outcome };
  return { action: 'dead', reason, outcome, disable };
}

/** An endpoint that is not to be tried now costs no attempt; it does cost time, and after 75 h the alert is in the dead letter, to be replayed. */
async function holdBack(
  deps: DeliverDeps,
  job: DeliveryJob,
  before: DeliveryState,
  gate:
    | { readonly action: 'wait'; readonly untilMs: number; readonly reason: string }
    | { readonly action: 'refuse'; readonly reason: string },
): Promise<DeliverResult> {
  const nowMs = deps.now();
  const { reason } = gate;
  if (gate.action === 'refuse' || nowMs - before.roundStartedMs >= MAX_ALERT_AGE_MS) {
    await deps.deliveries.record(job, { ...before, status: 'dead', lastAtMs: nowMs, lastReason: reason, nextMs: null });
    return { action: 'dead', reason, outcome: null, disable: false };
  }
  const untilMs = gate.untilMs + Math.round(SPREAD_MS * deps.random());
  await deps.deliveries.record(job, { ...before, lastAtMs: nowMs, lastReason: reason, nextMs: untilMs });
  return { action: 'delay', untilMs, reason, outcome: null };
}

/** The state to go on from, or null where this round is over: delivered, dead or replaced by a newer one. */
export function currentRound(state: DeliveryState | null, round: number, nowMs: number): DeliveryState | null {
  if (state !== null && (state.round > round || (state.round === round && state.status !== 'pending'))) return null;
  if (state !== null && state.round === round) return state;
  return newRound(round, nowMs);
}

function newRound(round: number, nowMs: number): DeliveryState {
  return {
    v: 1,
    status: 'pending',
    round,
    attempts: 0,
    roundStartedMs: nowMs,
    lastAtMs: nowMs,
    lastReason: '',
    nextMs: null,
  };
}

function stateAfter(before: DeliveryState, decision: DeliveryDecision, nowMs: number): DeliveryState {
  const nextMs =
    decision.action === 'retry' ? nowMs + decision.afterMs : decision.action === 'wait' ? decision.untilMs : null;
  return {
    ...before,
    status: decision.action === 'done' ? 'delivered' : nextMs === null ? 'dead' : 'pending',
    attempts: before.attempts + (decision.countAttempt ? 1 : 0),
    lastAtMs: nowMs,
    lastReason: decision.reason,
    nextMs,
  };
}
