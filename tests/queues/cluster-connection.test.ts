import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectRedis } from '../../src/queues/redis-connection.ts';
import { startRedis } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('a connection made while a Cluster is down is there at once, and its commands wait until the Cluster is up again', async () => {
  const [port, busPort] = [await freePort(), await freePort()];
  const announced = ['--cluster-announce-ip', '127.0.0.1'];
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), ...announced];
  const node = await startRedis({ port, args });
  cleanups.push(() => node.stop());
  const admin = node.client();
  const state = async () => /cluster_state:(\w+)/.exec(String(await admin.call('CLUSTER', 'INFO')))?.[1];
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until('the Cluster is up', async () => (await state()) === 'ok');
  const connection = connectRedis(`${node.url},${node.url}`, () => {});
  cleanups.push(() => connection.disconnect());
  await connection.set('before', '1');

  await admin.call('CLUSTER', 'DELSLOTSRANGE', '16000', '16383');
  await until('the Cluster is down', async () => (await state()) === 'fail');
  // As BullMQ renews the blocking connection of a worker: what it awaits has to come to an end.
  connection.disconnect();
  await once(connection, 'end');
  await connection.connect();
  const set = connection.set('after', '2');
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '16000', '16383');
  expect(await set).toBe('OK');
});
