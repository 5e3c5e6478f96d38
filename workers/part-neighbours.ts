/** How long one that is sent off may stay away, ms. */
const APART_MS = 10_000;
/** A job that was started so often without an end may be a killer, or one that was judged beside it. */
const SUSPECT_STARTS = 3;

/**
 * An article whose judging kills the process takes those with it that are judged beside it, and after so many starts they would all count as poison. From the
 * third start on, every second one only sends a job off to come back at a moment of its own, where it meets the killer no more.
 *
 * `starts`: this one included; `random` in [0, 1). Answers for how long the job is to stay away, ms; null where it is to be judged now.
 */
export function partFromNeighbours(starts: number, random: number): number | null {
  return starts >= SUSPECT_STARTS && starts % 2 === 1 ? Math.round(random * APART_MS) : null;
}
