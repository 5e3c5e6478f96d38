import type { StoryAlert } from '../alerts/alert-schema.ts';
import type { DeliveryStore } from './delivery-store.ts';
import { type GroupingRules, groupDeliveries, groupMembers, type PlannedDelivery } from './group-deliveries.ts';

/**
 * Plans the deliveries of one article's alerts, and remembers the groups: a step that is run again after the configuration was changed
 * neither loses an alert in a delivery that has already gone out without it, nor tells one again under another's id.
 */
export async function planDeliveries(
  deps: { readonly deliveries: Pick<DeliveryStore, 'assign'> },
  alerts: readonly StoryAlert[],
  rules: GroupingRules,
): Promise<PlannedDelivery[]> {
  const members = groupMembers(alerts, rules).map(({ subscriberId, alert }) => ({
    subscriberId,
    alertId: alert.data.alertId,
  }));
  if (members.length === 0) return [];
  const heads = await deps.deliveries.assign(members);
  const known = new Map(members.map(({ subscriberId, alertId }, n) => [`${subscriberId} ${alertId}`, heads[n]]));
  return groupDeliveries(alerts, rules, ({ subscriberId, alertId }) => known.get(`${subscriberId} ${alertId}`));
}
