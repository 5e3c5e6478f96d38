import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourcePatch } from '../support/crash-edge.ts';
import { newsRound } from '../support/crash-news.ts';
import { startScene } from '../support/crash-scene.ts';
import { losses, undisturbed } from '../support/crash-sweep.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.stop());

const JUDGE = 'return judgeReading(knowledge, article, readArticle(';
const poisonedBy = (deed: string): SourcePatch => ({
  file: 'src/triage/judge-article.ts',
  find: JUDGE,
  replace: `if (article.title.startsWith('Poison')) ${deed}; ${JUDGE}`,
});
/** A poison is tried for three hours, or 25 times where it kills; less will do here. */
const SOON: readonly SourcePatch[] = [
  {
    file: 'src/queues/queues.ts',
    find: "attempts: 12,\n    backoff: { type: 'exponential', delay: 1000",
    replace: "attempts: 3,\n    backoff: { type: 'exponential', delay: 50",
  },
  { file: 'src/queues/queues.ts', find: 'const MAX_STARTS = 25', replace: 'const MAX_STARTS = 2' },
];

test.each([
  ['throws', "throw new Error('poisoned by its headline')", /poisoned by its headline/],
  ['kills the process', "process.kill(process.pid, 'SIGKILL')", /started more than allowable/],
] as const)(
  'an article that %s when it is judged ends in the dead letter with its reason, and stops no other',
  async (_, deed, reason) => {
    await redis.flush();
    const on = await startScene({ redisUrl: redis.url, faults: [...SOON, poisonedBy(deed)] });
    try {
      const expected = await undisturbed(on, 1);
      const news = newsRound(3);
      const [first, ...rest] = news.steps;
      const poison = { guid: 'r3-poison', title: 'Poison', link: 'https://wire.example/poison' };
      // Alone at first: with so few starts, what is judged beside a killer would share its end.
      const withPoison = { feed: 'wire', items: [poison, ...first!.items] };
      const steps = [{ feed: 'wire', items: [poison] }, withPoison, ...rest];
      const report = await on.play({ ...news, steps });
      expect(losses(expected, { ...report, outcome: { ...report.outcome, failed: 0 } })).toEqual([]);
      const dead = await on.stores.queues.triage.getFailed();
      expect(dead.map((job) => [job.data.article.title, job.failedReason])).toEqual([
        ['Poison', expect.stringMatching(reason)],
      ]);
    } finally {
      await on.stop();
    }
  },
  120_000,
);
