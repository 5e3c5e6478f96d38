import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type FileLock, fileLock, tryFileLock } from './file-lock.ts';
import { type EmbeddedRedisDeps, EmbeddedRedisError, type Opened, openRedis } from './open-redis.ts';
import { endServer, serverPid, untilGone } from './redis-child.ts';

export interface EmbeddedRedisInput {
  /** The worker's data folder, created when missing; the server's files are in `redis/` below it. */
  readonly dataDir: string;
}

/** The server under a data folder, while this process uses it. */
export interface EmbeddedRedis {
  /** A unix socket's path, or `redis://:password@127.0.0.1:port` where the path is too long for one. Constant while this process uses it. */
  readonly url: string;
  /** Whether the server ran already: a worker's, a command's, or one that a killed process left. */
  readonly joined: boolean;
  /** Ends this process's use, and the server with it unless another process uses it. */
  stop(): Promise<void>;
}

/** Every process that uses the server keeps one connection with this name: the server itself knows who is there, and forgets the killed. */
const USER_NAME = 'attache-user';
const SIGN_IN_ATTEMPTS = 3;
const STOP_WITHIN_MS = 10_000;
const RESTART_PAUSES_MS = [0, 500, 1000, 2000, 5000];

/**
 * The embedded server for a worker: started, or taken over from a process that was killed. One worker at a time on a data folder.
 *
 * @throws {EmbeddedRedisError} `in-use` while another worker lives, `data-folder`, `did-not-start`
 */
export async function startEmbeddedRedis(deps: EmbeddedRedisDeps, input: EmbeddedRedisInput): Promise<EmbeddedRedis> {
  const dataDir = makeFolder(input.dataDir);
  const lock = tryFileLock(join(dataDir, 'worker.lock'));
  const pidFile = join(dataDir, 'worker.pid');
  if (lock === null) throw inUse(dataDir, pidFile);
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
    const redis = await useServer(deps, dataDir);
    let stopped = false;
    return {
      ...redis,
      async stop() {
        if (stopped) return;
        stopped = true;
        await redis.stop();
        rmSync(pidFile, { force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The embedded server for a command: that of the running worker, else one for the command's own time.
 *
 * @throws {EmbeddedRedisError} `data-folder`, `did-not-start`
 */
export async function joinEmbeddedRedis(deps: EmbeddedRedisDeps, input: EmbeddedRedisInput): Promise<EmbeddedRedis> {
  return useServer(deps, makeFolder(input.dataDir));
}

function inUse(dataDir: string, pidFile: string): EmbeddedRedisError {
  const pid = existsSync(pidFile) ? ` (process ${readFileSync(pidFile, 'utf8').trim()})` : '';
  return new EmbeddedRedisError(
    'in-use',
    `data folder ${dataDir}: another worker${pid} works on it; stop that one first, or give this one a data folder of its own or a REDIS_URL`,
  );
}

/** Makes the folder and returns its one true path: the same server must be found through a symbolic link. */
function makeFolder(dataDir: string): string {
  try {
    mkdirSync(join(dataDir, 'redis'), { recursive: true, mode: 0o700 });
    return realpathSync(dataDir);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedRedisError('data-folder', `data folder ${dataDir} cannot be made: ${reason}`, { cause: error });
  }
}

async function useServer(deps: EmbeddedRedisDeps, dataDir: string): Promise<EmbeddedRedis> {
  const folder = join(dataDir, 'redis');
  // Held while the server is looked for, started or ended, so that two processes never start two servers on one file.
  const gate = (): Promise<FileLock> => fileLock(join(dataDir, 'redis.lock'));
  const enter = async (): Promise<Use> => {
    const lock = await gate();
    try {
      for (let attempt = 1; ; attempt++) {
        const opened = await openRedis(deps, folder);
        try {
          return { ...opened, connection: await signIn(opened.url) };
        } catch (error) {
          if (attempt === SIGN_IN_ATTEMPTS) throw error; // killed between its first answer and this; the next one lives longer
        }
      }
    } finally {
      lock.release();
    }
  };

  let use = await enter();
  const { url, joined } = use;
  if (joined) deps.log.info({ folder, pid: serverPid(folder) }, 'joined the embedded redis-server that runs already');
  const halt = new AbortController();
  let restart: Promise<void> = Promise.resolve();
  const watch = (): void => {
    use.connection.once('end', () => {
      if (!halt.signal.aborted) restart = enterAgain();
    });
  };
  const enterAgain = async (): Promise<void> => {
    deps.log.error({ folder }, 'the embedded redis-server is gone; starting it again');
    for (let attempt = 0; !halt.signal.aborted; attempt++) {
      const pauseMs = RESTART_PAUSES_MS[Math.min(attempt, RESTART_PAUSES_MS.length - 1)];
      await sleep(pauseMs, undefined, { signal: halt.signal }).catch(() => {});
      try {
        use = await enter();
        watch();
        if (use.url !== url) deps.log.error({ folder }, 'its port is taken by another program; restart the worker');
        return;
      } catch (error) {
        deps.log.error({ err: error, folder }, 'the embedded redis-server did not start again; trying on');
      }
    }
  };
  watch();

  return {
    url,
    joined,
    async stop() {
      if (halt.signal.aborted) return;
      halt.abort();
      await restart;
      const lock = await gate();
      try {
        await leave(deps, use, folder);
      } finally {
        lock.release();
      }
    },
  };
}

interface Use extends Opened {
  readonly connection: Redis;
}

/** The connection that marks this process as a user of the server, open for as long as the use lasts. */
async function signIn(url: string): Promise<Redis> {
  const options = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, disconnectTimeout: 100 };
  const connection = new Redis(url, options);
  connection.on('error', () => {}); // its end is what counts
  await connection.connect();
  await connection.client('SETNAME', USER_NAME);
  return connection;
}

/** Ends the server when nobody else uses it. The caller holds the gate. */
async function leave(deps: EmbeddedRedisDeps, use: Use, folder: string): Promise<void> {
  const { connection } = use;
  try {
    if (connection.status !== 'ready' || (await countUsers(connection)) > 1) return;
    await connection.shutdown().catch(() => {}); // it answers by closing
    if (await untilGone(folder, STOP_WITHIN_MS)) return;
    deps.log.warn({ folder }, 'the embedded redis-server did not end when asked; ending it by signal');
    await endServer(folder);
  } finally {
    connection.disconnect();
  }
}

async function countUsers(connection: Redis): Promise<number> {
  const clients = String(await connection.client('LIST'));
  return clients.split('\n').filter((line) => line.split(' ').includes(`name=${USER_NAME}`)).length;
}
