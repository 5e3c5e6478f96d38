import { createHash } from 'node:crypto';
import type { Cluster, Redis, Result } from 'ioredis';
import { ASSIGN_GROUPS, BEGIN_DELIVERY, RECORD_ATTEMPT } from './delivery-scripts.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheBeginDelivery(
      alert: string,
      log: string,
      floor: string,
      ...args: (string | number)[]
    ): Result<[string | null, string | null], Context>;
    attacheAssignGroups(keyCount: number, ...args: (string | number)[]): Result<string[], Context>;
    attacheRecordAttempt(
      alert: string,
      open: string,
      dead: string,
      dropped: string,
      ...args: (string | number)[]
    ): Result<0 | 1, Context>;
  }
}

export interface DeliveryKey {
  readonly subscriberId: string;
  readonly alertId: string;
}

/** Where a delivery stands. A round begins with the first attempt and again when an operator or a receiver asks for the alert anew. */
export interface DeliveryState {
  readonly v: 1;
  /** `held`: it went into a digest, and is not sent by itself. */
  readonly status: 'pending' | 'delivered' | 'held' | 'dead';
  readonly round: number;
  /** Attempts of this round that counted. */
  readonly attempts: number;
  readonly roundStartedMs: number;
  readonly lastAtMs: number;
  /** What the last attempt came to, in words. */
  readonly lastReason: string;
  /** When it is tried again; null where it is not. */
  readonly nextMs: number | null;
}

/** A past alert of one subscriber. `body` is null where it is older than the retention. */
export interface LoggedAlert {
  readonly cursor: string;
  readonly alertId: string;
  readonly body: string | null;
  readonly state: DeliveryState | null;
}

export interface LogPage {
  readonly alerts: readonly LoggedAlert[];
  /** To ask on with; the given one where there is nothing newer. */
  readonly next: string;
  /** True where alerts after the given cursor have been dropped already (age or bound). */
  readonly gap: boolean;
}

export interface DeliveryStore {
  /** The head of each member's delivery: an earlier answer's where there was one, else a new group for each subscriber, headed by its first. */
  assign(members: readonly DeliveryKey[]): Promise<string[]>;
  /**
   * Freezes a body for a subscriber at the first call (the bytes of every later attempt and replay), and returns what is frozen and where the
   * delivery stands. Without `body` nothing is frozen: null where there is nothing.
   */
  begin(
    key: DeliveryKey,
    body: string | null,
    options: { readonly nowMs: number; readonly log: boolean },
  ): Promise<{ readonly body: string | null; readonly state: DeliveryState | null }>;
  /** Stores the state after an attempt, in the lists of open and dead deliveries too. False where a newer one stands there. */
  record(key: DeliveryKey, state: DeliveryState): Promise<boolean>;
  /** The newest first. */
  list(
    subscriberId: string,
    status: 'pending' | 'dead',
    limit: number,
  ): Promise<(DeliveryKey & { state: DeliveryState | null })[]>;
  counts(subscriberId: string): Promise<{ readonly pending: number; readonly dead: number; readonly dropped: number }>;
  /** Past alerts after a cursor (`''`: the oldest kept), oldest first. Cursors are positions, not dates: nothing falls between two. */
  readLog(subscriberId: string, after: string, limit: number): Promise<LogPage>;
}

export interface DeliveryStoreOptions {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag, such as `attache:{deliveries}:v1`. */
  readonly prefix: string;
  /** How long bodies and the log of past alerts are kept: a receiver that was down for a week catches up. */
  readonly retentionSec?: number;
  /** How long a delivery that failed for good can be asked for again. */
  readonly deadRetentionSec?: number;
  /** Bound of each subscriber's log and lists. */
  readonly maxPerSubscriber?: number;
}

const DAY_SEC = 86_400;
const CURSOR = /^\d{1,15}-\d{1,10}$/;

export class CursorError extends Error {
  readonly code = 'bad-cursor';
  override readonly name = 'CursorError';
}

/** A cursor that stands for a time, for a caller who has only that. */
export function cursorOfTime(ms: number): string {
  return `${Math.max(0, Math.floor(ms) - 1)}-0`;
}

/** The store of what was sent. Errors are ioredis'; CursorError for a cursor that this store did not give out. */
export function createDeliveryStore(options: DeliveryStoreOptions): DeliveryStore {
  const {
    redis,
    prefix,
    retentionSec = 10 * DAY_SEC,
    deadRetentionSec = 30 * DAY_SEC,
    maxPerSubscriber = 10_000,
  } = options;
  redis.defineCommand('attacheBeginDelivery', { numberOfKeys: 3, lua: BEGIN_DELIVERY });
  redis.defineCommand('attacheAssignGroups', { lua: ASSIGN_GROUPS });
  redis.defineCommand('attacheRecordAttempt', { numberOfKeys: 4, lua: RECORD_ATTEMPT });
  const alertKey = (alertId: string) => `${prefix}:alert:${alertId}`;
  const listKey = (status: 'pending' | 'dead', subscriberId: string) => `${prefix}:${status}:${subscriberId}`;
  const logKey = (subscriberId: string) => `${prefix}:log:${subscriberId}`;
  const floorKey = (subscriberId: string) => `${prefix}:floor:${subscriberId}`;
  const droppedKey = (subscriberId: string) => `${prefix}:dropped:${subscriberId}`;

  return {
    assign(members) {
      const keys = members.map(({ alertId }) => alertKey(alertId));
      const argv = members.flatMap(({ subscriberId, alertId }) => [subscriberId, alertId]);
      return redis.attacheAssignGroups(keys.length, ...keys, retentionSec, ...argv);
    },

    async begin({ subscriberId, alertId }, body, { nowMs, log }) {
      const [frozen, state] = await redis.attacheBeginDelivery(
        alertKey(alertId),
        logKey(subscriberId),
        floorKey(subscriberId),
        subscriberId,
        body === null ? '' : createHash('sha256').update(body).digest('base64url').slice(0, 22),
        body ?? '',
        alertId,
        nowMs - retentionSec * 1000,
        maxPerSubscriber,
        retentionSec,
        log ? '1' : '0',
      );
      return { body: frozen, state: parseState(state) };
    },

    async record({ subscriberId, alertId }, state) {
      const written = await redis.attacheRecordAttempt(
        alertKey(alertId),
        listKey('pending', subscriberId),
        listKey('dead', subscriberId),
        droppedKey(subscriberId),
        subscriberId,
        alertId,
        JSON.stringify(state),
        state.status,
        state.round,
        state.lastAtMs,
        state.nextMs ?? 0,
        deadRetentionSec,
        maxPerSubscriber,
      );
      return written === 1;
    },

    async list(subscriberId, status, limit) {
      const alertIds = await redis.zrevrange(listKey(status, subscriberId), 0, limit - 1);
      return Promise.all(
        alertIds.map(async (alertId) => ({
          subscriberId,
          alertId,
          state: parseState(await redis.hget(alertKey(alertId), `s:${subscriberId}`)),
        })),
      );
    },

    async counts(subscriberId) {
      const [pending, dead, dropped] = await Promise.all([
        redis.zcard(listKey('pending', subscriberId)),
        redis.zcard(listKey('dead', subscriberId)),
        redis.get(droppedKey(subscriberId)),
      ]);
      return { pending, dead, dropped: Number(dropped ?? 0) };
    },

    readLog: (subscriberId, after, limit) =>
      readLog(
        redis,
        { subscriberId, log: logKey(subscriberId), floor: floorKey(subscriberId), alertKey },
        after,
        limit,
      ),
  };
}

interface LogKeys {
  readonly subscriberId: string;
  readonly log: string;
  /** Holds the cursor of the newest entry that was dropped. */
  readonly floor: string;
  readonly alertKey: (alertId: string) => string;
}

async function readLog(redis: Redis | Cluster, keys: LogKeys, after: string, limit: number): Promise<LogPage> {
  if (after !== '' && !CURSOR.test(after)) {
    throw new CursorError('past alerts: "after" is not a cursor; leave it out to begin with the oldest');
  }
  const from = after === '' ? '-' : `(${after}`;
  const entries = await redis.xrange(keys.log, from, '+', 'COUNT', limit);
  // Read after the entries: what was dropped in between shows as a gap rather than as nothing.
  const floor = await redis.get(keys.floor);
  const alerts = await Promise.all(
    entries.map(async ([cursor, fields]) => {
      const alertId = fields[1] ?? '';
      const [frozen, state] = await redis.hmget(
        keys.alertKey(alertId),
        `f:${keys.subscriberId}`,
        `s:${keys.subscriberId}`,
      );
      const body = frozen == null ? null : await redis.hget(keys.alertKey(alertId), `b:${frozen}`);
      return { cursor, alertId, body, state: parseState(state ?? null) };
    }),
  );
  return {
    alerts,
    next: alerts.at(-1)?.cursor ?? after,
    gap: floor !== null && (after === '' || compareCursors(after, floor) < 0),
  };
}

function parseState(json: string | null): DeliveryState | null {
  return json === null ? null : (JSON.parse(json) as DeliveryState);
}

function compareCursors(a: string, b: string): number {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number);
  return aMs - bMs || aSequence - bSequence;
}
