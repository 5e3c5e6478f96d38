import type { Cluster, Redis, Result } from 'ioredis';
import type { DigestEntry } from '../alerts/alert-schema.ts';
import type { DeliveryKey } from './delivery-store.ts';
import { ADMIT_UPDATE, CLOSE_SLOT, HOLD_ALERT } from './hold-scripts.ts';
import type { HoldReason } from './subscriber-limits.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    attacheAdmitUpdate(rate: string, ...args: (string | number)[]): Result<0 | 1, Context>;
    attacheHoldAlert(
      held: string,
      entries: string,
      closed: string,
      dropped: string,
      ...args: (string | number)[]
    ): Result<string, Context>;
    attacheCloseSlot(
      held: string,
      entries: string,
      closed: string,
      ...args: (string | number)[]
    ): Result<string[], Context>;
  }
}

export interface HeldAlert {
  readonly reason: HoldReason;
  readonly entry: DigestEntry;
  readonly configHash: string;
}

/** What subscribers' limits hold back. Every call can be repeated after a crash and answers the same. */
export interface HoldStore {
  /** Whether an update finds room in the subscriber's last hour; an admitted one stays admitted. */
  admitUpdate(key: DeliveryKey, nowMs: number, maxPerHour: number): Promise<boolean>;
  /** Holds an alert for a digest; null where that slot was closed in the meantime: another must be chosen. */
  hold(key: DeliveryKey, slotMs: number, alert: HeldAlert): Promise<{ readonly slotMs: number } | null>;
  /** What the digest of a slot holds, oldest first; nothing is added to it after the first call. */
  closeSlot(subscriberId: string, slotMs: number): Promise<HeldAlert[]>;
  /** How many alerts are waiting for a digest. */
  heldCount(subscriberId: string): Promise<number>;
}

export interface HoldStoreOptions {
  readonly redis: Redis | Cluster;
  /** Holds a hash tag, such as `attache:{deliveries}:v1`. */
  readonly prefix: string;
  readonly maxHeld?: number;
}

const HOUR_MS = 3_600_000;
/** Longer than any slot is away, with room for a worker that was off. */
const HELD_TTL_SEC = 30 * 86_400;
/** How long a digest can be made again: longer than its job can be late. */
const CLOSED_TTL_SEC = 5 * 86_400;

/** The store of held alerts. Errors are ioredis'. */
export function createHoldStore({ redis, prefix, maxHeld = 5_000 }: HoldStoreOptions): HoldStore {
  redis.defineCommand('attacheAdmitUpdate', { numberOfKeys: 1, lua: ADMIT_UPDATE });
  redis.defineCommand('attacheHoldAlert', { numberOfKeys: 4, lua: HOLD_ALERT });
  redis.defineCommand('attacheCloseSlot', { numberOfKeys: 3, lua: CLOSE_SLOT });
  const heldKey = (subscriberId: string) => `${prefix}:held:${subscriberId}`;
  const entriesKey = (subscriberId: string) => `${prefix}:held-entries:${subscriberId}`;
  const closedKey = (subscriberId: string, slotMs: number) => `${prefix}:digest:${subscriberId}:${slotMs}`;

  return {
    async admitUpdate({ subscriberId, alertId }, nowMs, maxPerHour) {
      return (
        (await redis.attacheAdmitUpdate(`${prefix}:rate:${subscriberId}`, alertId, nowMs, HOUR_MS, maxPerHour)) === 1
      );
    },

    async hold({ subscriberId, alertId }, slotMs, alert) {
      const slot = Number(
        await redis.attacheHoldAlert(
          heldKey(subscriberId),
          entriesKey(subscriberId),
          closedKey(subscriberId, slotMs),
          `${prefix}:dropped:${subscriberId}`,
          alertId,
          slotMs,
          JSON.stringify(alert),
          HELD_TTL_SEC,
          maxHeld,
        ),
      );
      return slot === -1 ? null : { slotMs: slot };
    },

    async closeSlot(subscriberId, slotMs) {
      const entries = await redis.attacheCloseSlot(
        heldKey(subscriberId),
        entriesKey(subscriberId),
        closedKey(subscriberId, slotMs),
        slotMs,
        CLOSED_TTL_SEC,
      );
      return entries.map((entry) => JSON.parse(entry) as HeldAlert);
    },

    heldCount: (subscriberId) => redis.zcard(heldKey(subscriberId)),
  };
}
