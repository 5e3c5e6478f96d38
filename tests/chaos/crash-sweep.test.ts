import { afterAll, beforeAll, expect, test } from 'vitest';
import { describePoint, type KillPoint } from '../support/crash-edge.ts';
import type { Outcome } from '../support/crash-report.ts';
import { type Scene, startScene } from '../support/crash-scene.ts';
import { disturbed, undisturbed } from '../support/crash-sweep.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';

/** All around what an article's way is made of: claim, queue, commit, join, claim an alert, group, freeze, send, record. `npm run chaos` sweeps every edge. */
const POINTS: readonly (readonly KillPoint[])[] = [
  [{ what: 'redis', name: 'addstandardjob/poll', when: 'before', nth: 1 }],
  [{ what: 'http', name: 'GET', when: 'sent', nth: 1 }],
  [{ what: 'redis', name: 'addstandardjob/triage', when: 'before', nth: 1 }],
  [{ what: 'redis', name: 'feedscommit', when: 'before', nth: 1 }],
  [{ what: 'redis', name: 'feedscommit', when: 'after', nth: 1 }],
  [{ what: 'redis', name: 'attachecommitstory', when: 'after', nth: 1 }],
  [{ what: 'redis', name: 'attacheclaimalert', when: 'before', nth: 2 }],
  [{ what: 'redis', name: 'attacheclaimalert', when: 'after', nth: 2 }],
  [{ what: 'redis', name: 'addstandardjob/matches', when: 'after', nth: 2 }],
  [{ what: 'redis', name: 'addstandardjob/deliver', when: 'before', nth: 1 }],
  [{ what: 'redis', name: 'attachebegindelivery', when: 'after', nth: 1 }],
  [{ what: 'http', name: 'POST', when: 'sent', nth: 1 }],
  [{ what: 'redis', name: 'attacherecordattempt', when: 'before', nth: 1 }],
  [{ what: 'redis', name: 'movetofinished/deliver', when: 'before', nth: 1 }],
  [{ what: 'redis', name: 'feedscommit', when: 'before', nth: 4 }],
  [
    { what: 'redis', name: 'attachecommitstory', when: 'after', nth: 1 },
    { what: 'redis', name: 'attacheclaimalert', when: 'before', nth: 2 },
  ],
];

let redis: TestRedis;
let scene: Scene;
let expected: Outcome;
let round = 1;

beforeAll(async () => {
  redis = await startRedis();
  scene = await startScene({ redisUrl: redis.url, spares: true });
  expected = await undisturbed(scene, round);
  round += 2;
});
afterAll(async () => {
  await scene?.stop();
  await redis?.stop();
});

test.each(POINTS.map((points) => [points.map(describePoint).join(', then '), points] as const))(
  'a worker killed with SIGKILL %s loses nothing, and repeats only what was in flight',
  async (_, points) => {
    const step = await disturbed(scene, expected, round++, points);
    expect(step.problems).toEqual([]);
    expect(step.kills).toBe(points.length);
  },
  120_000,
);
