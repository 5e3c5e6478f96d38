import { pino } from 'pino';
import { expect, test } from 'vitest';
import { storePrefix } from '../../src/queues/queues.ts';
import { connectRedis } from '../../src/queues/redis-connection.ts';
import { followStoreClock } from '../../workers/store-clock.ts';
import { startCluster } from '../support/redis-cluster.ts';

test('on a Cluster the time is always asked of the master that holds what is due', async () => {
  const cluster = await startCluster();
  const redis = connectRedis(cluster.url, () => {});
  const stopping = new AbortController();
  try {
    const key = storePrefix('attache', 'feeds');
    const deps = { redis, key, log: pino({ level: 'silent' }), signal: stopping.signal };
    for (let turn = 0; turn < 10; turn++) await followStoreClock(deps);
    const owner = await cluster.masterOf(`${key}:due`);
    const asked = await Promise.all(
      cluster.nodes.map(async (node) => {
        const stats = await node.client().info('commandstats');
        return [node === owner, Number(/cmdstat_time:calls=(\d+)/.exec(stats)?.[1] ?? 0)];
      }),
    );
    // Whatever was late on a busy machine is asked again.
    expect(asked.filter(([isOwner, calls]) => !isOwner && calls !== 0)).toEqual([]);
    expect(asked.find(([isOwner]) => isOwner)?.[1]).toBeGreaterThanOrEqual(10);
  } finally {
    stopping.abort();
    redis.disconnect();
    await cluster.stop();
  }
}, 60_000);
