import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './checkout.ts';
import type { CrashMessage, CrashSettings, KillPoint, LastWords, SourcePatch } from './crash-edge.ts';

/**
 * What a killed process leaves behind is taken up when its locks and leases run out: 10 s and two minutes, too long to wait for at each kill. A process under
 * test has the same code with these times shortened.
 */
export const SHORT_WAITS: readonly SourcePatch[] = [
  { file: 'src/queues/queues.ts', find: 'lockDuration: 10_000', replace: 'lockDuration: 1_500' },
  { file: 'src/queues/queues.ts', find: 'lockRenewTime: 3_000', replace: 'lockRenewTime: 750' },
  { file: 'src/queues/queues.ts', find: 'stalledInterval: 2_500', replace: 'stalledInterval: 400' },
  { file: 'workers/schedule.ts', find: 'CLAIM_LEASE_MS = 120_000', replace: 'CLAIM_LEASE_MS = 3_000' },
];

export interface CrashWorkerOptions {
  readonly configDir: string;
  readonly redisUrl: string;
  readonly roles?: string;
  readonly patches?: readonly SourcePatch[];
  readonly env?: NodeJS.ProcessEnv;
}

/** One process of `attache start`, loaded and waiting for `run`. */
export interface CrashWorker {
  readonly pid: number;
  /** What it logged: JSON lines, and whatever else it wrote to stderr. */
  readonly lines: readonly string[];
  /** Lets it start, killed at the point where one is given. */
  run(kill?: KillPoint | null): void;
  /** Sets a point in a running process; null takes it away. */
  aim(kill: KillPoint | null): void;
  /** What it said at its kill point, when it has reached it. */
  lastWords(): LastWords | null;
  /** Whether it lives. */
  alive(): boolean;
  /** Resolves with its end. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly lastWords: LastWords | null;
  }>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** Loading the program is most of what a process under test costs; compiled once, it costs half. */
export const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'attache-compile');

/** Starts the program up to the point where all its modules are loaded. */
export function spawnCrashWorker(options: CrashWorkerOptions): CrashWorker {
  const { configDir, redisUrl, roles, patches = SHORT_WAITS, env = {} } = options;
  const preload = new URL('./crash-preload.ts', import.meta.url);
  const settings: CrashSettings = { patches };
  preload.searchParams.set('settings', JSON.stringify(settings));
  const child: ChildProcess = spawn(
    process.execPath,
    [
      ...['--import', preload.href, join(ROOT, 'cli', 'attache.mjs'), 'start', '--config', configDir],
      ...(roles === undefined ? [] : ['--roles', roles]),
    ],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env, REDIS_URL: redisUrl, TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  child.on('error', () => {}); // a message to one that has just died; its end tells
  const lines: string[] = [];
  let lastWords: LastWords | null = null;
  createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stdio[3] as NodeJS.ReadableStream }).on('line', (line) => {
    lastWords = JSON.parse(line) as LastWords;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    lastWords,
  }));
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  const send = (message: CrashMessage): void => {
    if (child.connected) child.send(message, () => {});
  };
  return {
    pid: child.pid!,
    lines,
    run: (kill = null) => send({ kill }),
    aim: (kill) => send({ kill }),
    lastWords: () => lastWords,
    alive,
    ended,
    signal: (signal) => void child.kill(signal),
    async kill() {
      if (alive()) child.kill('SIGKILL');
      await ended;
    },
  };
}
