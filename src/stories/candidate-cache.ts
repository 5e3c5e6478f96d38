import type { Candidate } from './likeness.ts';
import { readStory } from './stored-story.ts';

/** Stories are read again and again while their subject is in the news; so many are kept as read, some 10 MB. */
const KEPT_STORIES = 1_000;

export interface CandidateCache {
  read(number: number, bytes: Buffer): Candidate;
}

/** Reads stories; one whose bytes are those of last time is not read again. Drops the story that was asked for longest ago. */
export function createCandidateCache(limit: number = KEPT_STORIES): CandidateCache {
  const kept = new Map<number, { readonly bytes: Buffer; readonly candidate: Candidate }>();
  return {
    read(number, bytes) {
      const known = kept.get(number);
      kept.delete(number);
      // The bytes are copied: as they come they hold on to all that was received with them.
      const story = known?.bytes.equals(bytes)
        ? known
        : { bytes: Buffer.from(bytes), candidate: readStory(number, bytes) };
      kept.set(number, story);
      if (kept.size > limit) kept.delete(kept.keys().next().value!);
      return story.candidate;
    },
  };
}
