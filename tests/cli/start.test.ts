import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { writeTestConfig, writeTestFiles } from '../support/test-worker.ts';
import { until } from '../support/until.ts';

/** Within the test's time: one that hangs must not outlive it. */
const LIMIT = { timeout: 45_000, killSignal: 'SIGKILL' } as const;

test('a signal that comes by two ways at once (a process group, and npm that passes it on) stops the worker in order', async () => {
  const redis = await startRedis();
  const config = await writeTestConfig({ feeds: [], watches: [], ports: [], knowledge: false });
  const child = spawn(process.execPath, [join(ROOT, 'cli/attache.mjs'), 'start', '--config', config.dir], {
    env: { ...process.env, REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...LIMIT,
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
    {
      env: { ...process.env, REDIS_URL: `redis://127.0.0.1:${line.port}` },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...LIMIT,
    },
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

test('a signal to npm alone stops the worker: none is left without its parent', async () => {
  const redis = await startRedis();
  const config = await writeTestConfig({ feeds: [], watches: [], ports: [], knowledge: false });
  const args = ['start', '--silent', '--', '--config', config.dir, '--roles', 'http'];
  const child = spawn('npm', args, {
    cwd: ROOT,
    env: { ...process.env, REDIS_URL: redis.url },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...LIMIT,
  });
  const lines: string[] = [];
  let pid = 0;
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      lines.push(line);
      if (!line.includes('"listening"')) continue;
      pid = JSON.parse(line).pid;
      child.kill('SIGTERM');
      await once(child, 'exit');
      break;
    }
    await until('the worker is gone', () => !isRunning(pid));
  } finally {
    if (pid !== 0 && isRunning(pid)) process.kill(pid, 'SIGKILL');
    await config.remove();
    await redis.stop();
  }
}, 60_000);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
