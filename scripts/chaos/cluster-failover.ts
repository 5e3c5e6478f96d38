import { newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startCluster } from '../../tests/support/redis-cluster.ts';
import { until } from '../../tests/support/until.ts';
import { say } from './say.ts';

/** A key of each slot that the worker uses. */
const SLOTS = ['{attache}', '{feeds}', '{stories}', '{archive}', '{alerts}', '{deliveries}'];

/** Kills the master of each slot under load, one after the other: its replica takes over, the killed one comes back as a replica. */
export async function clusterFailover(): Promise<number> {
  const cluster = await startCluster();
  const on = await startScene({ redisUrl: cluster.url, processes: ['schedule,poll', 'triage', 'deliver,http'] });
  let broken = 0;
  try {
    const expected = await undisturbed(on, 1);
    let round = 3;
    for (const slot of SLOTS) {
      const master = await cluster.masterOf(slot);
      const asked = on.host.asked('wire');
      const startedMs = performance.now();
      const playing = on.play(newsRound(round++), [], { withinMs: 60_000 }).then(
        (report) => losses(expected, report),
        (error: Error) => [error.message],
      );
      await until('work is under way', () => on.host.asked('wire') > asked);
      await master.kill();
      const problems = await playing;
      const stuck = problems.some((problem) => problem.startsWith('waited'));
      const tookMs = Math.round(performance.now() - startedMs);
      await master.restart();
      await until('it is a replica in step', async () => {
        const info = await master.client().info('replication');
        return /role:slave/.test(info) && /master_link_status:up/.test(info);
      });
      if (problems.length > 0) broken++;
      for (const problem of problems) say(`BROKEN master of ${slot} killed: ${problem}`);
      if (stuck) break; // the workers no longer take jobs: what follows would say nothing new
      say(`master of ${slot} killed: the round was over after ${tookMs} ms, ${problems.length} lost`);
    }
    const crossed = on.logged().filter((line) => /CROSSSLOT/.test(line)).length;
    say(`CROSSSLOT errors: ${crossed}`);
    broken += crossed;
  } finally {
    await on.stop();
    await cluster.stop();
  }
  return broken;
}
