/** A number of places that are taken and given back; who finds none waits, first come first served. */
export interface Places {
  /** True: a place was free and is taken. False: `onFree` is called once one has been taken for the caller. */
  take(onFree: () => void): boolean;
  /** Gives a place back, or, with the `onFree` of one who still waits, leaves the queue. */
  leave(onFree: () => void): void;
}

/** Places for `count` at a time. */
export function createPlaces(count: number): Places {
  const holders = new Set<() => void>();
  const waiting = new Set<() => void>();
  return {
    take(onFree) {
      if (holders.size >= count) {
        waiting.add(onFree);
        return false;
      }
      holders.add(onFree);
      return true;
    },
    leave(onFree) {
      waiting.delete(onFree);
      if (!holders.delete(onFree)) return;
      const [next] = waiting;
      if (!next) return;
      waiting.delete(next);
      holders.add(next);
      next();
    },
  };
}
