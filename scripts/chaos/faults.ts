import { PLANTED_FAULTS } from '../../tests/chaos/planted-faults.ts';
import { startScene } from '../../tests/support/crash-scene.ts';
import { disturbed, undisturbed } from '../../tests/support/crash-sweep.ts';
import { startRedis } from '../../tests/support/redis-server.ts';
import { say } from './say.ts';

/** Each fault swept from its own kill point; a fault that nothing shows means that the sweep proves nothing. */
export async function faults(): Promise<number> {
  let missed = 0;
  for (const { name, patches, kill } of PLANTED_FAULTS) {
    const redis = await startRedis();
    const scene = await startScene({ redisUrl: redis.url, faults: patches });
    try {
      const expected = await undisturbed(scene, 1);
      const step = await disturbed(scene, expected, 3, [kill]);
      if (step.problems.length === 0) missed++;
      say(`${step.problems.length > 0 ? 'caught' : 'MISSED'}: ${name}: ${step.problems[0] ?? ''}`);
    } finally {
      await scene.stop();
      await redis.stop();
    }
  }
  return missed;
}
