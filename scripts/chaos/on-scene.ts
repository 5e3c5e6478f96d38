import type { KillPoint } from '../../tests/support/crash-edge.ts';
import type { Outcome } from '../../tests/support/crash-report.ts';
import { type Scene, type SceneOptions, startScene } from '../../tests/support/crash-scene.ts';
import { disturbed, type SweepStep, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { say } from './say.ts';

/** Figures of a series of kills. */
export interface Tally {
  rounds: number;
  kills: number;
  repeats: number;
  broken: number;
  /** The longest round, ms. */
  slowestMs: number;
}

/** A round that takes longer is told with its kills. */
const SLOW_MS = 30_000;

export interface OnScene {
  readonly scene: Scene;
  readonly tally: Tally;
  /** Plays a round with these kills, says what went wrong, and counts. */
  step(points: readonly KillPoint[]): Promise<SweepStep>;
}

/** Runs a series of rounds on a scene of its own with a Redis of its own, and says the figures. Answers how many promises were broken. */
export async function onScene(
  title: string,
  play: (on: OnScene) => Promise<void>,
  options: Partial<SceneOptions> = {},
): Promise<number> {
  const startedMs = Date.now();
  const redis = await startRedis();
  const scene = await startScene({ redisUrl: redis.url, spares: true, ...options });
  const tally: Tally = { rounds: 0, kills: 0, repeats: 0, broken: 0, slowestMs: 0 };
  try {
    const expected: Outcome = await undisturbed(scene, 1);
    let round = 3;
    await play({
      scene,
      tally,
      async step(points) {
        const roundMs = performance.now();
        const step = await disturbed(scene, expected, round++, points);
        const tookMs = Math.round(performance.now() - roundMs);
        tally.slowestMs = Math.max(tally.slowestMs, tookMs);
        if (tookMs > SLOW_MS) say(`slow: ${tookMs} ms, killed ${step.point}`);
        tally.rounds++;
        tally.kills += step.kills;
        tally.repeats += step.repeats;
        if (step.problems.length > 0) tally.broken++;
        for (const problem of step.problems) say(`BROKEN ${step.point}, killed ${step.at}: ${problem}`);
        return step;
      },
    });
  } catch (error) {
    say(`BROKEN ${title}: ${error instanceof Error ? error.message : String(error)}`);
    say(scene.logged().slice(-20).join('\n'));
    tally.broken++;
  } finally {
    await scene.stop();
    await redis.stop();
  }
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  say(
    `${title}: ${tally.rounds} rounds, ${tally.kills} kills, ${tally.broken} broken, ${tally.repeats} webhooks repeated while in flight, ${seconds} s (the longest round ${Math.round(tally.slowestMs / 1000)} s)`,
  );
  return tally.broken;
}
