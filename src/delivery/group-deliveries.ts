import type { StoryAlert } from '../alerts/alert-schema.ts';
import { withAlsoMatched } from '../alerts/payload.ts';
import type { DeliveryKey } from './delivery-store.ts';

/** One alert for one subscriber. */
export interface PlannedDelivery {
  readonly subscriberId: string;
  /** Also its webhook-id. */
  readonly alertId: string;
  readonly alert: StoryAlert;
  /** Every watch in it is over its daily budget. */
  readonly overBudget: boolean;
}

export interface GroupingRules {
  /** The subscribers of a watch. */
  readonly notify: (watchId: string) => readonly string[];
  /** Whether a subscriber's settings let an alert through. */
  readonly wants: (subscriberId: string, alert: StoryAlert) => boolean;
  /** Whether an alert's watch has used up its day. */
  readonly overBudget: (alert: StoryAlert) => boolean;
}

/**
 * Turns the alerts of one article into one delivery for each subscriber: nobody hears one thing twice. `headOf` says, for what an earlier run of the same
 * step has grouped already, which alert's delivery an alert is part of. Deterministic: within budget comes before over it, a story.matched before a
 * story.updated, then the watch's id decides, whatever the config's order.
 */
export function groupDeliveries(
  alerts: readonly StoryAlert[],
  rules: GroupingRules,
  headOf: (member: DeliveryKey) => string | undefined = () => undefined,
): PlannedDelivery[] {
  const groups = new Map<string, { subscriberId: string; head: string; alerts: StoryAlert[] }>();
  for (const { subscriberId, alert } of groupMembers(alerts, rules)) {
    const head = headOf({ subscriberId, alertId: alert.data.alertId }) ?? '';
    const key = `${subscriberId} ${head}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { subscriberId, head, alerts: [alert] });
    else group.alerts.push(alert);
  }
  return [...groups.values()].map(({ subscriberId, head, alerts: members }) => {
    // A head whose watch is no longer configured leaves its group to the next in order.
    const first = members.find(({ data }) => data.alertId === head) ?? members[0]!;
    const others = members.filter((alert) => alert !== first);
    return {
      subscriberId,
      alertId: first.data.alertId,
      alert: withAlsoMatched(first, others),
      overBudget: members.every(rules.overBudget),
    };
  });
}

/** Each alert with each of its subscribers, in the order in which they head a delivery. */
export function groupMembers(
  alerts: readonly StoryAlert[],
  rules: GroupingRules,
): { readonly subscriberId: string; readonly alert: StoryAlert }[] {
  const byWeight = (a: StoryAlert, b: StoryAlert) =>
    Number(rules.overBudget(a)) - Number(rules.overBudget(b)) ||
    Number(b.type === 'story.matched') - Number(a.type === 'story.matched') ||
    (a.data.watch.id < b.data.watch.id ? -1 : 1);
  return [...alerts]
    .sort(byWeight)
    .flatMap((alert) =>
      [...new Set(rules.notify(alert.data.watch.id))]
        .filter((subscriberId) => rules.wants(subscriberId, alert))
        .map((subscriberId) => ({ subscriberId, alert })),
    );
}
