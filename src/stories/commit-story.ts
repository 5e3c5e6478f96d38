import type { JoinDecision } from './decide-join.ts';
import { stateOf } from './fold-story.ts';
import type { Found } from './look-up-stories.ts';
import {
  COUNT_CELLS,
  epochsOf,
  type JoinPlan,
  KEPT_REVISIONS,
  REVISION_REASON,
  type WeighedArticle,
} from './plan-join.ts';
import { packState, readAnswer, readRecord, type StoredDecision } from './stored-story.ts';
import type { JoinResult, StoryInput } from './story.ts';
import { type CommitReply, cellsOf, listPlaceOf, packScores, recordKey, type StoryDatabase } from './story-commands.ts';
import { packMember } from './story-member.ts';

/** What the decision was made on, if it is to hold only while that still holds: a new story whose likely ones were touched meanwhile is to be decided again. */
export type Basis = Pick<Found, 'commits' | 'ranked'>;

/** Keeps what was decided of an article. Null where it has to be decided again. `basis` null: whatever happened meanwhile. */
export async function commitJoin(
  { redis, prefix, windowMs, ...ttl }: StoryDatabase,
  plan: JoinPlan,
  { member, posted }: WeighedArticle,
  decision: JoinDecision,
  basis: Basis | null,
): Promise<JoinResult | null> {
  const { input } = plan;
  const { epoch, generation } = epochsOf(input.at, windowMs);
  const { verdict, of, similarity, origin, reason } = decision;
  const isNew = decision.story === null;
  const likely = isNew && basis !== null ? basis.ranked.map(({ number, score }) => ({ key: number, score })) : [];
  const lookups = plan.lookups.map(({ key, rarity }) => ({ key, score: rarity }));
  const reply = await redis.attacheCommitStoryBuffer(
    recordKey(prefix, input.id),
    prefix,
    input.revision,
    epoch,
    generation,
    basis?.commits ?? -1,
    decision.story ?? 0,
    packState(stateOf(input, origin, plan.storyId)),
    packMember({ ...member, origin }),
    member.isRoundup ? '0' : '1',
    JSON.stringify({ verdict, of, similarity, origin, reason } satisfies StoredDecision),
    ttl.storyTtlSec,
    ttl.indexTtlSec,
    ttl.recordTtlSec,
    decision.merge.join('\n'),
    lookups.reduce((sum, { score }) => sum + score, 0),
    packScores(likely),
    packScores(isNew && basis !== null ? lookups : []),
    packKeys(posted),
    ...posted.flatMap(listPlaceOf),
    ...(isNew ? cellsOf(plan, COUNT_CELLS) : []),
  );
  return resultOf(reply, input.revision);
}

/** Keeps a revision of an article whose text is `origin`'s. Null where what is known of the article has to be looked up again. */
export async function commitRevision(
  { redis, prefix, recordTtlSec }: StoryDatabase,
  input: StoryInput,
  origin: string,
): Promise<JoinResult | null> {
  const decision: StoredDecision = {
    verdict: 'revision',
    of: input.id,
    similarity: null,
    origin,
    reason: REVISION_REASON,
  };
  const reply = await redis.attacheReviseStoryBuffer(
    recordKey(prefix, input.id),
    prefix,
    input.revision,
    input.id,
    input.title.toWellFormed(),
    JSON.stringify(decision),
    recordTtlSec,
    KEPT_REVISIONS,
  );
  return resultOf(reply, input.revision);
}

function resultOf([kind, bytes]: CommitReply, revision: string): JoinResult | null {
  if (bytes === undefined) return null;
  if (kind.toString() === 'done') return readAnswer(bytes);
  const { isKnown, answer } = readRecord(bytes, revision);
  return isKnown ? answer : null;
}

function packKeys(keys: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(keys.length * 4);
  for (const [index, key] of keys.entries()) bytes.writeUInt32LE(key, index * 4);
  return bytes;
}
