import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { writeTestConfig, writeTestFiles } from '../support/test-worker.ts';

test('a signal that comes by two ways at once (a process group, and npm that passes it on) stops the worker in order', async () => {
  const redis = await startRedis();
  const config = await writeTestConfig({ feeds: [], watches: [], ports: [], knowledge: false });
  const child = spawn(process.execPath, [join(ROOT, 'cli/attache.mjs'), 'start', '--config', config.dir], {
    env: { ...process.env, REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  try {
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      lines.push(line);
      if (!line.includes('"listening"')) continue;
      child.kill('SIGTERM');
      child.kill('SIGINT');
    }
    expect(lines.at(-1)).toContain('"stopped"');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await config.remove();
    await redis.stop();
  }
}, 60_000);

test('a stop does not wait for a reload that waits for a Redis that is gone without a word', async () => {
  const redis = await startRedis();
  const line = await startTcpProxy(redis.path);
  const files = { feeds: [], watches: [], ports: [], knowledge: false };
  const config = await writeTestConfig(files);
  const child = spawn(
    process.execPath,
    [join(ROOT, 'cli/attache.mjs'), 'start', '--config', config.dir, '--roles', 'http'],
    { env: { ...process.env, REDIS_URL: `redis://127.0.0.1:${line.port}` }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'close');
  try {
    const lines: string[] = [];
    for await (const text of createInterface({ input: child.stderr })) {
      lines.push(text);
      if (text.includes('"listening"')) {
        line.become('hang');
        await writeTestFiles(config.dir, { ...files, poll: { minInterval: '1m' } });
      }
      if (text.includes('"settings taken over"')) child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
    expect(lines.join('\n')).toContain('"stopped"');
  } finally {
    child.kill('SIGKILL');
    await line.close();
    await config.remove();
    await redis.stop();
  }
}, 60_000);
