import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueOptions, queuePrefix } from '../../src/queues/queues.ts';
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
    await until(
      'every connection is closed',
      async () =>
        String(await look.client('LIST'))
          .trim()
          .split('\n').length === 1,
    );
  } finally {
    look.disconnect();
    taken.close();
    await config.remove();
  }
});

test('a delivery around which something breaks waits and is tried again', async () => {
  const connection = connectRedis(redis.url, () => {});
  const queue = new Queue('deliver', queueOptions('deliver', { connection, prefix: queuePrefix('backoff') }));
  const workers = runQueueWorkers(
    { connection, prefix: queuePrefix('backoff'), log: pino({ level: 'silent' }), onGivenUp: () => {} },
    [{ queue: 'deliver', concurrency: 1, process: () => Promise.reject(new Error('the store is away')) }],
  );
  try {
    const job = await queue.add('story.matched', {});
    await until('the job is delayed', () => job.isDelayed());
  } finally {
    await workers.close(5000);
    await queue.close();
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
