export type AlertDecision = { readonly mayAlert: boolean; readonly reason: string };

/**
 * Whether an article may alert at all. The backlog of a new feed is archived and joined to stories, but only what is
 * younger than `firstAlertMaxAgeSec` is news; of a backlog without dates nobody knows, so it stays quiet.
 *
 * @param isFirstImport true when the feed had never been read before this poll.
 * @param publishedAt ms since 1970, or null when the item has no date.
 * @param seenAt the poll's time, ms.
 */
export function mayAlert(input: {
  readonly isFirstImport: boolean;
  readonly publishedAt: number | null;
  readonly seenAt: number;
  readonly firstAlertMaxAgeSec: number;
}): AlertDecision {
  if (!input.isFirstImport) return { mayAlert: true, reason: 'the feed was known before' };
  if (input.publishedAt === null) return { mayAlert: false, reason: 'first import: the article has no date' };
  const ageSec = (input.seenAt - input.publishedAt) / 1000;
  return ageSec <= input.firstAlertMaxAgeSec
    ? { mayAlert: true, reason: 'first import: young enough' }
    : { mayAlert: false, reason: `first import: older than ${input.firstAlertMaxAgeSec} s` };
}
