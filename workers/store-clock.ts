import type { RedisConnection } from '../src/queues/redis-connection.ts';
import type { Logger } from './logger.ts';

const SYNC_EVERY_MS = 10_000;
/** A clock that is off by more is worth a word: webhooks' timestamps are this machine's. */
const TOLD_MS = 60_000;
/** Redis' answer must not have taken longer to be believed. */
const LATE_MS = 1_000;

/**
 * Follows Redis' clock, by which what is due is judged (in Redis, for all processes alike). Planned by the clock of a machine that runs an hour
 * slow, a poll would be due again at once; by that of one that runs fast, an hour late. Between two looks the time goes on by the monotonic clock, so a step of this
 * machine's wall clock changes nothing.
 *
 * Answers Redis' time, ms since the epoch; it is followed until `signal` fires. Rejects when Redis does.
 */
export async function followStoreClock(deps: {
  readonly redis: RedisConnection;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<() => number> {
  const { redis, log, signal } = deps;
  let offsetMs: number | null = null;
  let told = false;
  let asking = false;
  const sync = async (): Promise<void> => {
    const askedMs = performance.now();
    const [seconds, micros] = await redis.time();
    // One that waited for a line to come back says when it was asked, or when it was answered: nobody knows which.
    if (offsetMs !== null && performance.now() - askedMs > LATE_MS) return;
    const localMs = (askedMs + performance.now()) / 2;
    offsetMs = Number(seconds) * 1000 + Number(micros) / 1000 - localMs;
    const offMs = Math.round(Date.now() - (performance.now() + offsetMs));
    if (Math.abs(offMs) < TOLD_MS) told = false;
    else if (!told) {
      told = true;
      log.warn({ offMs }, "this machine's clock differs from Redis': receivers may refuse webhooks by their timestamp");
    }
  };
  await sync();
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    void sync()
      .catch((error: unknown) => log.warn({ err: error }, 'clock'))
      .finally(() => {
        asking = false;
      });
  }, SYNC_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return () => Math.round(performance.now() + (offsetMs ?? 0));
}
