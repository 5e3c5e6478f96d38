import type { Queue } from 'bullmq';
import type { RedisConnection } from './redis-connection.ts';

/** BullMQ keeps a delayed job at its time in ms times this, plus a counter. */
const DELAYED_SCALE = 0x1000;
/** Fewer looks prove nothing: the process itself may have been held up between two. */
const MIN_LOOKS = 3;

/** Since when jobs wait and none moved. */
export interface Standstill {
  readonly sinceMs: number;
  readonly looks: number;
  /** What would be another one, had anything moved. */
  readonly mark: string;
}

/** One look at a queue: whether a job could be taken now, and what changes when one is. */
export interface QueueLook {
  readonly atMs: number;
  readonly waits: boolean;
  readonly mark: string;
}

/** The standstill after a look; null where nothing waits. A look at which something had moved begins anew. */
export function afterLook(before: Standstill | null, { atMs, waits, mark }: QueueLook): Standstill | null {
  if (!waits) return null;
  if (before === null || before.mark !== mark) return { sinceMs: atMs, looks: 1, mark };
  return { ...before, looks: before.looks + 1 };
}

/** How long nothing has moved, ms, once that is longer than `patienceMs`; else null. */
export function stuckForMs(standstill: Standstill | null, atMs: number, patienceMs: number): number | null {
  if (standstill === null || standstill.looks < MIN_LOOKS) return null;
  const silentMs = atMs - standstill.sinceMs;
  return silentMs >= patienceMs ? silentMs : null;
}

/** The id of the job that a worker could take now; null where none waits or is due, or the queue is paused. */
export async function nextJobId(redis: RedisConnection, queue: Queue, nowMs: number): Promise<string | null> {
  const [paused, waiting, delayed] = await Promise.all([
    redis.hexists(queue.toKey('meta'), 'paused'),
    redis.lindex(queue.toKey('wait'), -1),
    redis.zrange(queue.toKey('delayed'), '0', '0', 'WITHSCORES'),
  ]);
  if (paused === 1) return null;
  if (waiting !== null) return waiting;
  const [id, score] = delayed as unknown as [string?, string?];
  return id !== undefined && Number(score) / DELAYED_SCALE < nowMs ? id : null;
}
