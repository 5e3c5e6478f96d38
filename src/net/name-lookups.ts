import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';

/** Resolves a name to all its addresses, as `dns.lookup` does with `all: true`. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface NameLookups {
  readonly lookup: LookupAll;
  /** True while an answer for this name is waited for: whoever gives up now has not asked the host anything. */
  isPending(hostname: string): boolean;
}

type Callback = Parameters<LookupAll>[2];

/**
 * Look-ups of names, each name once at a time: the system's resolver has four threads for the whole process (libuv's pool), and while the network is down each
 * look-up holds one for seconds, longer than whoever asked still waits.
 */
export function createNameLookups(lookup: LookupAll = systemLookup as LookupAll): NameLookups {
  const waiting = new Map<string, Callback[]>();
  const names = new Map<string, number>();
  const count = (hostname: string, by: 1 | -1): void => {
    const pending = (names.get(hostname) ?? 0) + by;
    if (pending > 0) names.set(hostname, pending);
    else names.delete(hostname);
  };
  return {
    isPending: (hostname) => names.has(hostname),
    lookup(hostname, options, callback) {
      const key = `${hostname} ${options.family ?? 0} ${options.hints ?? 0}`;
      const callbacks = waiting.get(key);
      if (callbacks) {
        callbacks.push(callback);
        return;
      }
      const mine: Callback[] = [callback];
      waiting.set(key, mine);
      count(hostname, 1);
      lookup(hostname, options, (error, addresses) => {
        waiting.delete(key);
        count(hostname, -1);
        for (const answer of mine) answer(error, addresses);
      });
    },
  };
}
