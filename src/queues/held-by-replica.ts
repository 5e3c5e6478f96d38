import { Cluster } from 'ioredis';
import type { RedisConnection } from './redis-connection.ts';

/** Replication takes a millisecond or two where the replica is well; WAIT holds up what else is asked on the connection. */
const WAIT_MS = 200;
/** Without a replica that answers there is nothing to wait for; it is asked again so much later. */
const PAUSE_MS = 10_000;

/**
 * Waits until a replica has what was just written to the master of a key, at most `waitMs`; answers whether one has.
 *
 * Replication is asynchronous: what a Cluster's master has acknowledged last may die with it, while a mark of it on another master lives on. What must not outlive
 * the work it stands for is written after this. A single Redis, whose append-only file has both in order, needs no waiting. (WAIT: redis.io/commands/wait)
 */
export function createReplicaWait(
  redis: RedisConnection,
  now: () => number,
): (key: string, waitMs?: number) => Promise<boolean> {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async (key, waitMs = WAIT_MS) => {
    if (!(redis instanceof Cluster)) return true;
    if (now() < notBeforeMs) return false;
    // The key leads the pipeline to its master; WAIT counts for all that was written on that connection.
    const replies = await redis.pipeline().exists(key).wait(1, waitMs).exec();
    const held = Number(replies?.[1]?.[1] ?? 0) > 0;
    if (!held) notBeforeMs = now() + PAUSE_MS;
    return held;
  };
}
