import type { Cluster, Redis } from 'ioredis';
import { type BackgroundStatistics, readBackground } from './background.ts';
import { commitJoin, commitRevision } from './commit-story.ts';
import { decideJoin } from './decide-join.ts';
import { type Found, lookUp } from './look-up-stories.ts';
import { type JoinPlan, planJoin } from './plan-join.ts';
import type { JoinResult, StoryIndex, StoryOptions } from './story.ts';
import { openStoryDatabase, type StoryDatabase } from './story-commands.ts';

/** Joining failed for a reason that is not Redis' own. */
class StoryStoreError extends Error {
  readonly code: 'too-contended';

  constructor(code: StoryStoreError['code'], message: string) {
    super(message);
    this.name = 'StoryStoreError';
    this.code = code;
  }
}

export interface StoryStoreOptions {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag and a version, such as `attache:{stories}:v1`. */
  readonly keyPrefix: string;
  readonly options?: StoryOptions;
  /** How common words are; the shipped statistics by default. */
  readonly background?: BackgroundStatistics;
}

/** Each try fails only because another article was joined meanwhile; so many in a row point to a fault. After the first third a new story no longer waits for a calm moment. */
const MAX_TRIES = 60;
const PATIENT_TRIES = 20;

/**
 * Stories in Redis, for any number of processes. Joining an article reads what is like it, decides, and commits in one atomic script if that still holds (else it
 * decides again). A join is idempotent: the answer is kept with the article's id and revision. Throws ioredis' errors, after which a join is to be run
 * again, and StoryStoreError.
 */
export function createStoryStore({ redis, keyPrefix, options = {}, ...given }: StoryStoreOptions): StoryIndex {
  const database = openStoryDatabase(redis, keyPrefix, options);
  const background = given.background ?? readBackground();
  return { join: (input) => joinStory(database, planJoin(input, background)) };
}

async function joinStory(database: StoryDatabase, plan: JoinPlan): Promise<JoinResult> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const found = await lookUp(database, plan);
    if ('answer' in found) return found.answer;
    const result =
      'lastOrigin' in found
        ? await commitRevision(database, plan.input, found.lastOrigin)
        : await decideAndCommit(database, plan, found, attempt < PATIENT_TRIES);
    if (result !== null) return result;
  }
  const { id } = plan.input;
  throw new StoryStoreError(
    'too-contended',
    `stories: article ${id} found no calm moment in ${MAX_TRIES} tries; run the step again`,
  );
}

function decideAndCommit(
  database: StoryDatabase,
  plan: JoinPlan,
  found: Found,
  isPatient: boolean,
): Promise<JoinResult | null> {
  const weighed = plan.weigh(found.recent);
  const decision = decideJoin(weighed.member, plan.namedOrigin, found.candidates, {
    storiesOfLate: found.recent.stories,
    isDated: plan.input.isDated,
  });
  return commitJoin(database, plan, weighed, decision, isPatient ? found : null);
}
