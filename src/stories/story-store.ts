import type { Cluster, Redis, Result } from 'ioredis';
import { readBackground } from './background.ts';
import { decideJoin, type JoinDecision } from './decide-join.ts';
import { SET_LIMITS, type StoryState, stateOf, summaryOf } from './fold-story.ts';
import type { Candidate } from './likeness.ts';
import {
  CANDIDATE_LIMIT,
  COUNT_CELLS,
  epochsOf,
  FIRST_MEMBERS,
  type JoinPlan,
  KEPT_REVISIONS,
  LAST_MEMBERS,
  POSTING_LIMIT,
  planJoin,
  postedKeys,
  REVISION_REASON,
} from './plan-join.ts';
import { COMMIT, LOOK_UP, REVISE } from './store-scripts.ts';
import {
  DEFAULT_RECORD_SEC,
  DEFAULT_WINDOW_SEC,
  type JoinResult,
  type StoryIndex,
  type StoryInput,
  type StoryOptions,
} from './story.ts';
import { packMember, type StoryMember, unpackMember } from './story-member.ts';

type Argument = string | number | Buffer;
type Reply = [Buffer, ...(Buffer | number | number[])[]];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheLookUpStoriesBuffer(record: string, ...args: Argument[]): Result<Reply, Context>;
    attacheCommitStoryBuffer(record: string, ...args: Argument[]): Result<Reply, Context>;
    attacheReviseStoryBuffer(record: string, ...args: Argument[]): Result<Reply, Context>;
  }
}

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
}

/** The answer as Redis keeps it. */
interface StoredAnswer {
  readonly decision: Omit<JoinResult, 'before' | 'after' | 'merged'>;
  readonly before: StoryState | null;
  readonly after: StoryState;
  readonly merged: readonly string[];
}

interface Store {
  readonly redis: Redis | Cluster;
  readonly prefix: string;
  readonly windowMs: number;
  /** After its last article a story is kept for its window; what points to it for two, which is how far epochs reach. */
  readonly storyTtlSec: number;
  readonly indexTtlSec: number;
  readonly recordTtlSec: number;
}

/** Each try fails only because another article was joined meanwhile; so many in a row point to a fault. After the first third a new story no longer waits for a calm moment. */
const MAX_TRIES = 60;
const PATIENT_TRIES = 20;
const SLACK_SEC = 3600;

/**
 * Stories in Redis, for any number of processes. Joining an article is two round trips: one reads what is like it, one commits if that still holds (else it decides again),
 * each an atomic script. A join is idempotent: the answer is kept with the article's id and revision. Throws ioredis' errors, after which a join is to be run
 * again, and StoryStoreError.
 */
export function createStoryStore({ redis, keyPrefix, options = {} }: StoryStoreOptions): StoryIndex {
  redis.defineCommand('attacheLookUpStories', { numberOfKeys: 1, lua: LOOK_UP });
  redis.defineCommand('attacheCommitStory', { numberOfKeys: 1, lua: COMMIT });
  redis.defineCommand('attacheReviseStory', { numberOfKeys: 1, lua: REVISE });
  const windowSec = options.windowSec ?? DEFAULT_WINDOW_SEC;
  const store: Store = {
    redis,
    prefix: keyPrefix,
    windowMs: windowSec * 1000,
    storyTtlSec: Math.ceil(windowSec) + SLACK_SEC,
    indexTtlSec: Math.ceil(windowSec) * 2 + SLACK_SEC,
    recordTtlSec: Math.ceil(Math.max(options.recordSec ?? DEFAULT_RECORD_SEC, windowSec)),
  };
  const background = readBackground();
  return { join: (input) => joinStory(store, planJoin(input, background)) };
}

async function joinStory(store: Store, plan: JoinPlan): Promise<JoinResult> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const found = await lookUp(store, plan);
    if ('answer' in found) return found.answer;
    const [outcome, answer] =
      'lastOrigin' in found
        ? await revise(store, plan.input, found.lastOrigin)
        : await decideAndCommit(store, plan, found, attempt < PATIENT_TRIES);
    if (outcome.toString() !== 'stale') return readAnswer(answer as Buffer);
  }
  const { id } = plan.input;
  throw new StoryStoreError(
    'too-contended',
    `stories: article ${id} found no calm moment in ${MAX_TRIES} tries; run the step again`,
  );
}

interface Found {
  /** Commits when it was asked. */
  readonly commits: number;
  readonly recent: { readonly stories: number; readonly holding: readonly number[] };
  readonly candidates: readonly Candidate[];
}

async function lookUp(
  store: Store,
  plan: JoinPlan,
): Promise<{ readonly answer: JoinResult } | { readonly lastOrigin: string } | Found> {
  const { input } = plan;
  const { epoch, generation } = epochsOf(input.at, store.windowMs);
  const reply = await store.redis.attacheLookUpStoriesBuffer(
    recordKey(store, input.id),
    store.prefix,
    input.revision,
    input.at,
    store.windowMs,
    epoch,
    generation,
    CANDIDATE_LIMIT,
    ...counted(cellsOf(plan)),
    ...lookupsOf(plan),
  );
  const kind = reply[0].toString();
  if (kind === 'known') return { answer: readAnswer(reply[1] as Buffer) };
  if (kind === 'revised') return { lastOrigin: readAnswer(reply[1] as Buffer).origin };
  const counts = reply[2] as number[];
  const candidates: Candidate[] = [];
  for (let index = 3; index < reply.length; index += 2)
    candidates.push(readStory(reply[index] as number, reply[index + 1] as Buffer));
  return {
    commits: reply[1] as number,
    recent: { stories: counts.at(-1)!, holding: counts.slice(0, -1) },
    candidates,
  };
}

function decideAndCommit(store: Store, plan: JoinPlan, found: Found, isPatient: boolean): Promise<Reply> {
  const member = plan.member(found.recent);
  const decision = decideJoin(member, plan.namedOrigin, found.candidates);
  return commit(store, plan, { ...member, origin: decision.origin }, decision, isPatient ? found.commits : -1);
}

function commit(
  store: Store,
  plan: JoinPlan,
  member: StoryMember,
  decision: JoinDecision,
  commits: number,
): Promise<Reply> {
  const { input } = plan;
  const { epoch, generation } = epochsOf(input.at, store.windowMs);
  const { verdict, of, similarity, origin, reason } = decision;
  return store.redis.attacheCommitStoryBuffer(
    recordKey(store, input.id),
    store.prefix,
    input.revision,
    input.at,
    store.windowMs,
    epoch,
    generation,
    CANDIDATE_LIMIT,
    commits,
    decision.story ?? 0,
    JSON.stringify(stateOf(input, origin, plan.storyId)),
    packMember(member),
    member.isRoundup ? '0' : '1',
    JSON.stringify({ verdict, of, similarity, origin, reason }),
    store.storyTtlSec,
    store.indexTtlSec,
    store.recordTtlSec,
    FIRST_MEMBERS,
    LAST_MEMBERS,
    JSON.stringify(SET_LIMITS),
    POSTING_LIMIT,
    ...counted(decision.merge),
    ...counted(postedKeys(member)),
    ...counted(cellsOf(plan)),
    ...lookupsOf(plan),
  );
}

function revise(store: Store, input: StoryInput, origin: string): Promise<Reply> {
  const decision = { verdict: 'revision', of: input.id, similarity: null, origin, reason: REVISION_REASON };
  return store.redis.attacheReviseStoryBuffer(
    recordKey(store, input.id),
    store.prefix,
    input.revision,
    input.id,
    input.title.toWellFormed(),
    JSON.stringify(decision),
    store.recordTtlSec,
    KEPT_REVISIONS,
  );
}

const recordKey = (store: Store, articleId: string): string => `${store.prefix}:r:${articleId}`;
const cellsOf = (plan: JoinPlan): number[] => [...plan.terms.map((term) => term.key & (COUNT_CELLS - 1)), COUNT_CELLS];
const counted = (all: readonly number[]): number[] => [all.length, ...all];
const lookupsOf = (plan: JoinPlan): number[] => [
  plan.lookups.length,
  ...plan.lookups.flatMap(({ key, rarity }) => [key, rarity]),
];

function readAnswer(bytes: Buffer): JoinResult {
  const { decision, before, after, merged } = JSON.parse(bytes.toString('utf8')) as StoredAnswer;
  const { verdict, of, similarity, origin, reason } = decision;
  const summaries = { before: before === null ? null : summaryOf(before), after: summaryOf(after) };
  return { verdict, of, similarity, origin, ...summaries, merged, reason };
}

const HEAD_BYTES = 24;

/** Reads a story as packStory (store-scripts.ts) wrote it. */
function readStory(number: number, bytes: Buffer): Candidate {
  const members: StoryMember[] = [];
  let offset = HEAD_BYTES + bytes.readUInt32LE(20);
  while (offset < bytes.length) {
    const length = bytes.readUInt16LE(offset);
    const member = unpackMember(bytes.subarray(offset + 2, offset + 2 + length));
    if (member !== null) members.push(member);
    offset += 2 + length;
  }
  return { number, firstAt: bytes.readDoubleLE(4), lastAt: bytes.readDoubleLE(12), members };
}
