import type { Redis } from 'ioredis';
import { readBackground } from '../../src/stories/background.ts';
import { stateOf } from '../../src/stories/fold-story.ts';
import { epochsOf, planJoin } from '../../src/stories/plan-join.ts';
import type { StoryInput } from '../../src/stories/story.ts';
import { packMember } from '../../src/stories/story-member.ts';

const WINDOW_MS = 72 * 3_600_000;
const TTL_SEC = 3600;

/** Writes an article and its story as version 1 of the store did: JSON for both, a hash for the article. */
export async function writeVersionOne(redis: Redis, prefix: string, input: StoryInput): Promise<void> {
  const plan = planJoin(input, readBackground());
  const { epoch } = epochsOf(input.at, WINDOW_MS);
  const { member, posted } = plan.weigh({ stories: 0, holding: [] });
  const state = stateOf(input, member.origin, plan.storyId);
  const body = Buffer.from(JSON.stringify(state));
  const head = Buffer.alloc(24);
  head.writeUInt32LE(1, 0);
  head.writeDoubleLE(input.at, 4);
  head.writeDoubleLE(input.at, 12);
  head.writeUInt32LE(body.length, 20);
  const bytes = packMember(member);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  await redis.hset(`${prefix}:n`, 'n', 1, 't', 1);
  await redis.set(`${prefix}:s:1`, Buffer.concat([head, body, length, bytes]), 'EX', TTL_SEC);
  const mark = Buffer.from([1, 0, 0, 0]);
  for (const key of posted) {
    const field = Buffer.alloc(2);
    field.writeUInt16LE(Math.floor(key / 65_536));
    await redis.hset(`${prefix}:p:${epoch}:${key % 65_536}`, field, mark);
  }
  const decision = { verdict: 'new', of: null, similarity: null, origin: member.origin, reason: 'of old' };
  const answer = JSON.stringify({ decision, before: null, after: state, merged: [] });
  await redis.hset(`${prefix}:r:${input.id}`, 's', 1, 'l', input.revision, `r:${input.revision}`, answer);
}
