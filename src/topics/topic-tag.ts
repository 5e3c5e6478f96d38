import type { Evidence } from '../text/evidence.ts';

/** A topic an article has: `defense`, `diplomacy`, `conflict` or one of their subtopics (`defense/exercises`). */
export interface TopicTag {
  readonly id: string;
  /** A calibrated probability: 0.8 means right in about 80 of 100 cases. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
}
