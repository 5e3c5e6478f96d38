import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const LARGEST_LOG_BYTES = 5 * 1024 * 1024;
const LOOK_AGAIN_MS = 20;
const ANSWER_WITHIN_MS = 10_000;
const END_WITHIN_MS = 10_000;

/** Starts the server on the redis.conf in `folder`, in a session of its own: Ctrl-C at the terminal must not reach it before the worker is done. */
export function spawnServer(program: string, folder: string): ChildProcess {
  const log = join(folder, 'redis.log');
  if (sizeOf(log) > LARGEST_LOG_BYTES) renameSync(log, `${log}.1`);
  const child = spawn(program, [join(folder, 'redis.conf')], { cwd: folder, detached: true, stdio: 'ignore' });
  child.unref();
  return child;
}

/** Resolves to null once the server at `url` answers (loading may take long), or to a reason when its process ended before. */
export async function untilReady(child: ChildProcess, url: string): Promise<string | null> {
  let failed: string | null = null;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', (code, signal) => {
    failed = `it ended with ${signal ?? `exit code ${code}`}`;
  });
  for (;;) {
    if (failed !== null) return failed;
    if ((await stateOf(url)) === 'ready') return null;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Whether a server answers at `url`. A socket or port without a listener is `absent` at once; one that says nothing for ten seconds is too. */
export async function stateOf(url: string): Promise<'ready' | 'loading' | 'absent'> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: ANSWER_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    disconnectTimeout: 1, // else a failed connection's timer keeps the process for two seconds
  });
  redis.on('error', () => {}); // the answer is the command's
  try {
    await redis.connect();
    await redis.ping();
    return 'ready';
  } catch (error) {
    return error instanceof Error && /^(LOADING|BUSY)/.test(error.message) ? 'loading' : 'absent';
  } finally {
    redis.disconnect();
  }
}

/**
 * The process id of a server that runs in `folder`, by the id file it keeps there; null when there is none.
 * After a restart of the machine the id may be another program's: only a redis-server or valkey-server that works in this folder counts.
 */
export function serverPid(folder: string): number | null {
  const pid = Number(contentsOf(join(folder, 'redis.pid')));
  return Number.isInteger(pid) && pid > 1 && isServerIn(pid, folder) ? pid : null;
}

/** A file's bytes, none when there is no file: one look, since the server may remove it between two. */
function contentsOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function isServerIn(pid: number, folder: string): boolean {
  if (existsSync('/proc/self/cwd')) {
    try {
      const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return /(redis|valkey)-server/.test(name) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // gone, or somebody else's
    }
  }
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return /(redis|valkey)-server/.test(stdout ?? '');
}

/** Ends the server that runs in `folder`, first with SIGTERM (it syncs its file), after ten seconds with SIGKILL. */
export async function endServer(folder: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const pid = serverPid(folder);
    if (pid === null) return;
    signalServer(pid, signal);
    if (await untilGone(folder, END_WITHIN_MS)) return;
  }
}

function signalServer(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ended by itself meanwhile
  }
}

/** Whether the server that runs in `folder` ends within the time. */
export async function untilGone(folder: string, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(LOOK_AGAIN_MS)) {
    if (serverPid(folder) === null) return true;
  }
  return false;
}

/** How long the server's log is now, so that what a start adds can be told from what was there. */
export function logSize(folder: string): number {
  return sizeOf(join(folder, 'redis.log'));
}

/** The lines of the server's log after its first `from` bytes. */
export function logSince(folder: string, from: number): string[] {
  const bytes = contentsOf(join(folder, 'redis.log'));
  return bytes
    .subarray(from <= bytes.length ? from : 0)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
