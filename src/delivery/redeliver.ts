import type { DeliveryQueue } from './delivery-job.ts';
import type { DeliveryKey, DeliveryState, DeliveryStore } from './delivery-store.ts';

export interface RedeliverDeps {
  readonly deliveries: DeliveryStore;
  readonly queue: Pick<DeliveryQueue, 'add'>;
  readonly now: () => number;
}

export interface RetryInput {
  readonly subscriberId: string;
  /** Only these; without it all that failed for good. */
  readonly alertIds?: readonly string[];
  readonly limit: number;
}

/** Tries dead deliveries again: a new round of ten attempts each, with the same ids and bytes. Returns which. */
export async function retryDead(deps: RedeliverDeps, input: RetryInput): Promise<DeliveryKey[]> {
  const dead = await deps.deliveries.list(input.subscriberId, 'dead', input.limit);
  const chosen = dead.filter(({ alertId }) => input.alertIds?.includes(alertId) ?? true);
  // The oldest first, as they happened; the list has the newest first.
  for (const { alertId, state } of chosen.reverse()) {
    await queueRound(deps, { subscriberId: input.subscriberId, alertId }, state);
  }
  return chosen.map(({ subscriberId, alertId }) => ({ subscriberId, alertId }));
}

export interface ReplayInput {
  readonly subscriberId: string;
  /** A cursor of the subscriber's log; `''` is the oldest alert kept. */
  readonly after: string;
  readonly limit: number;
}

export interface ReplayResult {
  readonly queued: readonly string[];
  /** Past alerts whose body is no longer kept. */
  readonly expired: number;
  /** Ask on with it when `more`. */
  readonly next: string;
  readonly more: boolean;
  /** Alerts after the cursor were dropped before this replay. */
  readonly gap: boolean;
}

/** Sends past alerts again, delivered ones too; receivers know them by their id. One that is still being tried is left to its own plan. */
export async function replayAlerts(deps: RedeliverDeps, input: ReplayInput): Promise<ReplayResult> {
  const page = await deps.deliveries.readLog(input.subscriberId, input.after, input.limit);
  const queued: string[] = [];
  let expired = 0;
  for (const { alertId, body, state } of page.alerts) {
    if (body === null) expired++;
    else if (state !== null && state.status !== 'pending') {
      await queueRound(deps, { subscriberId: input.subscriberId, alertId }, state);
      queued.push(alertId);
    }
  }
  return { queued, expired, next: page.next, more: page.alerts.length === input.limit, gap: page.gap };
}

/** The job first, the mark after: a crash in between leaves a job that begins its round by itself. */
async function queueRound(deps: RedeliverDeps, key: DeliveryKey, state: DeliveryState | null): Promise<void> {
  const round = (state?.round ?? 0) + 1;
  await deps.queue.add({ ...key, round });
  const nowMs = deps.now();
  await deps.deliveries.record(key, {
    v: 1,
    status: 'pending',
    round,
    attempts: 0,
    roundStartedMs: nowMs,
    lastAtMs: nowMs,
    lastReason: 'asked for again',
    nextMs: nowMs,
  });
}
