import type { RedisConnection } from '../src/queues/redis-connection.ts';
import type { Logger } from './logger.ts';

const SYNC_EVERY_MS = 10_000;
/** A clock that is off by more is worth a word: webhooks' timestamps are this machine's. */
const TOLD_MS = 60_000;
/** Redis' answer must not have taken longer to be believed. */
const LATE_MS = 1_000;
const FIRST_TRIES = 3;

/** By a key, so that on a Cluster always the one master is asked whose clock decides what is due. */
const TIME = "return redis.call('TIME')";

/**
 * Follows Redis' clock, by which what is due is judged (in Redis, for all processes alike). Planned by the clock of a machine that runs an hour
 * slow, a poll would be due again at once; by that of one that runs fast, an hour late. Between two looks the time goes on by the monotonic clock, so a step of this
 * machine's wall clock changes nothing.
 *
 * Answers Redis' time, ms since the epoch; it is followed until `signal` fires. Rejects when Redis does.
 *
 * @param deps `key`: any key of those that are judged by this time; it is neither read nor written.
 */
export async function followStoreClock(deps: {
  readonly redis: RedisConnection;
  readonly key: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<() => number> {
  const { redis, key, log, signal } = deps;
  let offsetMs = 0;
  let told = false;
  let asking = false;
  /** False: the answer took too long. One that waited for a line to come back says when it was asked, or when it was answered: nobody knows which. */
  const sync = async (takesLate = false): Promise<boolean> => {
    const askedMs = performance.now();
    const [seconds, micros] = (await redis.eval(TIME, 1, key)) as [string, string];
    if (!takesLate && performance.now() - askedMs > LATE_MS) return false;
    const localMs = (askedMs + performance.now()) / 2;
    offsetMs = Number(seconds) * 1000 + Number(micros) / 1000 - localMs;
    const offMs = Math.round(Date.now() - (performance.now() + offsetMs));
    if (Math.abs(offMs) < TOLD_MS) told = false;
    else if (!told) {
      told = true;
      log.warn({ offMs }, "this machine's clock differs from Redis': receivers may refuse webhooks by their timestamp");
    }
    return true;
  };
  // Where each answer is late, a clock that is off by seconds is better than none.
  for (let tries = 1; !(await sync(tries === FIRST_TRIES)); tries += 1);
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
  return () => Math.round(performance.now() + offsetMs);
}
