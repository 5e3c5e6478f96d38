import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startRedis } from '../support/redis-server.ts';

test('each test file has a redis-server of its own, and nothing of it is left', async () => {
  const one = await startRedis();
  const other = await startRedis();
  await one.client().set('key', 'one');
  expect(await other.client().get('key')).toBeNull();
  await one.flush();
  expect(await one.client().get('key')).toBeNull();
  await one.stop();
  await other.stop();
  expect(existsSync(one.path)).toBe(false);
  expect(() => process.kill(one.pid, 0)).toThrow();
});

test('a server with an append-only file has every acknowledged write after kill -9 and a restart', async () => {
  const redis = await startRedis({ appendonly: true });
  const client = redis.client();
  await client.set('key', 'kept');
  const killed = redis.pid;
  await redis.kill();
  await redis.restart();
  expect(redis.pid).not.toBe(killed);
  expect(await client.get('key')).toBe('kept');
  await redis.stop();
});
