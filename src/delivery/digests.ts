import { createHash } from 'node:crypto';
import type { Alert, StoryAlert } from '../alerts/alert-schema.ts';
import { buildDigests, digestEntry } from '../alerts/payload.ts';
import type { DeliveryJob, DeliveryQueue, DigestJob } from './delivery-job.ts';
import type { HoldStore } from './hold-store.ts';
import { type Admission, countsTowardsHour, decideAdmission, type SubscriberLimits } from './subscriber-limits.ts';

export interface DigestDeps {
  readonly holds: HoldStore;
  readonly queue: DeliveryQueue;
  readonly now: () => number;
}

/** What became of an alert at its subscriber's limits. */
export type Admitted =
  | { readonly action: 'send' }
  | { readonly action: 'held'; readonly reason: string }
  | { readonly action: 'delay'; readonly untilMs: number; readonly reason: string };

/**
 * Applies a subscriber's limits to an alert that has not been sent yet: lets it through, or holds it and queues the digest of its slot. The
 * hold comes before the digest's job, and both can be repeated: a crash in between loses neither.
 */
export async function admitDelivery(
  deps: DigestDeps,
  job: DeliveryJob & { readonly alert: Alert },
  limits: SubscriberLimits,
): Promise<Admitted> {
  const { alert } = job;
  for (let tries = 0; ; tries++) {
    const nowMs = deps.now();
    const hourHasRoom =
      !countsTowardsHour(alert, limits) || (await deps.holds.admitUpdate(job, nowMs, limits.maxUpdatesPerHour ?? 0));
    const overBudget = job.overBudget === true;
    const admission: Admission = decideAdmission({ alert, limits, overBudget, hourHasRoom, nowMs });
    if (admission.action === 'send') return admission;
    if (admission.action === 'delay') return admission;
    if (!isStory(alert)) return { action: 'send' };
    const held = await deps.holds.hold(job, admission.slotMs, {
      reason: admission.reason,
      entry: digestEntry(alert),
      configHash: alert.data.configHash,
    });
    // The slot was closed between the decision and the hold: its moment has come, so the next decision names a later one.
    if (held === null && tries < 3) continue;
    if (held === null) return { action: 'send' };
    await deps.queue.addDigest({ subscriberId: job.subscriberId, slotMs: held.slotMs });
    return {
      action: 'held',
      reason: `held for the digest of ${new Date(held.slotMs).toISOString()} (${admission.reason})`,
    };
  }
}

/** Makes the digest of a slot and queues its parts for delivery. Repeated, it makes the same digest with the same ids. Returns how many parts. */
export async function sendDigest(deps: DigestDeps, digest: DigestJob): Promise<number> {
  const { subscriberId, slotMs } = digest;
  const held = await deps.holds.closeSlot(subscriberId, slotMs);
  const parts = buildDigests({
    entries: held.map(({ entry }) => entry),
    reasons: [...new Set(held.map(({ reason }) => reason))].sort(),
    atMs: slotMs,
    configHash: held.at(-1)?.configHash ?? '',
    idOfPart: (part) => digestId(subscriberId, slotMs, part),
  });
  for (const part of parts) {
    await deps.queue.add({ subscriberId, alertId: part.data.alertId, round: 0, alert: part });
  }
  return parts.length;
}

function digestId(subscriberId: string, slotMs: number, part: number): string {
  const hash = createHash('sha256').update(JSON.stringify(['digest', 1, subscriberId, slotMs, part]));
  return `digest_${hash.digest('hex').slice(0, 32)}`;
}

function isStory(alert: Alert): alert is StoryAlert {
  return alert.type === 'story.matched' || alert.type === 'story.updated';
}
