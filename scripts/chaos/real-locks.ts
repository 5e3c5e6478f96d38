import { describePoint, type KillPoint } from '../../tests/support/crash-edge.ts';
import { newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { say } from './say.ts';

/** In the midst of a poll, of judging, and of delivering: what was under way has to wait for its lock. */
const POINTS: readonly KillPoint[] = [
  { what: 'redis', name: 'feedscommit', when: 'before', nth: 1 },
  { what: 'redis', name: 'attachecommitstory', when: 'after', nth: 1 },
  { what: 'http', name: 'POST', when: 'sent', nth: 1 },
];
const TIMES = 4;
const CALM_ROUNDS = 10;
/** A lock and a look for jobs without one, and the work itself. */
const RECOVERY_MS = 12_500 + 5_000;

/**
 * With the locks as they are in use: how long a killed process' work waits to be taken up by its successor, and whether a process that nobody kills, on a machine as
 * busy as this one is now, loses a lock.
 */
export async function realLocks(): Promise<number> {
  const redis = await startRedis();
  const on = await startScene({ redisUrl: redis.url, realLocks: true });
  const interrupted = (): number => on.logged().filter((line) => line.includes('a job was interrupted')).length;
  let broken = 0;
  try {
    const expected = await undisturbed(on, 1);
    let round = 3;
    for (; round < 3 + CALM_ROUNDS; round++) {
      for (const problem of losses(expected, await on.play(newsRound(round)))) say(`BROKEN, nobody killed: ${problem}`);
    }
    const wrongly = interrupted();
    if (wrongly > 0) broken++;
    say(`${CALM_ROUNDS + 2} rounds without a kill: ${wrongly} jobs lost their lock`);
    const tookMs: number[] = [];
    for (const point of POINTS) {
      for (let time = 0; time < TIMES; time++) {
        const startedMs = performance.now();
        const report = await on.play(newsRound(round++), [point], { withinMs: 90_000 });
        const ms = Math.round(performance.now() - startedMs);
        tookMs.push(ms);
        const lost = losses(expected, report);
        if (lost.length > 0 || ms > RECOVERY_MS) broken++;
        for (const problem of lost) say(`BROKEN ${describePoint(point)}: ${problem}`);
        say(`killed ${describePoint(point)}: the whole round took ${ms} ms`);
      }
    }
    tookMs.sort((one, other) => one - other);
    say(
      `${tookMs.length} kills: the round was over after ${tookMs[Math.floor(tookMs.length / 2)]} ms (median), ${tookMs.at(-1)} ms (longest)`,
    );
  } finally {
    await on.stop();
    await redis.stop();
  }
  return broken;
}
