import type { Queue } from 'bullmq';
import type { Notice, StoryAlert } from '../alerts/alert-schema.ts';
import type { DeliveryJob } from '../delivery/delivery-job.ts';
import type { DeliveryStore } from '../delivery/delivery-store.ts';
import type { GroupingRules } from '../delivery/group-deliveries.ts';
import { planDeliveries } from '../delivery/plan-deliveries.ts';
import { jobId } from './job-id.ts';

export interface PublishDeps {
  readonly matches: Pick<Queue, 'addBulk'>;
  readonly deliver: { addAll(jobs: readonly DeliveryJob[]): Promise<void> };
  readonly deliveries: Pick<DeliveryStore, 'assign'>;
}

export interface Publication {
  readonly alerts: readonly StoryAlert[];
  /** What is to be said of the watching itself, and to which watch's subscribers. */
  readonly notices: readonly { readonly watchId: string; readonly notice: Notice }[];
  readonly rules: GroupingRules;
  /** Whether a subscriber's settings let a notice through. */
  readonly wantsNotice: (subscriberId: string, notice: Notice) => boolean;
}

/**
 * Queues alerts: each on `matches` for other services, before any subscriber's limits, and one delivery for each subscriber on `deliver`. Job ids derive from
 * the alert, so that a step that is run again adds nothing twice.
 */
export async function publishAlerts(deps: PublishDeps, publication: Publication): Promise<void> {
  const { alerts, notices, rules, wantsNotice } = publication;
  const all = [...alerts, ...notices.map((one) => one.notice)];
  if (all.length === 0) return;
  await deps.matches.addBulk(
    all.map((alert) => ({ name: alert.type, data: alert, opts: { jobId: jobId('matches', alert.data.alertId) } })),
  );
  const planned = await planDeliveries(deps, alerts, rules);
  const told = notices.flatMap(({ watchId, notice }) =>
    rules
      .notify(watchId)
      .filter((subscriberId) => wantsNotice(subscriberId, notice))
      .map((subscriberId) => ({ subscriberId, alertId: notice.data.alertId, alert: notice })),
  );
  await deps.deliver.addAll([...planned, ...told].map((delivery) => ({ ...delivery, round: 0 })));
}
