import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScene } from '../support/crash-scene.ts';
import { disturbed, undisturbed } from '../support/crash-sweep.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { PLANTED_FAULTS } from './planted-faults.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.stop());

test.each(PLANTED_FAULTS)(
  'the sweep would notice if $name',
  async ({ patches, kill }) => {
    await redis.flush();
    const scene = await startScene({ redisUrl: redis.url, faults: patches });
    try {
      const expected = await undisturbed(scene, 1); // without a kill nothing shows
      const step = await disturbed(scene, expected, 3, [kill]);
      expect(step.kills).toBe(1);
      expect(step.problems).not.toEqual([]);
    } finally {
      await scene.stop();
    }
  },
  120_000,
);
