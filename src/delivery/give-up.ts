import { currentRound, type DeliverDeps, type DeliveryJob, type Endpoint } from './deliver-alert.ts';

/**
 * Puts a delivery that the queue will not try again into the dead letter, where it can be asked for anew. Its bytes are frozen if they can be, since the job that
 * holds the alert is at its end. Answers false where its round is over already. Throws what the store throws.
 */
export async function giveUpDelivery(
  deps: Pick<DeliverDeps, 'deliveries' | 'now'>,
  job: DeliveryJob,
  endpoint: Endpoint,
  reason: string,
): Promise<boolean> {
  const nowMs = deps.now();
  const begun = await deps.deliveries.begin(job, renderedOrNull(job, endpoint), { nowMs, log: true });
  const before = currentRound(begun.state, job.round, nowMs);
  if (before === null) return false;
  return deps.deliveries.record(job, {
    ...before,
    status: 'dead',
    lastAtMs: nowMs,
    lastReason: reason,
    nextMs: null,
  });
}

/** What cannot be put into the subscriber's format may be the very reason. */
function renderedOrNull({ alert }: DeliveryJob, endpoint: Endpoint): string | null {
  try {
    return alert === undefined ? null : endpoint.render(alert);
  } catch {
    return null;
  }
}
