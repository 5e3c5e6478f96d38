import { NEWS_FEEDS, newsRound } from '../../tests/support/crash-news.ts';
import { type Scene, startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startCluster, type TestCluster } from '../../tests/support/redis-cluster.ts';
import { until } from '../../tests/support/until.ts';
import { say } from './say.ts';

const FAILOVERS = Number(process.env.FAILOVERS ?? 24);
const RECOVERY_MS = 30_000;
/** A key of each slot that the worker uses. */
const SLOTS = ['{attache}', '{feeds}', '{stories}', '{archive}', '{alerts}', '{deliveries}'];

/** Every so manieth master is not killed but falls silent (SIGSTOP), as a machine does that hangs or is cut off. */
const SILENT_EACH = 4;

/**
 * Replication is asynchronous: a failover may forget the last writes, and an alert whose claim is forgotten is told again. What must not happen is that anything is lost.
 */
const isLoss = (problem: string): boolean => !problem.includes('too much');

/** Kills the master of each slot under load, one after the other and round again: its replica takes over, the killed one comes back as a replica. */
export async function clusterFailover(): Promise<number> {
  const cluster = await startCluster();
  const on = await startScene({ redisUrl: cluster.url, processes: ['schedule,poll', 'triage', 'deliver,http'] });
  const tookMs: number[] = [];
  let broken = 0;
  let again = 0;
  try {
    const expected = await undisturbed(on, 1);
    for (let failover = 0; failover < FAILOVERS; failover++) {
      const slot = SLOTS[failover % SLOTS.length]!;
      const silent = failover % SILENT_EACH === SILENT_EACH - 1;
      const { problems, recoveredMs } = await failOver({ cluster, on, slot, silent, round: 3 + failover, expected });
      const how = `master of ${slot} ${silent ? 'silent' : 'killed'}`;
      tookMs.push(recoveredMs);
      const lost = problems.filter(isLoss);
      if (lost.length > 0 || recoveredMs > RECOVERY_MS) broken++;
      if (problems.length > lost.length) again++;
      for (const problem of problems) say(`${isLoss(problem) ? 'BROKEN ' : ''}${how}: ${problem}`);
      say(`${how}: the round was over ${recoveredMs} ms later, ${lost.length} lost`);
    }
    const crossed = on.logged().filter((line) => /CROSSSLOT/.test(line)).length;
    const replaced = on.logged().filter((line) => /the worker is replaced/.test(line)).length;
    tookMs.sort((one, other) => one - other);
    say(
      `${FAILOVERS} failovers, ${broken} broken, ${again} with something told again; all work done ${tookMs[Math.floor(tookMs.length / 2)]} ms after the kill (median), ${tookMs.at(-1)} ms (longest); ${replaced} workers replaced, ${crossed} CROSSSLOT errors`,
    );
    broken += crossed;
  } finally {
    await on.stop();
    await cluster.stop();
  }
  return broken;
}

async function failOver(now: {
  readonly cluster: TestCluster;
  readonly on: Scene;
  readonly slot: string;
  readonly silent: boolean;
  readonly round: number;
  readonly expected: Parameters<typeof losses>[0];
}): Promise<{ readonly problems: readonly string[]; readonly recoveredMs: number }> {
  const { on, round } = now;
  const master = await now.cluster.masterOf(now.slot);
  const asked = (): number => NEWS_FEEDS.reduce((sum, feed) => sum + on.host.asked(feed), 0);
  const before = asked() + (round % 4); // another moment of the round each time
  const playing = on.play(newsRound(round), [], { withinMs: 90_000, pushAgain: true }).then(
    (report) => losses(now.expected, report),
    (error: Error) => [error.message],
  );
  await until('work is under way', () => asked() > before);
  if (now.silent) process.kill(master.pid, 'SIGSTOP');
  else await master.kill();
  const killedMs = performance.now();
  const problems = await playing;
  const recoveredMs = Math.round(performance.now() - killedMs);
  // A round that needs no more of this slot may be over before the election is.
  await until('its replica is master', async () => (await now.cluster.masterOf(now.slot)) !== master, 60_000);
  if (now.silent) process.kill(master.pid, 'SIGCONT');
  else await master.restart();
  await until(
    'it is a replica in step',
    async () => {
      const info = await master.client().info('replication');
      return /role:slave/.test(info) && /master_link_status:up/.test(info);
    },
    60_000,
  );
  return { problems, recoveredMs };
}
