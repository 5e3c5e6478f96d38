import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { startRedis } from '../support/redis-server.ts';
import { writeTestConfig } from '../support/test-worker.ts';

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
