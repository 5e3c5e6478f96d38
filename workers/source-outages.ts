import { decideOutages, type SourcedWatch } from '../src/delivery/source-outages.ts';
import { feedOutage, isOwnOutage } from '../src/feeds/feed-outage.ts';
import { deliveryQueue } from '../src/queues/delivery-queue.ts';
import { publishAlerts } from '../src/queues/publish-alerts.ts';
import type { Context } from './context.ts';
import type { RunningConfig } from './running-config.ts';

/** How often the watches' sources are looked at: an outage is a matter of hours. */
export const LOOK_EVERY_MS = 5 * 60_000;

type OutageContext = Pick<Context, 'stores' | 'current' | 'log'>;

/**
 * Tells the subscribers of watches that name their sources when one of these goes silent, and when it is back. What is to be said is stored before it is queued: a crash
 * between the two repeats it with the same ids. Of several processes one gets to decide. Rejects with ioredis' errors; the next look goes on.
 */
export async function tellOutages(context: OutageContext, nowMs: number): Promise<void> {
  const { stores, current, log } = context;
  const watches = sourcedWatches(current);
  const read = await stores.outages.read();
  if (watches.length === 0 && read.stored === '') return;
  const states = await stores.feeds.readStates([...current.feeds.values()]);
  const named = new Set(watches.flatMap(({ sources }) => sources));
  const sources = [...named].flatMap((id) => {
    const [feed, state] = [current.feeds.get(id), states.get(id)];
    return feed && state ? [{ id, name: feed.source.name, outage: feedOutage(state, nowMs) }] : [];
  });
  const ownOutage = isOwnOutage([...states.values()]);
  const decided = await stores.outages.replace(
    read,
    decideOutages({ sources, watches, state: read.state, ownOutage, nowMs }),
  );
  if (decided === null || decided.state.unsent.length === 0) return;
  const { unsent } = decided.state;
  for (const { watchIds, notice } of unsent) {
    log.info({ watches: watchIds, alert: notice.data.alertId, code: notice.data.code }, notice.data.message);
  }
  await publishAlerts(
    { matches: stores.queues.matches, deliver: deliveryQueue(stores.queues.deliver), deliveries: stores.deliveries },
    {
      alerts: [],
      notices: unsent.flatMap(({ watchIds, notice }) => watchIds.map((watchId) => ({ watchId, notice }))),
      rules: {
        overBudget: () => false,
        notify: (watch) => current.notify(watch),
        wants: (subscriber, alert) => current.wants(subscriber, alert),
      },
      wantsNotice: (subscriber, notice) => current.wants(subscriber, notice),
    },
  );
  await stores.outages.replace(decided, { ...decided.state, unsent: [] });
}

/** The watches that name sources, with the feeds that these stand for now. */
function sourcedWatches({ config, sourcesOf }: Pick<RunningConfig, 'config' | 'sourcesOf'>): SourcedWatch[] {
  return config.watches.flatMap(({ id, title }) => {
    const sources = sourcesOf.get(id);
    return sources === undefined ? [] : [{ id, title, sources }];
  });
}
