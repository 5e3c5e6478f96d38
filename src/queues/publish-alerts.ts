import type { Queue } from 'bullmq';
import type { StoryAlert } from '../alerts/alert-schema.ts';
import { groupDeliveries } from '../delivery/group-deliveries.ts';
import { jobId } from './job-id.ts';
import { type DeliverJob, PAYLOAD_VERSION } from './payloads.ts';

export interface PublishDeps {
  readonly matches: Pick<Queue, 'addBulk'>;
  readonly deliver: Pick<Queue<DeliverJob>, 'addBulk'>;
  /** The subscribers that a watch notifies and that are on. */
  readonly notify: (watchId: string) => readonly string[];
  /** Whether a subscriber's settings let an alert through. */
  readonly wants: (subscriberId: string, alert: StoryAlert) => boolean;
}

/**
 * Queues alerts: each on `matches` for other services, before any subscriber's limits, and one delivery for each subscriber on `deliver`. Job ids derive from
 * the alert, so that a step that is run again adds nothing twice.
 */
export async function publishAlerts(deps: PublishDeps, alerts: readonly StoryAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await deps.matches.addBulk(
    alerts.map((alert) => ({ name: alert.type, data: alert, opts: { jobId: jobId('matches', alert.data.alertId) } })),
  );
  const deliveries = groupDeliveries(alerts, deps.notify, deps.wants);
  if (deliveries.length === 0) return;
  await deps.deliver.addBulk(
    deliveries.map(({ subscriberId, alertId, alert }) => ({
      name: alert.type,
      data: { v: PAYLOAD_VERSION, subscriberId, alertId, round: 0, alert },
      opts: { jobId: deliveryJobId(subscriberId, alertId, 0) },
    })),
  );
}

/** A delivery asked for again is a new round, and a job of its own. */
export function deliveryJobId(subscriberId: string, alertId: string, round: number): string {
  return jobId('deliver', subscriberId, alertId, String(round));
}
