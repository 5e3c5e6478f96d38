import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReplicaWait } from '../../src/queues/held-by-replica.ts';
import { connectRedis, type RedisConnection } from '../../src/queues/redis-connection.ts';
import { startCluster, type TestCluster } from '../support/redis-cluster.ts';
import type { TestRedis } from '../support/redis-server.ts';

const KEY = '{attache}:a-job';
let cluster: TestCluster;
let connection: RedisConnection;
beforeAll(async () => {
  cluster = await startCluster();
  connection = connectRedis(cluster.url, () => {});
}, 60_000);
afterAll(async () => {
  connection?.disconnect();
  await cluster?.stop();
});

async function replicaOf(master: TestRedis): Promise<TestRedis> {
  const port = new URL(master.url).port;
  for (const node of cluster.nodes) {
    const info = await node.client().info('replication');
    if (info.includes('role:slave') && info.includes(`master_port:${port}\r`)) return node;
  }
  throw new Error(`no replica of ${master.url}`);
}

test('work counts as handed over on a Cluster when a replica has it, and is not waited for where no replica answers', async () => {
  const master = await cluster.masterOf(KEY);
  const replica = await replicaOf(master);
  let nowMs = 0;
  const heldByReplica = createReplicaWait(connection, () => nowMs);
  process.kill(replica.pid, 'SIGSTOP');
  let isHeld = false;
  let held: Promise<boolean>;
  try {
    await connection.set(KEY, 'added');
    held = heldByReplica(KEY, 20_000).finally(() => {
      isHeld = true;
    });
    await master.client().ping();
    expect(isHeld).toBe(false);
  } finally {
    process.kill(replica.pid, 'SIGCONT');
  }
  expect(await held).toBe(true);
  const there = replica.client();
  await there.readonly();
  expect(await there.get(KEY)).toBe('added');

  await replica.kill();
  await connection.set(KEY, 'again');
  expect(await heldByReplica(KEY, 50)).toBe(false);
  nowMs += 5_000;
  expect(await heldByReplica(KEY, 3_600_000)).toBe(false); // at once
  await replica.restart();
}, 60_000);
