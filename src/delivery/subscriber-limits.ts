import type { Alert } from '../alerts/alert-schema.ts';
import { type ChangeKind, changeKind } from '../alerts/lifecycle.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';

/** What a subscriber wants to hear, and when. Everything is optional: without any, each alert goes out at once. */
export interface SubscriberLimits {
  /** The types it wants. Digests come with the settings that make them, whether they are named here or not. */
  readonly only?: readonly string[] | undefined;
  /** The kinds of change that make a story.updated worth telling. */
  readonly changes?: readonly ChangeKind[] | undefined;
  readonly maxUpdatesPerHour?: number | undefined;
  readonly quietHours?: QuietHours | undefined;
  /** Everything comes in digests this far apart, counted from midnight UTC. */
  readonly digestEverySec?: number | undefined;
}

/** Over a watch's daily budget its alerts come together once an hour: late by an hour at most, and no flood. */
const BUDGET_DIGEST_MS = 3_600_000;
/** What goes over `maxUpdatesPerHour` waits for the next full hour. */
const HOUR_MS = 3_600_000;

export const HOLD_REASONS = ['digest', 'quiet-hours', 'updates-per-hour', 'watch-budget'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

export type Admission =
  | { readonly action: 'send' }
  /** Held for the digest of that moment. */
  | { readonly action: 'hold'; readonly slotMs: number; readonly reason: HoldReason }
  /** Sent by itself then: notices in quiet hours. */
  | { readonly action: 'delay'; readonly untilMs: number; readonly reason: HoldReason };

/**
 * Whether a subscriber's settings want an alert at all; a story's alert that they do not is a gap in its sequence. What is said of an endpoint is said
 * to whom the configuration names for it, and always wanted.
 */
export function wantsAlert(limits: SubscriberLimits, alert: Alert): boolean {
  if (alert.type === 'digest' || alert.type === 'test.ping') return true;
  if (alert.type === 'notice' && alert.data.code.startsWith('endpoint-')) return true;
  if (limits.only !== undefined && !limits.only.includes(alert.type)) return false;
  if (alert.type !== 'story.updated' || limits.changes === undefined) return true;
  const { changes } = limits;
  return alert.data.change.some((change) => {
    const kind = changeKind(change);
    return kind !== null && changes.includes(kind);
  });
}

export interface AdmissionQuestion {
  readonly alert: Alert;
  readonly limits: SubscriberLimits;
  /** The watch's daily budget is used up. */
  readonly overBudget: boolean;
  /** Whether the subscriber's hour has room for one more update. */
  readonly hourHasRoom: boolean;
  readonly nowMs: number;
}

/** Decides whether an alert goes out now. Digests and pings always do: a digest's moment is chosen when its first alert is held. */
export function decideAdmission(question: AdmissionQuestion): Admission {
  const { alert, limits, nowMs } = question;
  if (alert.type === 'digest' || alert.type === 'test.ping') return { action: 'send' };
  const quiet = limits.quietHours === undefined ? null : quietUntil(limits.quietHours, nowMs);
  if (alert.type === 'notice') {
    return quiet === null ? { action: 'send' } : { action: 'delay', untilMs: quiet, reason: 'quiet-hours' };
  }
  const held = holdReason(question, quiet !== null);
  if (held === null) return { action: 'send' };
  return { action: 'hold', slotMs: slotOf(held, limits, nowMs, quiet), reason: held };
}

/** Whether the answer depends on how many updates the hour has seen: only then must they be counted. */
export function countsTowardsHour(alert: Alert, limits: SubscriberLimits): boolean {
  return alert.type === 'story.updated' && limits.maxUpdatesPerHour !== undefined;
}

function holdReason({ alert, limits, overBudget, hourHasRoom }: AdmissionQuestion, quiet: boolean): HoldReason | null {
  if (limits.digestEverySec !== undefined) return 'digest';
  if (quiet) return 'quiet-hours';
  if (overBudget) return 'watch-budget';
  if (countsTowardsHour(alert, limits) && !hourHasRoom) return 'updates-per-hour';
  return null;
}

/** The moment of the digest; never within quiet hours. */
function slotOf(reason: HoldReason, limits: SubscriberLimits, nowMs: number, quiet: number | null): number {
  if (reason === 'quiet-hours') return quiet ?? nowMs;
  const everyMs =
    reason === 'digest' ? (limits.digestEverySec ?? 0) * 1000 : reason === 'watch-budget' ? BUDGET_DIGEST_MS : HOUR_MS;
  const slot = (Math.floor(nowMs / everyMs) + 1) * everyMs;
  return (limits.quietHours === undefined ? null : quietUntil(limits.quietHours, slot)) ?? slot;
}
