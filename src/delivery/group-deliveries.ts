import type { StoryAlert } from '../alerts/alert-schema.ts';
import { withAlsoMatched } from '../alerts/payload.ts';

/** One alert for one subscriber. */
export interface PlannedDelivery {
  readonly subscriberId: string;
  /** Also its webhook-id. */
  readonly alertId: string;
  readonly alert: StoryAlert;
  /** Every watch in it is over its daily budget. */
  readonly overBudget: boolean;
}

/**
 * Turns the alerts of one article into one delivery for each subscriber: nobody hears one thing twice. Alerts of different stories never
 * meet here, since an article is in one story. `notify` gives the subscribers of a watch; `wants` says whether a subscriber's settings let
 * an alert through, `overBudget` whether its watch has used up its day: such an alert comes last, and goes out at once where another does.
 * Deterministic: then a story.matched comes before a story.updated, then the watch's id decides, whatever the config's order.
 */
export function groupDeliveries(
  alerts: readonly StoryAlert[],
  notify: (watchId: string) => readonly string[],
  wants: (subscriberId: string, alert: StoryAlert) => boolean = () => true,
  overBudget: (alert: StoryAlert) => boolean = () => false,
): PlannedDelivery[] {
  const bySubscriber = new Map<string, StoryAlert[]>();
  const byWeight = (a: StoryAlert, b: StoryAlert) => Number(overBudget(a)) - Number(overBudget(b)) || byNews(a, b);
  for (const alert of [...alerts].sort(byWeight)) {
    for (const subscriberId of new Set(notify(alert.data.watch.id))) {
      if (!wants(subscriberId, alert)) continue;
      const group = bySubscriber.get(subscriberId);
      if (group === undefined) bySubscriber.set(subscriberId, [alert]);
      else group.push(alert);
    }
  }
  return [...bySubscriber].map(([subscriberId, [first, ...others]]) => ({
    subscriberId,
    alertId: first!.data.alertId,
    alert: withAlsoMatched(first!, others),
    // The first is over its budget only where all are.
    overBudget: overBudget(first!),
  }));
}

function byNews(a: StoryAlert, b: StoryAlert): number {
  if (a.type !== b.type) return a.type === 'story.matched' ? -1 : 1;
  return a.data.watch.id < b.data.watch.id ? -1 : 1;
}
