import { readdir, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newsRound } from '../../tests/support/crash-news.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { say } from './say.ts';

/** Bytes that a power cut takes: from the last write alone to many steps of the way. */
const CUTS = [7, 300, 3_000, 12_000, 40_000];

/**
 * Cuts the end off Redis' append-only file between two steps of a round, starts it again, and lets every feed be asked once more, as happens anyway at its next
 * poll: every article has to be archived with its last title, and every alert told (again, where the record of it was cut off; then under the same id).
 */
export async function tornFile(): Promise<number> {
  let broken = 0;
  for (const bytes of CUTS) {
    const redis = await startRedis({ appendonly: true, args: ['--appendfsync', 'everysec'] });
    const on = await startScene({ redisUrl: redis.url });
    try {
      const expected = await undisturbed(on, 1);
      const news = newsRound(3);
      const [begin, rest] = [news.steps.slice(0, 3), news.steps.slice(3)];
      await on.play({ ...news, steps: begin });
      await redis.kill();
      await cutTail(dirname(redis.path), bytes);
      await redis.restart();
      const again = news.steps.slice(1, 3);
      const report = await on.play({ ...news, steps: [begin[0]!, ...again, ...rest] });
      const told = new Set(report.outcome.told.map((line) => line.replace(/;.*/, '')));
      const lost = [
        ...expected.articles.filter((line) => !report.outcome.articles.includes(line)),
        ...expected.told.map((line) => line.replace(/;.*/, '')).filter((line) => !told.has(line)),
      ];
      if (lost.length > 0) broken++;
      for (const line of lost) say(`BROKEN cut of ${bytes} bytes: lost: ${line}`);
      say(`append-only file cut by ${bytes} bytes: ${lost.length} lost, ${report.repeats} webhooks came again`);
    } finally {
      await on.stop();
      await redis.stop();
    }
  }
  return broken;
}

async function cutTail(dir: string, bytes: number): Promise<void> {
  const folder = join(dir, 'appendonlydir');
  const name = (await readdir(folder)).find((one) => one.endsWith('.incr.aof'))!;
  const { size } = await stat(join(folder, name));
  await truncate(join(folder, name), Math.max(0, size - bytes));
}
