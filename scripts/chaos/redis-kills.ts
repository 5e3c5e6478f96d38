import { setTimeout as sleep } from 'node:timers/promises';
import { NEWS_FEEDS, newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { losses, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { until } from '../../tests/support/until.ts';
import { say } from './say.ts';

const KILLS = 50;

/** Kills Redis with SIGKILL at a random moment of a round, 50 times, with the append-only file synced each second as the embedded one has it. */
export async function redisKills(): Promise<number> {
  const redis = await startRedis({ appendonly: true, args: ['--appendfsync', 'everysec'] });
  const on = await startScene({ redisUrl: redis.url });
  const asked = (): number => NEWS_FEEDS.reduce((sum, feed) => sum + on.host.asked(feed), 0);
  const resumedMs: number[] = [];
  let broken = 0;
  let repeats = 0;
  try {
    const expected = await undisturbed(on, 1);
    for (let round = 3; round < 3 + KILLS; round++) {
      let isOver = false;
      const playing = on.play(newsRound(round), [], { pushAgain: true }).finally(() => {
        isOver = true;
      });
      const start = asked();
      await until('work is under way', () => asked() > start);
      await sleep(Math.random() * 100);
      await redis.kill();
      await redis.restart();
      const backMs = performance.now();
      const before = asked() + on.receiver.received.length;
      // A kill after the last step leaves nothing to go on with.
      await until('work goes on', () => isOver || asked() + on.receiver.received.length > before, 30_000);
      if (!isOver) resumedMs.push(performance.now() - backMs);
      const report = await playing;
      repeats += report.repeats;
      const lost = losses(expected, report);
      if (lost.length > 0) broken++;
      for (const problem of lost) say(`BROKEN round ${round}: ${problem}`);
    }
  } finally {
    await on.stop();
    await redis.stop();
  }
  resumedMs.sort((one, other) => one - other);
  const at = (share: number): number => Math.round(resumedMs[Math.floor(share * (resumedMs.length - 1))] ?? 0);
  say(
    `kill -9 of Redis: ${KILLS} times, ${broken} broken, ${repeats} webhooks repeated; work went on after ${at(0.5)} ms (median of ${resumedMs.length}), ${at(1)} ms (longest)`,
  );
  return broken + resumedMs.filter((ms) => ms > 3000).length;
}
