import { Cluster, Redis } from 'ioredis';

/** What BullMQ and the stores talk to. */
export type RedisConnection = Redis | Cluster;

/**
 * A connection whose peer is gone without a word (a failover, a firewall that forgot it) says nothing for a quarter of an hour of TCP's retransmissions. Longer than
 * BullMQ's longest blocking command, 10 s, and the second after which BullMQ gives it up itself.
 */
const SILENCE_MS = 15_000;

/**
 * While a Cluster elects a new master (its cluster-node-timeout, 15 s by default, and a little) every node sends a command on to the dead one: so long it has to be
 * sent again. ioredis' own patience is 16 times without a pause.
 */
const FAILOVER = {
  /**
   * With ioredis' own check, a `connect()` whose answer is "cluster_state:fail" never ends: a later try connects, but the promise is forgotten. BullMQ awaits it when
   * it renews its blocking connection, and its worker takes no job again. Without the check, commands meet CLUSTERDOWN and are sent again.
   */
  enableReadyCheck: false,
  maxRedirections: 200,
  retryDelayOnMoved: 100,
  retryDelayOnFailover: 200,
  retryDelayOnClusterDown: 200,
} as const;

/**
 * Connects to Redis, Valkey or a Cluster.
 *
 * `url`: `redis://…`, `rediss://…`, a unix socket's path (`/…` or `unix:///…`), or several addresses, comma-separated, for a Cluster.
 * Commands wait through a reconnect (BullMQ's workers demand it); a caller that must not wait bounds its own time.
 * Errors go to `onError`: without a listener ioredis would end the process.
 */
export function connectRedis(url: string, onError: (error: Error) => void): RedisConnection {
  const options = {
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 2000),
  };
  const addresses = url.split(',').map((one) => one.trim());
  const connection =
    addresses.length > 1
      ? new Cluster(addresses, {
          redisOptions: options,
          clusterRetryStrategy: (attempt) => Math.min(100 * attempt, 2000),
          ...FAILOVER,
        })
      : new Redis(socketPath(url) ?? url, options);
  connection.on('error', onError);
  return connection;
}

const socketPath = (url: string): string | null =>
  url.startsWith('unix://') ? url.slice('unix://'.length) : url.startsWith('/') ? url : null;

/** A URL as it may stand in a log: no password. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/([^@/]*)@/g, '//***@');
}
