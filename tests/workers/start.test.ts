import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueues } from '../../src/queues/open-queues.ts';
import type { DeliverJob } from '../../src/queues/payloads.ts';
import { queuePrefix } from '../../src/queues/queues.ts';
import { connectRedis } from '../../src/queues/redis-connection.ts';
import { errorForLog } from '../../workers/logger.ts';
import { runQueueWorkers } from '../../workers/run-queue-workers.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { startTestWorker, writeTestConfig } from '../support/test-worker.ts';
import { until } from '../support/until.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});

test('a worker whose HTTP address is taken does not start, and leaves no connection behind', async () => {
  const taken = await listen();
  const { port } = taken.address() as AddressInfo;
  const config = await writeTestConfig({ feeds: [], watches: [], ports: [], knowledge: false, http: { port } });
  const look = new Redis(redis.url);
  try {
    await expect(startTestWorker({ configDir: config.dir, redisUrl: redis.url })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await onlyConnection(look);
  } finally {
    look.disconnect();
    taken.close();
    await config.remove();
  }
});

test('a worker whose feeds cannot be stored does not start, and leaves no connection behind', async () => {
  const config = await writeTestConfig({
    feeds: [{ id: 'outlet', url: 'https://outlet.example/feed' }],
    watches: [],
    ports: [],
    knowledge: false,
  });
  const look = new Redis(redis.url);
  try {
    await look.set('attache:{feeds}:v1:url', 'not what belongs there');
    await expect(startTestWorker({ configDir: config.dir, redisUrl: redis.url })).rejects.toThrow(/WRONGTYPE/);
    await onlyConnection(look);
  } finally {
    await look.flushall();
    look.disconnect();
    await config.remove();
  }
});

test('a delivery around which something breaks waits and is tried again', async () => {
  const connection = connectRedis(redis.url, () => {});
  const queues = openQueues(connection, 'backoff', () => {});
  const prefix = queuePrefix('backoff');
  const log = pino({ level: 'silent' });
  const workers = runQueueWorkers({ connection, queues, prefix, log, onGivenUp: () => {}, onReplaced: () => {} }, [
    { queue: 'deliver', concurrency: 1, process: () => Promise.reject(new Error('the store is away')) },
  ]);
  try {
    const job = await queues.deliver.add('story.matched', {} as DeliverJob);
    await until('the job is delayed', () => job.isDelayed());
  } finally {
    await workers.close(5000);
    await queues.close();
    connection.disconnect();
  }
});

test('an error of Redis is logged without the arguments of its command: one of them may be the password', async () => {
  const client = new Redis(redis.url);
  const refused: unknown = await client.call('AUTH', 'nobody', 'hunter2').catch((error: unknown) => error);
  client.disconnect();
  expect(JSON.stringify({ ...(refused as object) })).toContain('hunter2');
  const logged = JSON.stringify(errorForLog(new AggregateError([refused], 'all failed')));
  expect(logged).toContain('WRONGPASS');
  expect(logged).not.toContain('hunter2');
  expect(JSON.stringify(errorForLog(refused))).not.toContain('hunter2');
});

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function onlyConnection(look: Redis): Promise<void> {
  const list = async () =>
    String(await look.client('LIST'))
      .trim()
      .split('\n');
  await until('every other connection is closed', async () => (await list()).length === 1);
}
