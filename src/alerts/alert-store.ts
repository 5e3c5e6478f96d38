import { createHash } from 'node:crypto';
import type { Cluster, Redis, Result } from 'ioredis';
import { CLAIM_ALERT, MERGE_STORIES, OPEN_STORY } from './alert-scripts.ts';
import { type AnnouncedState, mergeAnnounced, type StoryEvent } from './lifecycle.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheOpenStory(story: string, cause: string, ...args: string[]): Result<[string, string[], string[]], Context>;
    attacheClaimAlert(
      story: string,
      cause: string,
      budget: string,
      ...args: (string | number)[]
    ): Result<['claimed' | 'known', string] | ['conflict'], Context>;
    attacheMergeStories(
      from: string,
      into: string,
      moved: string,
      ...args: (string | number)[]
    ): Result<number, Context>;
  }
}

/** What gave rise to an alert: one revision of one article. It owns its claims, so that a step run again finds them. */
export interface AlertCause {
  readonly articleId: string;
  readonly revision: string;
}

/** An alert that exists: its id and sequence never change again. */
export interface AlertClaim {
  readonly alertId: string;
  readonly watchId: string;
  readonly storyId: string;
  readonly sequence: number;
  readonly event: StoryEvent;
  readonly changes: readonly string[];
  readonly atMs: number;
  /** Which alert of its watch it was on its day (UTC), from 1: over the watch's daily budget it goes to a digest. */
  readonly ordinalOfDay: number;
}

export interface WatchState {
  readonly sequence: number;
  readonly announced: AnnouncedState;
}

export interface OpenStory {
  /** The story the asked one lives on in. */
  readonly storyId: string;
  readonly states: ReadonlyMap<string, WatchState>;
  /** What this cause has claimed before, by watch. */
  readonly claims: ReadonlyMap<string, AlertClaim>;
}

export interface ClaimRequest {
  readonly storyId: string;
  readonly watchId: string;
  readonly cause: AlertCause;
  readonly event: StoryEvent;
  readonly changes: readonly string[];
  /** The sequence of the state that the decision was made on; 0 where there was none. */
  readonly expectedSequence: number;
  readonly announced: AnnouncedState;
  readonly atMs: number;
}

export type ClaimResult = { readonly fresh: boolean; readonly claim: AlertClaim } | { readonly conflict: true };

export interface AlertStore {
  openStory(storyId: string, cause: AlertCause): Promise<OpenStory>;
  /** Atomic and idempotent: the same cause and watch always get the same alert; a decision made on an old state is a conflict. */
  claimAlert(request: ClaimRequest): Promise<ClaimResult>;
  /** Moves what watches know of `fromId` to the story it lives on in; later questions about `fromId` are answered from there. */
  mergeStories(fromId: string, intoId: string): Promise<void>;
}

export interface AlertStoreOptions {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag, such as `attache:{alerts}:v1`. */
  readonly prefix: string;
  /** How long a story that gets no alerts is remembered: longer than a story's window, or it would be told anew. */
  readonly storyRetentionSec?: number;
  /** How long a repeated cause finds its claim: longer than a step can be late. */
  readonly claimRetentionSec?: number;
}

const DAY_SEC = 86_400;

/** The store of what has been announced. Errors are ioredis'; nothing is half written when one is thrown. */
export function createAlertStore(options: AlertStoreOptions): AlertStore {
  const { redis, prefix, storyRetentionSec = 45 * DAY_SEC, claimRetentionSec = 14 * DAY_SEC } = options;
  redis.defineCommand('attacheOpenStory', { numberOfKeys: 2, lua: OPEN_STORY });
  redis.defineCommand('attacheClaimAlert', { numberOfKeys: 3, lua: CLAIM_ALERT });
  redis.defineCommand('attacheMergeStories', { numberOfKeys: 3, lua: MERGE_STORIES });
  const storyKey = (id: string) => `${prefix}:story:${id}`;
  const causeKey = (cause: AlertCause) => `${prefix}:cause:${cause.articleId}:${cause.revision}`;

  return {
    async openStory(storyId, cause) {
      const [nowId, fields, claims] = await redis.attacheOpenStory(storyKey(storyId), causeKey(cause), prefix, storyId);
      return { storyId: nowId, states: readStates(fields), claims: readClaims(claims) };
    },

    async claimAlert(request) {
      const { storyId, watchId, cause, event, changes, atMs } = request;
      const day = new Date(atMs).toISOString().slice(0, 10);
      const claim: StoredClaim = { alertId: alertIdOf(watchId, cause), storyId, event, changes, atMs };
      const [outcome, stored] = await redis.attacheClaimAlert(
        storyKey(storyId),
        causeKey(cause),
        `${prefix}:budget:${watchId}:${day}`,
        prefix,
        storyId,
        watchId,
        request.expectedSequence,
        JSON.stringify(request.announced),
        JSON.stringify(claim),
        storyRetentionSec,
        claimRetentionSec,
      );
      if (stored === undefined) return { conflict: true };
      return { fresh: outcome === 'claimed', claim: readClaim(watchId, stored) };
    },

    async mergeStories(fromId, intoId) {
      if (fromId === intoId) return;
      const moved = `${prefix}:moved:${fromId}`;
      await redis.attacheMergeStories(
        storyKey(fromId),
        storyKey(intoId),
        moved,
        prefix,
        fromId,
        intoId,
        storyRetentionSec,
      );
    },
  };
}

/**
 * An alert's id: of the watch and the article's revision, not of the story, so that it stays the same when stories merge, and when a power
 * cut has taken the last second of the store with it.
 */
export function alertIdOf(watchId: string, cause: AlertCause): string {
  const hash = createHash('sha256').update(JSON.stringify(['alert', 1, watchId, cause.articleId, cause.revision]));
  return `alert_${hash.digest('hex').slice(0, 32)}`;
}

type StoredClaim = Pick<AlertClaim, 'alertId' | 'storyId' | 'event' | 'changes' | 'atMs'>;

function readStates(fields: readonly string[]): Map<string, WatchState> {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) values.set(fields[index]!, fields[index + 1]!);
  const states = new Map<string, WatchState>();
  for (const [name, value] of values) {
    if (!name.startsWith('a:')) continue;
    const watchId = name.slice(2);
    const announced = value.split('\n').map((line) => JSON.parse(line) as AnnouncedState);
    states.set(watchId, {
      sequence: Number(values.get(`s:${watchId}`) ?? 0),
      announced: announced.reduce(mergeAnnounced),
    });
  }
  return states;
}

function readClaims(fields: readonly string[]): Map<string, AlertClaim> {
  const claims = new Map<string, AlertClaim>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    claims.set(fields[index]!, readClaim(fields[index]!, fields[index + 1]!));
  }
  return claims;
}

/** A claim is stored as `<sequence> <ordinal of day> <JSON>`: the numbers are Redis', the rest the claimant's. */
function readClaim(watchId: string, stored: string): AlertClaim {
  const [sequence, ordinal] = stored.split(' ', 2);
  const claim = JSON.parse(stored.slice(`${sequence} ${ordinal} `.length)) as StoredClaim;
  return { ...claim, watchId, sequence: Number(sequence), ordinalOfDay: Number(ordinal) };
}
