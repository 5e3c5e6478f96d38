import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EmbeddedRedis, joinEmbeddedRedis, startEmbeddedRedis } from '../../workers/embedded-redis.ts';
import { endServer, serverPid } from '../../workers/redis-child.ts';

const PROCESS = fileURLToPath(new URL('../support/embedded-worker.ts', import.meta.url));

let root: string;
let dataDir: string;
let said: { level: string; what: object; message: string }[];
const children: ChildProcess[] = [];
const clients: Redis[] = [];
const opened: EmbeddedRedis[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'attache-embedded-'));
  dataDir = join(root, 'data');
  said = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const redis of opened.splice(0)) await redis.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (existsSync(join(dataDir, 'redis'))) await endServer(join(dataDir, 'redis'));
  rmSync(root, { recursive: true, force: true });
});

const say = (level: string) => (what: object, message: string) => void said.push({ level, what, message });
const deps = {
  log: { info: say('info'), warn: say('warn'), error: say('error') },
  serverProgram: async () => 'redis-server',
};

async function open(how: typeof startEmbeddedRedis, dir = dataDir): Promise<EmbeddedRedis> {
  const redis = await how(deps, { dataDir: dir });
  opened.push(redis);
  return redis;
}

function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

interface Answer {
  readonly url: string;
  readonly joined: boolean;
  readonly code?: string;
  readonly message?: string;
}

/** Another process on the same folder, and what it said. */
async function run(how: 'start' | 'join'): Promise<Answer & { readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [PROCESS, dataDir, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Answer) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const pid = (): number | null => serverPid(join(dataDir, 'redis'));

test('what is written is there at the next start, and no server is left in between', async () => {
  const first = await open(startEmbeddedRedis);
  expect(first).toMatchObject({ joined: false, url: join(dataDir, 'redis', 'redis.sock') });
  await connect(first.url).set('article', 'kept');
  await first.stop();
  expect(pid()).toBeNull();
  const second = await open(startEmbeddedRedis);
  expect(second.joined).toBe(false);
  expect(await connect(second.url).get('article')).toBe('kept');
});

test('the server syncs an append-only file each second, keeps no snapshots and never evicts', async () => {
  const client = connect((await open(startEmbeddedRedis)).url);
  expect(await client.config('GET', 'append*')).toContain('yes');
  expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
  expect(await client.config('GET', 'save')).toEqual(['save', '']);
  expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  expect(readFileSync(join(dataDir, 'redis', 'redis.log'), 'utf8')).toMatch(/ready to accept connections/i);
});

test('after kill -9 of the worker the next one takes the server over with all that was written', async () => {
  const worker = await run('start');
  await connect(worker.url).set('article', 'kept');
  const server = pid();
  await end(worker.child, 'SIGKILL');
  const next = await open(startEmbeddedRedis);
  expect(next).toMatchObject({ joined: true, url: worker.url });
  expect(pid()).toBe(server);
  expect(await connect(next.url).get('article')).toBe('kept');
  await next.stop();
  expect(pid()).toBeNull();
});

test('after kill -9 of worker and server the next worker starts one with all that was acknowledged', async () => {
  const worker = await run('start');
  await connect(worker.url).set('article', 'kept');
  process.kill(pid()!, 'SIGKILL');
  await end(worker.child, 'SIGKILL');
  await vi.waitUntil(() => pid() === null, { timeout: 10_000 });
  const next = await open(startEmbeddedRedis);
  expect(next.joined).toBe(false);
  expect(await connect(next.url).get('article')).toBe('kept');
});

test('a second worker on the same data folder is refused, and told which process has it', async () => {
  const worker = await run('start');
  const refused = await run('start');
  expect(refused.code).toBe('in-use');
  expect(refused.message).toContain(`another worker (process ${worker.child.pid}) works on it`);
  expect(await connect(worker.url).ping()).toBe('PONG');
  await end(worker.child, 'SIGTERM');
  expect(pid()).toBeNull();
});

test('a data folder reached through a symbolic link is the same folder', async () => {
  const first = await open(startEmbeddedRedis);
  symlinkSync(dataDir, join(root, 'link'));
  await expect(open(startEmbeddedRedis, join(root, 'link'))).rejects.toMatchObject({ code: 'in-use' });
  expect((await open(joinEmbeddedRedis, join(root, 'link'))).url).toBe(first.url);
});

test('a command joins the running worker, and leaves it its server', async () => {
  const worker = await open(startEmbeddedRedis);
  const server = pid();
  const command = await run('join');
  expect(command).toMatchObject({ joined: true, url: worker.url });
  await end(command.child, 'SIGTERM');
  expect(await connect(worker.url).ping()).toBe('PONG');
  expect(pid()).toBe(server);
});

test('a command without a worker has a server for its own time, and a worker that comes meanwhile keeps it', async () => {
  const command = await run('join');
  expect(command.joined).toBe(false);
  const server = pid();
  const worker = await open(startEmbeddedRedis);
  expect(worker.joined).toBe(true);
  await end(command.child, 'SIGTERM');
  expect(await connect(worker.url).ping()).toBe('PONG');
  expect(pid()).toBe(server);
  await worker.stop();
  expect(pid()).toBeNull();
});

test('processes that start at the same moment share one server', async () => {
  const commands = await Promise.all([run('join'), run('join'), run('start')]);
  expect(commands.map((one) => one.joined).sort()).toEqual([false, true, true]);
  expect(new Set(commands.map((one) => one.url)).size).toBe(1);
});

test('a killed server is started again on the same address, and clients go on', async () => {
  const worker = await open(startEmbeddedRedis);
  const client = connect(worker.url);
  await client.set('article', 'kept');
  const killed = pid()!;
  process.kill(killed, 'SIGKILL');
  await vi.waitUntil(() => pid() !== null && pid() !== killed, { timeout: 10_000 });
  expect(await client.get('article')).toBe('kept');
  expect(said.map((one) => one.level)).toContain('error');
  await worker.stop();
  expect(pid()).toBeNull();
});

test('where the folder is too deep for a socket, the server has a loopback port and a password that no message shows', async () => {
  dataDir = join(root, 'd'.repeat(60), 'e'.repeat(60));
  const worker = await open(startEmbeddedRedis);
  const { port, password, hostname } = new URL(worker.url);
  expect(hostname).toBe('127.0.0.1');
  expect(await connect(worker.url).ping()).toBe('PONG');
  const stranger = new Redis({ port: Number(port), lazyConnect: true, enableReadyCheck: false });
  stranger.on('error', () => {});
  clients.push(stranger);
  await expect(stranger.ping()).rejects.toThrow('NOAUTH');
  expect(JSON.stringify(said)).not.toContain(password);
  const command = await run('join');
  expect(command).toMatchObject({ joined: true, url: worker.url });
});

test('a folder may have any name', async () => {
  for (const name of ['with "quotes" and \\ spaces', 'новини', 'one,two?three']) {
    dataDir = join(root, name);
    const worker = await open(startEmbeddedRedis);
    await connect(worker.url).set('article', 'kept');
    await worker.stop();
    const next = await open(joinEmbeddedRedis, dataDir);
    expect(await connect(next.url).get('article'), name).toBe('kept');
    await next.stop();
  }
});

test('a port that another program took meanwhile is replaced', async () => {
  dataDir = join(root, 'd'.repeat(100));
  const first = await open(startEmbeddedRedis);
  const port = Number(new URL(first.url).port);
  await first.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const next = await open(startEmbeddedRedis);
  expect(Number(new URL(next.url).port)).not.toBe(port);
  expect(await connect(next.url).ping()).toBe('PONG');
  other.close();
});

test('a write that a power cut tore is dropped at the start, and the log says so', async () => {
  const first = await open(startEmbeddedRedis);
  await connect(first.url).set('article', 'kept');
  await connect(first.url).set('torn', 'x'.repeat(100));
  await first.stop();
  const file = join(dataDir, 'redis', 'appendonlydir', incremental());
  truncateSync(file, readFileSync(file).length - 20);
  const next = await open(startEmbeddedRedis);
  expect(await connect(next.url).mget('article', 'torn')).toEqual(['kept', null]);
  expect(said.find((one) => one.level === 'warn')?.message).toContain('torn end was dropped');
});

test('an append-only file that is damaged in the middle stops the start, with the words of the server', async () => {
  const first = await open(startEmbeddedRedis);
  await connect(first.url).set('article', 'kept');
  await first.stop();
  const file = join(dataDir, 'redis', 'appendonlydir', incremental());
  await writeFile(file, `damage\n${await readFile(file, 'utf8')}`);
  await expect(open(startEmbeddedRedis)).rejects.toMatchObject({
    code: 'did-not-start',
    message: expect.stringContaining('redis-check-aof --fix'),
  });
});

test('a data folder that cannot be made is named, with the reason', async () => {
  mkdirSync(dataDir);
  await writeFile(join(dataDir, 'file'), '');
  await expect(open(startEmbeddedRedis, join(dataDir, 'file'))).rejects.toMatchObject({
    code: 'data-folder',
    message: expect.stringContaining(join(dataDir, 'file')),
  });
});

function incremental(): string {
  return readdirSync(join(dataDir, 'redis', 'appendonlydir')).find((name) => name.endsWith('.incr.aof'))!;
}
