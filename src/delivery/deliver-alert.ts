import type { Alert } from '../alerts/alert-schema.ts';
import type { DeliveryKey, DeliveryState, DeliveryStore } from './delivery-store.ts';
import { type DeliveryDecision, decideDelivery, type SendOutcome } from './retry-plan.ts';
import { sendWebhook, type WebhookClient } from './send-webhook.ts';
import type { Signer } from './sign.ts';

/** What a job of the queue `deliver` says. */
export interface DeliveryJob extends DeliveryKey {
  /** 0 at first; higher where the alert was asked for again. A job of an older round has nothing left to do. */
  readonly round: number;
  /** The alert, until its body is frozen; a replay needs none. */
  readonly alert?: Alert;
}

/** A subscriber's endpoint as delivering needs it. */
export interface Endpoint {
  readonly url: string;
  readonly signer: Signer | null;
  /** The body in the subscriber's format. */
  readonly render: (alert: Alert) => string;
}

export interface DeliverDeps {
  readonly deliveries: DeliveryStore;
  readonly client: WebhookClient;
  readonly now: () => number;
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

/**
 * Makes one attempt at one delivery: freezes the body, signs, sends, decides, and records before it returns. Safe to run again at any point;
 * a crash between the answer and the record means a second attempt with the same id and the same bytes.
 * Throws only what the store throws.
 */
export async function deliverAlert(deps: DeliverDeps, job: DeliveryJob, endpoint: Endpoint): Promise<DeliverResult> {
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
  const outcome = await sendWebhook(deps, {
    url: endpoint.url,
    id: job.alertId,
    body: begun.body,
    signer: endpoint.signer,
  });
  const nowMs = deps.now();
  const decision = decideDelivery({
    outcome,
    attempts: before.attempts + 1,
    ageMs: nowMs - before.roundStartedMs,
    nowMs,
    random: deps.random(),
  });
  const after = stateAfter(before, decision, nowMs);
  await deps.deliveries.record(job, after);
  if (after.nextMs !== null) return { action: 'delay', untilMs: after.nextMs, reason: decision.reason, outcome };
  if (after.status === 'delivered') return { action: 'done', reason: decision.reason, outcome };
  return { action: 'dead', reason: decision.reason, outcome, disable: decision.action === 'disable' };
}

/** The state to go on from, or null where this round is over: delivered, dead or replaced by a newer one. */
function currentRound(state: DeliveryState | null, round: number, nowMs: number): DeliveryState | null {
  if (state !== null && (state.round > round || (state.round === round && state.status !== 'pending'))) return null;
  if (state !== null && state.round === round) return state;
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
