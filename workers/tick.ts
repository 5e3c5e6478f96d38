import { storePrefix } from '../src/queues/queues.ts';
import type { Context } from './context.ts';

/** Due feeds are looked for by a repeated job of the queue `schedule`. */
const TICK_ID = 'tick';
/** When none has run for so many of its intervals, the worker is not ready, and the job is planted anew. */
const LATE_TICKS = 6;
const DAY_SEC = 86_400;

type TickContext = Pick<Context, 'stores' | 'current' | 'log' | 'storeNow'>;

const lastTickKey = ({ current }: TickContext): string =>
  `${storePrefix(current.config.settings.redis.prefix, 'schedule')}:last-tick`;

/** Plants the repeated job; where it stands already, with the same interval, nothing changes. */
export async function plantTick({ stores, current }: TickContext): Promise<void> {
  const everyMs = current.config.settings.poll.tick * 1000;
  const template = { name: TICK_ID, opts: { removeOnComplete: true, removeOnFail: 10 } };
  await stores.queues.schedule.upsertJobScheduler(TICK_ID, { every: everyMs }, template);
}

/** Notes that a tick has run, for all processes and so by the clock that all share. */
export async function markTick(context: TickContext): Promise<void> {
  await context.stores.redis.set(lastTickKey(context), Math.round(context.storeNow()), 'EX', DAY_SEC);
}

const lateAfterMs = ({ current }: TickContext): number => LATE_TICKS * current.config.settings.poll.tick * 1000;

/**
 * How late the tick is, ms; null while it is in time. This process' own age, by its monotonic clock, counts where it is less. A last tick that lies in the future means
 * that the clock was set back: the next one would wait until it is there again.
 */
export async function tickLateness(context: TickContext, startedMs: number): Promise<number | null> {
  const last = Number((await context.stores.redis.get(lastTickKey(context))) ?? 0);
  const boundMs = lateAfterMs(context);
  const silentMs = context.storeNow() - last;
  if (silentMs < -boundMs) return -silentMs;
  const lateMs = Math.min(silentMs, performance.now() - startedMs);
  return lateMs > boundMs ? Math.round(lateMs) : null;
}

/**
 * Looks after the tick: a scheduler makes its next job only when the last one starts, and one that got lost would end the series. Answers the look, to be taken
 * once for each tick. It never throws, is never at work twice at once, and gives a tick that was planted anew the time to run: whoever takes it away again before it is due
 * ends what they meant to mend.
 */
export function watchTick(context: TickContext): () => Promise<void> {
  let sinceMs = performance.now();
  let isPlanted = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const lateMs = await tickLateness(context, sinceMs);
    if (lateMs === null || (isPlanted && performance.now() - sinceMs < lateAfterMs(context))) return;
    context.log.warn({ lateMs }, 'the tick is late; it is planted anew');
    await context.stores.queues.schedule.removeJobScheduler(TICK_ID);
    await plantTick(context);
    sinceMs = performance.now();
    isPlanted = true;
  };
  return async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      await look();
    } catch (error) {
      context.log.warn({ err: error }, 'tick');
    } finally {
      isLooking = false;
    }
  };
}
