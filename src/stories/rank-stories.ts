import type { JoinPlan } from './plan-join.ts';
import { type RankedStory, StoryTally } from './story-tally.ts';

/**
 * The stories under the looked-up terms, those that share most and rarest terms first, at most `limit`; of equals the later one. `lists` holds for each term this epoch's and the
 * last one's list, each after its length in one byte, of 32-bit numbers.
 */
export function rankStories(lookups: JoinPlan['lookups'], lists: Buffer, limit: number): RankedStory[] {
  const tally = new StoryTally(lists.length >> 2);
  let offset = 0;
  for (let term = 0; term < lookups.length; term++) {
    const { rarity } = lookups[term]!;
    for (let list = 0; list < 2; list++) {
      for (let count = lists[offset++]!; count > 0; count--, offset += 4)
        tally.add(lists.readUInt32LE(offset), term, rarity);
    }
  }
  return tally.best(limit);
}
