import { createHash } from 'node:crypto';
import type { Notice } from '../alerts/alert-schema.ts';
import type { AlertClaim } from '../alerts/alert-store.ts';
import { buildNotice } from '../alerts/payload.ts';

/** Whether a claim is over its watch's alerts a day; the count is part of the claim, so that each run of a step answers the same. */
export function isOverBudget(claim: Pick<AlertClaim, 'ordinalOfDay'>, maxAlertsPerDay: number | undefined): boolean {
  return maxAlertsPerDay !== undefined && claim.ordinalOfDay > maxAlertsPerDay;
}

/** The notice that a watch has used up its day, for the first alert over it; null for all others. */
export function overBudgetNotice(
  claim: Pick<AlertClaim, 'ordinalOfDay' | 'watchId' | 'atMs'>,
  watch: { readonly title: string; readonly maxAlertsPerDay?: number | undefined },
): Notice | null {
  const { maxAlertsPerDay, title } = watch;
  if (maxAlertsPerDay === undefined || claim.ordinalOfDay !== maxAlertsPerDay + 1) return null;
  const day = new Date(claim.atMs).toISOString().slice(0, 10);
  return buildNotice({
    alertId: noticeId('watch-over-budget', claim.watchId, day),
    code: 'watch-over-budget',
    message: `The watch “${title}” has sent its ${maxAlertsPerDay} alerts of ${day} (UTC). Its further alerts of the day come as an hourly digest.`,
    subject: { watch: claim.watchId },
    details: { day, maxAlertsPerDay },
    atMs: claim.atMs,
  });
}

/** A notice's alert id: the same for the same thing, so that it is said once. */
export function noticeId(...about: readonly string[]): string {
  return `notice_${createHash('sha256')
    .update(JSON.stringify(['notice', 1, ...about]))
    .digest('hex')
    .slice(0, 32)}`;
}
