/** Where the embedded server listens: a socket in its own folder, or, where that path cannot be one, a loopback port with a password. */
export type ServerAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number; readonly password: string };

/** sun_path of unix(7) has 108 bytes with the final zero on Linux, 104 on macOS and the BSDs. */
const LONGEST_SOCKET_PATH_BYTES = 103;

/** Whether a unix socket can be at `path`, and a client be told so in one word (`,` parts a Cluster's addresses, `?` starts options). */
export function canBeSocket(path: string): boolean {
  return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH_BYTES && !/[,?]/.test(path);
}

/** What a client connects to: the socket's path or `redis://:password@127.0.0.1:port`. */
export function urlOf(address: ServerAddress): string {
  return address.kind === 'socket' ? address.path : `redis://:${address.password}@127.0.0.1:${address.port}`;
}

/**
 * The whole redis.conf (redis.io/docs/latest/operate/oss_and_stack/management/config): nothing is left to a server's own defaults that a promise rests on.
 *
 * - appendfsync everysec: kill -9 of the server loses nothing that was acknowledged, a power cut at most the last second
 * - aof-load-truncated: a last write that a power cut tore is dropped at the start, and the log says so
 * - noeviction: a full memory is an error, not a silent loss of jobs
 *
 * `folder`: absolute; holds the append-only files, the log and the process id.
 */
export function redisConf(address: ServerAddress, folder: string): string {
  const listen =
    address.kind === 'socket'
      ? ['port 0', `unixsocket ${quoted(address.path)}`, 'unixsocketperm 700']
      : [`port ${address.port}`, 'bind 127.0.0.1', `requirepass ${address.password}`];
  return [
    ...listen,
    `dir ${quoted(folder)}`,
    'logfile "redis.log"',
    'pidfile "redis.pid"',
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'aof-load-truncated yes',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** redis.conf's double quotes know \" and \\ only among the characters that a path has. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
