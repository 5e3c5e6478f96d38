import type { StorySummary, StoryVerdict } from '../stories/story.ts';
import type { AlertCause, AlertClaim, AlertStore } from './alert-store.ts';
import { decideAlert } from './lifecycle.ts';

export interface AnnounceInput {
  readonly cause: AlertCause;
  readonly story: { readonly before: StorySummary | null; readonly after: StorySummary };
  readonly verdict: StoryVerdict;
  readonly merged: readonly string[];
  /** Ids of the watches that the article itself satisfies. */
  readonly matched: ReadonlySet<string>;
  /** Ids of the watches that exist now: those without a match still hear how their stories grow. */
  readonly watches: ReadonlySet<string>;
  readonly atMs: number;
  /** The backlog of a new feed: merges are followed, nothing is announced. */
  readonly quiet?: boolean;
}

export interface Announced {
  readonly claim: AlertClaim;
  /** False where an earlier run of the same step had claimed it; its jobs are then added again, under the same ids. */
  readonly fresh: boolean;
  readonly articleMatchedItself: boolean;
}

class AnnounceError extends Error {
  readonly code = 'contended';
  override readonly name = 'AnnounceError';
}

/** Each conflict means that another process announced something of this very story and watch in the meantime. */
const MAX_CONFLICTS = 50;

/**
 * Says what an article's join and matches mean for every watch of its story, and claims the alerts. Safe to run again after a crash at any
 * point: what was claimed is found, what was not is decided on the state as it is now. Sorted by watch.
 * Throws AnnounceError when a claim lost against other processes `MAX_CONFLICTS` times running; the job's retry is the way out.
 */
export async function announce(deps: { readonly alerts: AlertStore }, input: AnnounceInput): Promise<Announced[]> {
  for (const from of input.merged) await deps.alerts.mergeStories(from, input.story.after.id);
  if (input.quiet === true) return [];
  const announced = new Map<string, Announced>();
  for (let tries = 0; tries <= MAX_CONFLICTS; tries++) {
    const conflicts = await announceOnce(deps.alerts, input, announced);
    if (conflicts === 0) {
      return [...announced.values()].sort((a, b) => (a.claim.watchId < b.claim.watchId ? -1 : 1));
    }
  }
  throw new AnnounceError(
    `announce story ${input.story.after.id}: other workers changed its state ${MAX_CONFLICTS} times meanwhile; the step can be run again`,
  );
}

async function announceOnce(
  alerts: AlertStore,
  input: AnnounceInput,
  announced: Map<string, Announced>,
): Promise<number> {
  const open = await alerts.openStory(input.story.after.id, input.cause);
  const concerned = new Set([...input.matched, ...open.states.keys(), ...open.claims.keys()]);
  let conflicts = 0;
  for (const watchId of concerned) {
    if (!input.watches.has(watchId) || announced.has(watchId)) continue;
    const articleMatchedItself = input.matched.has(watchId);
    const known = open.claims.get(watchId);
    if (known !== undefined) {
      announced.set(watchId, { claim: known, fresh: false, articleMatchedItself });
      continue;
    }
    const state = open.states.get(watchId);
    const decision = decideAlert({
      watch: { id: watchId },
      story: input.story,
      verdict: input.verdict,
      merged: input.merged,
      articleMatchedItself,
      announced: state?.announced ?? null,
    });
    if (decision.event === null || decision.announced === null) continue;
    const result = await alerts.claimAlert({
      storyId: open.storyId,
      watchId,
      cause: input.cause,
      event: decision.event,
      changes: decision.changes,
      expectedSequence: state?.sequence ?? 0,
      announced: decision.announced,
      atMs: input.atMs,
    });
    if ('conflict' in result) conflicts++;
    else announced.set(watchId, { claim: result.claim, fresh: result.fresh, articleMatchedItself });
  }
  return conflicts;
}
