import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis, type RedisOptions } from 'ioredis';

/** `replyMapping` chooses the class's type parameter in ioredis 6, and no test needs RESP3's shapes. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

/** A real redis-server of a test's own, on a unix socket in a folder of its own under the system's temp folder. */
export interface TestRedis {
  /** The unix socket. */
  readonly path: string;
  /** What `new Redis(url)` and REDIS_URL take: the socket's path, or `redis://127.0.0.1:port` where a port was asked for. */
  readonly url: string;
  /** The server's process id; another one after `restart`. */
  readonly pid: number;
  /** A connected client, closed by `stop`. Its errors reach the commands that await it; the client itself never throws. */
  client(options?: ClientOptions): Redis;
  /** Empties all databases. */
  flush(): Promise<void>;
  /** kill -9: what a crash leaves is what the append-only file has. */
  kill(): Promise<void>;
  /** Starts the server again on the same socket, port and folder, after `kill`. */
  restart(): Promise<void>;
  /** Closes the clients, ends the server and removes its folder. */
  stop(): Promise<void>;
}

export interface StartRedisOptions {
  /** Keep an append-only file, synced at each write; without it a killed server comes back empty. Default false. */
  readonly appendonly?: boolean;
  /** Listen on 127.0.0.1 on this port as well, for what cannot speak to a socket. Default: no port. */
  readonly port?: number;
  /** Further options of redis-server, which win over the others. */
  readonly args?: readonly string[];
}

// The shell outlives neither side: it ends the server when the test's process is gone, however that went (its end of the pipe closes).
const WATCHDOG =
  'exec 3<&0; "$@" </dev/null & pid=$!; echo "pid $pid"; read -r _ <&3; exec 2>/dev/null; kill -9 $pid; wait $pid';

interface Server {
  readonly watchdog: ChildProcess;
  readonly pid: number;
}

/** Runs `redis-server` with these arguments and resolves once it takes connections. */
async function runServer(args: readonly string[]): Promise<Server> {
  const watchdog = spawn('sh', ['-c', WATCHDOG, 'sh', 'redis-server', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let pid = 0;
  for await (const line of createInterface({ input: watchdog.stdout })) {
    lines.push(line);
    if (line.startsWith('pid ')) pid = Number(line.slice(4));
    if (/ready to accept connections/i.test(line)) {
      watchdog.stdout.resume(); // a full pipe would stop the server
      return { watchdog, pid };
    }
    if (line.includes('not found')) break;
  }
  watchdog.stdin.end();
  throw new Error(`redis-server did not start:\n${lines.join('\n')}`);
}

async function endServer(server: Server): Promise<void> {
  if (server.watchdog.exitCode !== null || server.watchdog.signalCode !== null) return;
  const ended = once(server.watchdog, 'exit');
  server.watchdog.stdin?.end();
  await ended;
}

/**
 * Starts a redis-server for one test file: `const redis = await startRedis()` in beforeAll, `await redis.stop()` in afterAll.
 * Nothing of it is left behind, not even when the test's process is killed (but for an empty folder under the temp folder).
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'attache-redis-'));
  const path = join(dir, 'redis.sock');
  const args = [
    ...['--port', String(options.port ?? 0), '--bind', '127.0.0.1'],
    ...['--unixsocket', path, '--dir', dir, '--save', '', '--maxmemory-policy', 'noeviction'],
    ...['--appendonly', options.appendonly ? 'yes' : 'no', '--appendfsync', 'always'],
    ...(options.args ?? []),
  ];
  let server = await runServer(args);
  const clients = new Set<Redis>();

  const client = (clientOptions: ClientOptions = {}): Redis => {
    const redis = new Redis({ ...clientOptions, path });
    redis.on('error', () => {}); // a killed server is part of some tests; the awaited commands tell
    redis.once('end', () => clients.delete(redis));
    clients.add(redis);
    return redis;
  };

  return {
    path,
    url: options.port === undefined ? path : `redis://127.0.0.1:${options.port}`,
    get pid() {
      return server.pid;
    },
    client,
    async flush() {
      const redis = client();
      await redis.flushall();
      redis.disconnect();
    },
    kill: () => endServer(server),
    async restart() {
      await endServer(server);
      server = await runServer(args);
    },
    async stop() {
      for (const redis of clients) redis.disconnect();
      await endServer(server);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
