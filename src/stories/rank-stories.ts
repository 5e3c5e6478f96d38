import type { JoinPlan } from './plan-join.ts';

/** A story under an article's terms: its number, and the sum of the rarity of the terms they share. */
export interface RankedStory {
  readonly number: number;
  readonly score: number;
}

/**
 * The stories under the looked-up terms, those that share most and rarest terms first, at most `limit`; of equals the later one. `lists` holds for each term this epoch's and the
 * last one's list, each after its length in one byte, of 32-bit numbers.
 */
export function rankStories(lookups: JoinPlan['lookups'], lists: Buffer, limit: number): RankedStory[] {
  const stories = new Map<number, { number: number; score: number; term: number }>();
  let offset = 0;
  for (const [term, { rarity }] of lookups.entries()) {
    for (let list = 0; list < 2; list++) {
      for (let count = lists[offset++]!; count > 0; count--, offset += 4) {
        const number = lists.readUInt32LE(offset);
        const story = stories.get(number);
        if (story === undefined) stories.set(number, { number, score: rarity, term });
        else if (story.term !== term) {
          story.score += rarity;
          story.term = term;
        }
      }
    }
  }
  return best(stories.values(), limit);
}

/** The best by insertion: of hundreds of stories nearly all fall at the first comparison. */
function best(stories: Iterable<RankedStory>, limit: number): RankedStory[] {
  const ranked: RankedStory[] = [];
  for (const story of stories) {
    let place = ranked.length;
    while (place > 0 && isBefore(story, ranked[place - 1]!)) place--;
    if (place >= limit) continue;
    ranked.splice(place, 0, story);
    if (ranked.length > limit) ranked.pop();
  }
  return ranked;
}

const isBefore = (one: RankedStory, other: RankedStory): boolean =>
  one.score > other.score || (one.score === other.score && one.number > other.number);
