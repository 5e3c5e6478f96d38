import { type Dispatcher, Pool } from 'undici';

export interface OriginPools {
  dispatcherFor(url: URL): Dispatcher;
  /** True when a connection to this origin is open. */
  hasKeptConnection?(url: URL): boolean;
  close(): Promise<void>;
}

/**
 * One pool for each origin, the least recently used idle ones closed over `maxOrigins`. Two origins of one host
 * (http and https, or two ports) do not keep connections side by side: asking one ends the other's idle ones.
 */
export function createOriginPools(options: Pool.Options, maxOrigins: number): OriginPools {
  const pools = new Map<string, Pool>();
  const originsOfHost = new Map<string, Set<string>>();
  const ending = new Set<Promise<void>>();

  const end = (origin: string, pool: Pool) => {
    pools.delete(origin);
    const { hostname } = new URL(origin);
    const origins = originsOfHost.get(hostname);
    origins?.delete(origin);
    if (origins?.size === 0) originsOfHost.delete(hostname);
    const ended = pool.close().finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const isIdle = (pool: Pool) => pool.stats.size === 0;

  const makeRoom = () => {
    for (const [origin, pool] of pools) {
      if (pools.size < maxOrigins) return;
      if (isIdle(pool)) end(origin, pool);
    }
  };

  const create = (url: URL): Pool => {
    makeRoom();
    const pool = new Pool(url.origin, options);
    const origins = originsOfHost.get(url.hostname) ?? new Set();
    originsOfHost.set(url.hostname, origins.add(url.origin));
    return pool;
  };

  return {
    dispatcherFor(url) {
      for (const sibling of originsOfHost.get(url.hostname) ?? []) {
        const pool = sibling === url.origin ? undefined : pools.get(sibling);
        if (pool && isIdle(pool)) end(sibling, pool);
      }
      const pool = pools.get(url.origin) ?? create(url);
      pools.delete(url.origin);
      pools.set(url.origin, pool);
      return pool;
    },
    hasKeptConnection: (url) => (pools.get(url.origin)?.stats.connected ?? 0) > 0,
    async close() {
      for (const [origin, pool] of [...pools]) end(origin, pool);
      await Promise.all(ending);
    },
  };
}
